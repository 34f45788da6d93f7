/** The errors the API answers, in its own words where those are known. */
import { ownValue } from '../lib/json.ts';

/** An error as the API answers it. */
export class ApiFailure extends Error {
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

/** One thing wrong with one field; `field` is a snake_case path, absent at the root. */
export interface Violation {
  readonly field?: string;
  readonly description: string;
}

const rpc = (name: string): string => `type.googleapis.com/google.rpc.${name}`;
const service = 'generativelanguage.googleapis.com';

/** 400 without details: what the service says of a request that reads well and makes no sense. */
export function invalid(message = 'Request contains an invalid argument.'): ApiFailure {
  return new ApiFailure(400, 'INVALID_ARGUMENT', message);
}

/** 400 of the rules that belong to one field of a message: `path` is the message's name and the snake_case path. */
export function broken(path: string, words: string): ApiFailure {
  return invalid(`* ${path}: ${words}\n`);
}

/** One slip of a request: the message's name and snake_case path, and what is wrong there. */
export type Slip = readonly [path: string, words: string];

/** Throws the 400 that tells all slips, a line each; nothing where there are none. */
export function refuseAll(slips: readonly Slip[]): void {
  if (slips.length > 0) throw invalid(slips.map(([path, words]) => `* ${path}: ${words}\n`).join(''));
}

/** 400 for fields that cannot be read, one violation each, their words joined by line ends. */
export function unreadable(violations: readonly Violation[]): ApiFailure {
  return new ApiFailure(
    400,
    'INVALID_ARGUMENT',
    violations.map(({ description }) => description).join('\n'),
    [{ '@type': rpc('BadRequest'), fieldViolations: violations }],
  );
}

/** 400 for a body that is no JSON. */
export function invalidJson(words: string): ApiFailure {
  return unreadable([{ description: `Invalid JSON payload received. ${words}` }]);
}

/** 400: the key is none. */
export function badKey(): ApiFailure {
  return scripted(400, {
    reason: 'API_KEY_INVALID',
    message: 'API key not valid. Please pass a valid API key.',
  });
}

/** 401: the bearer token is none. */
export function badToken(): ApiFailure {
  return new ApiFailure(
    401,
    'UNAUTHENTICATED',
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
  );
}

/** 403: there is no key. */
export function noKey(): ApiFailure {
  return new ApiFailure(
    403,
    'PERMISSION_DENIED',
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
  );
}

/** 404: no such model, or not for this method. `model` is its resource name. */
export function unknownModel(model: string, version: string, method: string): ApiFailure {
  return new ApiFailure(
    404,
    'NOT_FOUND',
    `${model} is not found for API version ${version}, or is not supported for ${method}. Call ListModels to see the list of available models and their supported methods.`,
  );
}

/** 404 of models.get, which has words of its own. */
export function noSuchModel(model: string, version: string): ApiFailure {
  return new ApiFailure(404, 'NOT_FOUND', `Model is not found: ${model} for api version ${version}`);
}

/** 501: a part of the API that the emulator leaves out. */
export function notBuilt(what: string): ApiFailure {
  return new ApiFailure(501, 'UNIMPLEMENTED', `${what} is not part of this emulator.`);
}

/** What a 429 of the service says is used up. */
export interface Exhausted {
  readonly model: string;
  readonly kind: 'perMinute' | 'perDay' | 'inputTokens';
  /** Left out: no limit is named. */
  readonly limit?: number | undefined;
  /** A duration, as `7.5s`. */
  readonly retryDelay: string;
}

/** 429: what is used up, and when to come again. */
export function quotaExceeded({ model, kind, limit, retryDelay }: Exhausted): ApiFailure {
  const tokens = kind === 'inputTokens';
  const quotaMetric = `${service}/generate_content_free_tier_${tokens ? 'input_token_count' : 'requests'}`;
  const quotaId = tokens
    ? 'GenerateContentInputTokensPerModelPerMinute-FreeTier'
    : `GenerateRequestsPer${kind === 'perDay' ? 'Day' : 'Minute'}PerProjectPerModel-FreeTier`;
  return new ApiFailure(
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

/** What the service says where a script gives a code alone. */
const ordinary: Record<number, readonly [status: string, message: string]> = {
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
for (const [code, [status]] of Object.entries(ordinary)) codes[status] ??= Number(code);
codes.DEADLINE_EXCEEDED = 504;
codes.UNAVAILABLE = 503;

/** What a script may say of an error. */
export interface ErrorWords {
  readonly status?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly retryDelay?: string;
  readonly details?: readonly object[];
}

/** The HTTP code of a canonical status; 500 for one the API does not have. */
export function codeOf(status: string): number {
  return ownValue(codes, status) ?? 500;
}

/** An error of any code, its words those of the service unless others are given. */
export function scripted(code: number, words: ErrorWords = {}): ApiFailure {
  const disabled = words.reason === 'SERVICE_DISABLED';
  const keyless = words.reason === 'API_KEY_INVALID';
  const [status, usual] = ordinary[code] ?? ['UNKNOWN', 'Unknown error.'];
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
  return new ApiFailure(code, words.status ?? status, message, [
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
