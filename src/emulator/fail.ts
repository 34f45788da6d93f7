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

const rpc = (name: string): string => `type.googleapis.com/google.rpc.${name}`;

/** 400, naming the fields at fault. */
export function invalid(message: string, fields: readonly string[] = []): ApiFailure {
  const details =
    fields.length > 0
      ? [
          {
            '@type': rpc('BadRequest'),
            fieldViolations: fields.map((field) => ({
              ...(field === '' ? {} : { field }),
              description: message,
            })),
          },
        ]
      : [];
  return new ApiFailure(400, 'INVALID_ARGUMENT', message, details);
}

export function badKey(): ApiFailure {
  const message = 'API key not valid. Please pass a valid API key.';
  return new ApiFailure(400, 'INVALID_ARGUMENT', message, [
    {
      '@type': rpc('ErrorInfo'),
      reason: 'API_KEY_INVALID',
      domain: 'googleapis.com',
      metadata: { service: 'generativelanguage.googleapis.com' },
    },
    { '@type': rpc('LocalizedMessage'), locale: 'en-US', message },
  ]);
}

export function noKey(): ApiFailure {
  return new ApiFailure(
    403,
    'PERMISSION_DENIED',
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
  );
}

export function unknownModel(model: string, version: string, method: string): ApiFailure {
  return new ApiFailure(
    404,
    'NOT_FOUND',
    `models/${model} is not found for API version ${version}, or is not supported for ${method}. Call ListModels to see the list of available models and their supported methods.`,
  );
}

/** 429: what is used up, and when to come again. */
export function quotaExceeded(model: string, perDay: boolean, retryDelay: string): ApiFailure {
  const metric = 'generativelanguage.googleapis.com/generate_content_free_tier_requests';
  const quotaId = `GenerateRequestsPer${perDay ? 'Day' : 'Minute'}PerProjectPerModel-FreeTier`;
  return new ApiFailure(
    429,
    'RESOURCE_EXHAUSTED',
    `You exceeded your current quota, please check your plan and billing details. \n* Quota exceeded for metric: ${metric}, model: ${model}\nPlease retry in ${retryDelay}.`,
    [
      {
        '@type': rpc('QuotaFailure'),
        violations: [{ quotaMetric: metric, quotaId, quotaDimensions: { location: 'global', model } }],
      },
      { '@type': rpc('RetryInfo'), retryDelay },
    ],
  );
}
