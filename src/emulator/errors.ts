/** The errors of the API, in its own words where those are known. */
import { ownValue } from '../lib/json.ts';

/** An error that the API answers with. */
export class ApiError extends Error {
  readonly code: number;
  readonly status: string;
  readonly details: readonly object[];
  constructor(code: number, status: string, message: string, details: readonly object[] = []) {
    super(message);
    this.code = code;
    this.status = status;
    this.details = details;
  }

  body(): object {
    const { code, message, status, details } = this;
    return { error: { code, message, status, ...(details.length > 0 ? { details } : {}) } };
  }
}

/** What is wrong with one field; `field` is a snake_case path, absent at the root. */
export interface Violation {
  readonly field?: string;
  readonly description: string;
}

const rpc = (name: string): string => `type.googleapis.com/google.rpc.${name}`;
const service = 'generativelanguage.googleapis.com';

/** 400 without details: the request can be read and makes no sense. */
export function invalid(message = 'Request contains an invalid argument.'): ApiError {
  return new ApiError(400, 'INVALID_ARGUMENT', message);
}

/** 400 for one field: `path` is the message's name and the snake_case path. */
export function invalidField(path: string, words: string): ApiError {
  return invalid(`* ${path}: ${words}\n`);
}

/** The path of a field, as in {@link invalidField}, and what is wrong with it. */
export type FieldError = readonly [path: string, words: string];

/** Throws one 400 for all errors, a line each; nothing if there are none. */
export function throwAll(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(errors.map(([path, words]) => `* ${path}: ${words}\n`).join(''));
}

/** 400 for fields that cannot be read. */
export function badRequest(violations: readonly Violation[]): ApiError {
  return new ApiError(400, 'INVALID_ARGUMENT', violations.map(({ description }) => description).join('\n'), [
    { '@type': rpc('BadRequest'), fieldViolations: violations },
  ]);
}

/** 400 for a body that is not JSON. */
export function invalidJson(words: string): ApiError {
  return badRequest([{ description: `Invalid JSON payload received. ${words}` }]);
}

/** 400: a bad key. */
export function badKey(): ApiError {
  return apiError(400, {
    reason: 'API_KEY_INVALID',
    message: 'API key not valid. Please pass a valid API key.',
  });
}

/** 401: a bad bearer token. */
export function badToken(): ApiError {
  return new ApiError(
    401,
    'UNAUTHENTICATED',
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
  );
}

/** 403: no key. */
export function noKey(): ApiError {
  return new ApiError(
    403,
    'PERMISSION_DENIED',
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
  );
}

/** 404: unknown model, or not for this method. `model` is its resource name. */
export function unknownModel(model: string, version: string, method: string): ApiError {
  return new ApiError(
    404,
    'NOT_FOUND',
    `${model} is not found for API version ${version}, or is not supported for ${method}. Call ListModels to see the list of available models and their supported methods.`,
  );
}

/** 404 of models.get. */
export function noSuchModel(model: string, version: string): ApiError {
  return new ApiError(404, 'NOT_FOUND', `Model is not found: ${model} for api version ${version}`);
}

/** 501: a part of the API that the emulator does not have. */
export function notImplemented(what: string): ApiError {
  return new ApiError(501, 'UNIMPLEMENTED', `${what} is not part of this emulator.`);
}

/** A quota that is used up. */
interface ExhaustedQuota {
  readonly model: string;
  readonly kind: 'perMinute' | 'perDay' | 'inputTokens';
  /** Absent: the message names no limit. */
  readonly limit?: number | undefined;
  /** A duration, as `7.5s`. */
  readonly retryDelay: string;
}

