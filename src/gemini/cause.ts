import type { ApiError } from './reply.ts';

/** Why no further call of a run, or of a model, can succeed. */
export type Cause = RunCause | 'unknownModel' | 'dailyQuota' | 'noQuota';

type RunCause =
  | 'key'
  | 'leakedKey'
  | 'restrictedKey'
  | 'disabledApi'
  | 'location'
  | 'credits'
  | 'spendingCap'
  | 'billing'
  | 'project';

/** What a refusal of every call of a key looks like; the first that fits. */
interface Sign {
  readonly cause: RunCause;
  /** ErrorInfo's reason (google/api/error_reason.proto). */
  readonly reason?: RegExp;
  /** HTTP code or google.rpc status. */
  readonly status?: number | string;
  /** Words of the message, where the service gives no reason. */
  readonly message?: RegExp;
}

/**
 * The texts are the service's own: "Troubleshooting guide" and "API keys" (blocked keys) of ai.google.dev, and for the
 * caps and credits "Rate limits" and what users of AI Studio were answered.
 */
const signs: readonly Sign[] = [
  { cause: 'leakedKey', message: /\bAPI key was reported as leaked\b/i },
  { cause: 'restrictedKey', reason: /^API_KEY_\w+_BLOCKED$/ },
  { cause: 'key', reason: /^(API_KEY_|ACCESS_TOKEN_|CREDENTIALS_MISSING$|ACCOUNT_STATE_INVALID$)/ },
  { cause: 'key', status: 'UNAUTHENTICATED', message: /\bdoesn't allow unregistered callers\b/i },
  { cause: 'disabledApi', reason: /^SERVICE_DISABLED$/ },
  { cause: 'disabledApi', message: /\bhas not been used in project \S+ before or it is disabled\b/i },
  { cause: 'location', reason: /^LOCATION_\w*POLICY_VIOLATED$/ },
  {
    cause: 'location',
    message: /\buser location is not supported\b|\bfree tier is not available in your country\b/i,
  },
  { cause: 'credits', status: 402, message: /\bprepa(?:yment|id) credits?\b/i },
  { cause: 'spendingCap', message: /\bspending cap\b/i },
  { cause: 'billing', reason: /^BILLING_DISABLED$/, message: /\brequires billing to be enabled\b/i },
  {
    cause: 'project',
    reason: /^(CONSUMER_(SUSPENDED|INVALID)|USER_PROJECT_DENIED|SECURITY_POLICY_VIOLATED)$/,
    message: /\bconsumer \S+ has been suspended\b|\bproject has been denied access\b/i,
  },
];

/** Why every call of the run would fail like this one; undefined if another call may succeed. */
export function causeOf({ code, status, reason, message, transport }: ApiError): RunCause | undefined {
  if (transport !== undefined) return undefined;
  // The message of an invalid argument may quote the request.
  const words = status === 'INVALID_ARGUMENT' ? '' : message;
  return signs.find(
    (sign) =>
      (reason !== undefined && sign.reason?.test(reason)) ||
      (sign.status !== undefined && (sign.status === code || sign.status === status)) ||
      sign.message?.test(words),
  )?.cause;
}
