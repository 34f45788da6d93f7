/** Turns an error of a script into one of the API's. */
import { codeOf, quotaExceeded, scripted, type ApiFailure } from './fail.ts';
import type { ScriptedError } from './rule.ts';

/** The failure; `model` is the one asked, which quotas name. */
export function scriptedError(error: ScriptedError, model: string): ApiFailure {
  const { status, quota, limit, retryDelay, message, reason, details } = error;
  const code = error.code ?? (quota === undefined ? (status === undefined ? 500 : codeOf(status)) : 429);
  if (code === 429 && message === undefined && quota !== 'burst')
    return quotaExceeded({ model, kind: quota ?? 'perMinute', limit, retryDelay: retryDelay ?? '1s' });
  return scripted(code, {
    ...(status === undefined ? {} : { status }),
    ...(message === undefined ? {} : { message }),
    ...(reason === undefined ? {} : { reason }),
    ...(retryDelay === undefined ? {} : { retryDelay }),
    ...(details === undefined ? {} : { details }),
  });
}