/** 429: what is used up, and when to try again. */
export function quotaExceeded({ model, kind, limit, retryDelay }: ExhaustedQuota): ApiError {
  const tokens = kind === 'inputTokens';
  const quotaMetric = `${service}/generate_content_free_tier_${tokens ? 'input_token_count' : 'requests'}`;
  const quotaId = tokens
    ? 'GenerateContentInputTokensPerModelPerMinute-FreeTier'
    : `GenerateRequestsPer${kind === 'perDay' ? 'Day' : 'Minute'}PerProjectPerModel-FreeTier`;
  return new ApiError(
    429,
    'RESOURCE_EXHAUSTED',
    `You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits. To monitor your current usage, head to: https://ai.dev/rate-limit. \n* Quota exceeded for metric: ${quotaMetric}${limit === undefined ? '' : `, limit: ${limit}`}, model: ${model}\nPlease retry in ${retryDelay}.`,
    [
      {
        '@type': rpc('Help'),
        links: [
          {
            description: 'Learn more about Gemini API quotas',
            url: 'https://ai.google.dev/gemini-api/docs/rate-limits',
          },
        ],
      },
      {
        '@type': rpc('QuotaFailure'),
        violations: [
          {
            quotaMetric,
            quotaId,
            quotaDimensions: { location: 'global', model },
            // The service leaves out a value of 0.
            ...(limit ? { quotaValue: String(limit) } : {}),
          },
        ],
      },
      { '@type': rpc('RetryInfo'), retryDelay },
    ],
  );
}

/** Status and message of each code, where nothing else is given. */
const defaults: Record<number, readonly [status: string, message: string]> = {
  400: ['INVALID_ARGUMENT', 'Request contains an invalid argument.'],
  401: ['UNAUTHENTICATED', badToken().message],
  403: ['PERMISSION_DENIED', 'The caller does not have permission'],
  404: ['NOT_FOUND', 'Requested entity was not found.'],
  408: ['DEADLINE_EXCEEDED', 'The request timed out.'],
  429: ['RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).'],
  499: ['CANCELLED', 'The operation was cancelled.'],
  500: ['INTERNAL', 'An internal error has occurred.'],
  501: ['UNIMPLEMENTED', 'Operation is not implemented, or supported, or enabled.'],
  502: ['UNAVAILABLE', 'Bad gateway.'],
  503: [
    'UNAVAILABLE',
    'This model is currently experiencing high demand. Spikes in demand are usually temporary. Please try again later.',
  ],
  504: ['DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.'],
};
const codes: Record<string, number> = { FAILED_PRECONDITION: 400 };
for (const [code, [status]] of Object.entries(defaults)) codes[status] ??= Number(code);
codes.DEADLINE_EXCEEDED = 504;
codes.UNAVAILABLE = 503;

interface ErrorOptions {
  readonly status?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly retryDelay?: string;
  readonly details?: readonly object[];
}

/** The HTTP code of a status; 500 for an unknown one. */
export function codeOf(status: string): number {
  return ownValue(codes, status) ?? 500;
}

/** An error of any code, with the service's own message unless another is given. */
export function apiError(code: number, words: ErrorOptions = {}): ApiError {
  const disabled = words.reason === 'SERVICE_DISABLED';
  const keyless = words.reason === 'API_KEY_INVALID';
  const [status, usual] = defaults[code] ?? ['UNKNOWN', 'Unknown error.'];
  const console =
    'https://console.developers.google.com/apis/api/generativelanguage.googleapis.com/overview?project=0';
  const message =
    words.message ??
    (disabled
      ? `Generative Language API has not been used in project 0 before or it is disabled. Enable it by visiting ${console} then retry.`
      : keyless
        ? 'API key not valid. Please pass a valid API key.'
        : words.status === 'FAILED_PRECONDITION'
          ? 'User location is not supported for the API use.'
          : usual);
  return new ApiError(code, words.status ?? status, message, [
    ...(disabled
      ? [
          {
            '@type': rpc('Help'),
            links: [{ description: 'Google developers console API activation', url: console }],
          },
        ]
      : []),
    ...(words.reason === undefined
      ? []
      : [
          {
            '@type': rpc('ErrorInfo'),
            reason: words.reason,
            domain: 'googleapis.com',
            metadata: { service, ...(disabled ? { consumer: 'projects/0' } : {}) },
          },
        ]),
    ...(keyless ? [{ '@type': rpc('LocalizedMessage'), locale: 'en-US', message }] : []),
    ...(words.retryDelay === undefined ? [] : [{ '@type': rpc('RetryInfo'), retryDelay: words.retryDelay }]),
    ...(words.details ?? []),
  ]);
}
