import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { cut } from '../lib/redact.ts';
import { causeOf, type Cause } from './cause.ts';
import type { ApiError } from './reply.ts';
import type { Exchange } from './request.ts';
import { waitIn } from './retry-hints.ts';

/** What an exchange means for the run: use it, try again, give up the call, or give up the run. */
export interface Classification {
  readonly kind: 'ok' | 'transient' | 'permanent' | 'fatal';
  /** A google.rpc status, `HTTP 502`, a transport failure's kind; for `fatal` what makes every call fail. */
  readonly reason?: string;
  /** Of `fatal`: why, which decides what to do about it. */
  readonly cause?: Cause;
  /** Of `fatal`: whether no call will succeed, or none of this model. */
  readonly scope?: 'run' | 'model';
  /** True for a quota that comes back within the minute. */
  readonly quota?: boolean;
  /** The wait the server asked for, in ms. */
  readonly retryAfterMs?: number;
}

/** The statuses that Google's SDK retries. */
const retried = new Set([408, 429, 500, 502, 503, 504]);
/** Characters of an error page to read. */
const readCharacters = 4000;
/** The codes of statuses, for an error that names its status alone (google/rpc/code.proto). */
const codes = new Map(
  Object.entries({
    INVALID_ARGUMENT: 400,
    FAILED_PRECONDITION: 400,
    OUT_OF_RANGE: 400,
    UNAUTHENTICATED: 401,
    PERMISSION_DENIED: 403,
    NOT_FOUND: 404,
    ABORTED: 409,
    ALREADY_EXISTS: 409,
    RESOURCE_EXHAUSTED: 429,
    CANCELLED: 499,
    INTERNAL: 500,
    UNKNOWN: 500,
    DATA_LOSS: 500,
    UNIMPLEMENTED: 501,
    UNAVAILABLE: 503,
    DEADLINE_EXCEEDED: 504,
  }),
);
const transientFailures = new Set(['reset', 'connect', 'timeout', 'cut', 'malformed']);

/**
 * The error of a failed call: a google.rpc.Status (also array-wrapped, inside a stream, or under HTTP 200), an error
 * page of something in between, or the transport's failure. A success that cannot be read is no error (see decode.ts).
 */
export function readError(exchange: Exchange): ApiError | undefined {
  const { failure, status, body } = exchange;
  if (failure && failure.kind !== 'malformed') return { message: failure.message, transport: failure.kind };
  const error = errorObject(body);
  const failed = status !== undefined && status >= 400;
  if (error) {
    const named = typeof error.status === 'string' ? codes.get(error.status) : undefined;
    const code = typeof error.code === 'number' ? error.code : (named ?? (failed ? status : undefined));
    const reason = detail(error, 'ErrorInfo')?.reason;
    return {
      ...(code === undefined ? {} : { code }),
      ...(typeof error.status === 'string' ? { status: error.status } : {}),
      ...(typeof reason === 'string' ? { reason } : {}),
      message: typeof error.message === 'string' ? error.message : JSON.stringify(error),
    };
  }
  if (!failed) return undefined;
  return { code: status, message: `HTTP ${status}${excerpt(exchange)}` };
}

/** Whether to use an exchange, to retry, or to give up; by the error's own code, not by HTTP's alone. */
export function classify(exchange: Exchange, error = readError(exchange)): Classification {
  const { failure, status } = exchange;
  const wait = exchange.retryAfterMs === undefined ? {} : { retryAfterMs: exchange.retryAfterMs };
  // No certificate becomes valid while a run waits.
  if (failure?.kind === 'untrusted') return { kind: 'fatal', reason: failure.kind, scope: 'run' };
  if (failure) {
    return {
      kind: transientFailures.has(failure.kind) ? 'transient' : 'permanent',
      reason: failure.kind,
      ...wait,
    };
  }
  if (!error) {
    if (exchange.incomplete) return { kind: 'transient', reason: 'incomplete' };
    if (!isObject(exchange.body)) return { kind: 'transient', reason: 'malformed' };
    return { kind: 'ok' };
  }
  const fatal = fatalReason(exchange, error);
  if (fatal) return { kind: 'fatal', ...fatal };
  const code = error.code ?? status ?? 0;
  const reason = error.status ?? `HTTP ${code}`;
  // A 5xx without an error object is not the API's: some proxy's page (520–530, 599).
  const foreign = code >= 500 && errorObject(exchange.body) === undefined;
  const inStream = exchange.streamError === true && (code < 400 || code >= 500);
  const transient = retried.has(code) || foreign || inStream;
  const quota = code === 429 || error.status === 'RESOURCE_EXHAUSTED' ? { quota: true } : {};
  return { kind: transient ? 'transient' : 'permanent', reason, ...(transient ? { ...wait, ...quota } : {}) };
}

/** The wait that a failed response asks for, in ms, rounded up: RetryInfo, else the Retry-After header, else the message. */
export function retryDelay(
  body: JsonValue | undefined,
  header?: string,
  now = Date.now(),
): number | undefined {
  const error = errorObject(body);
  const delay = error && detail(error, 'RetryInfo')?.retryDelay;
  const info = typeof delay === 'string' ? /^(\d+(?:\.\d{1,9})?)s$/.exec(delay)?.[1] : undefined;
  if (info !== undefined) return toMs(info);
  if (header !== undefined && /^\s*\d+\s*$/.test(header)) return toMs(header);
  const date = header === undefined ? Number.NaN : Date.parse(header);
  if (!Number.isNaN(date)) return Math.max(0, date - now);
  return typeof error?.message === 'string' ? waitIn(error.message) : undefined;
}

/** Seconds as decimal text to whole ms, rounded up so that no call comes too early; exact to the nanosecond. */
function toMs(seconds: string): number {
  const [whole = '0', fraction = ''] = seconds.trim().split('.');
  const nanos = Number(fraction.slice(0, 9).padEnd(9, '0'));
  return Number(whole) * 1000 + Math.ceil(nanos / 1_000_000);
}

function fatalReason(
  exchange: Exchange,
  error: ApiError,
): Pick<Classification, 'reason' | 'cause' | 'scope'> | undefined {
  const cause = causeOf(error);
  if (cause) return { reason: error.reason ?? error.status ?? `HTTP ${error.code}`, cause, scope: 'run' };
  // A missing file or cache is NOT_FOUND too, and one case's affair.
  if (error.code === 404 && unknownModel.test(error.message))
    return { reason: 'NOT_FOUND', cause: 'unknownModel', scope: 'model' };
  if (noQuota(error)) return { reason: error.status ?? 'HTTP 429', cause: 'noQuota', scope: 'model' };
  // A daily quota comes back at midnight Pacific: waiting within a run will not help.
  const daily = quotaViolations(exchange.body).find(({ quotaId }) => /PerDay/i.test(quotaId));
  return daily && { reason: daily.quotaId, cause: 'dailyQuota', scope: 'model' };
}

/** A limit of 0: the plan of the key's project does not have the model. Violations leave out a value of 0. */
function noQuota({ code, message }: ApiError): boolean {
  return code === 429 && /\blimit: 0(?![\d.]*\d)/.test(message);
}

/** Of a model that is gone, or was never there; models.get has words of its own. */
const unknownModel = /\bmodels\/\S+ is not found\b|^Model is not found: /;

/** The limits a minute that a refusal names, of requests and of input tokens. */
export function toldQuota({ body }: Exchange): { readonly rpm?: number; readonly tpm?: number } {
  const limits: { rpm?: number; tpm?: number } = {};
  for (const { quotaId, quotaValue } of quotaViolations(body)) {
    if (!/PerMinute/i.test(quotaId) || !(quotaValue > 0)) continue;
    if (/InputToken/i.test(quotaId)) limits.tpm = quotaValue;
    else if (/Requests/i.test(quotaId)) limits.rpm = quotaValue;
  }
  return limits;
}

function quotaViolations(body: JsonValue | undefined): { quotaId: string; quotaValue: number }[] {
  const violations = detail(errorObject(body) ?? {}, 'QuotaFailure')?.violations;
  if (!Array.isArray(violations)) return [];
  return violations.filter(isObject).map(({ quotaId, quotaValue }) => ({
    quotaId: typeof quotaId === 'string' ? quotaId : '',
    quotaValue: Number(quotaValue ?? Number.NaN),
  }));
}

function errorObject(body: JsonValue | undefined): JsonObject | undefined {
  const value = Array.isArray(body) ? body.find((entry) => isObject(entry) && holdsError(entry)) : body;
  if (!isObject(value) || !holdsError(value)) return undefined;
  const { error = null } = value;
  if (isObject(error)) return error;
  return { message: typeof error === 'string' && error !== '' ? error : JSON.stringify(error) };
}

/** Whether a body is an error; gateways write errors of every JSON type. */
export function holdsError({ error }: JsonObject): boolean {
  return error !== undefined && error !== null && error !== false;
}

function detail(error: JsonObject, type: string): JsonObject | undefined {
  const details = Array.isArray(error.details) ? error.details.filter(isObject) : [];
  return details.find(
    (entry) => typeof entry['@type'] === 'string' && entry['@type'].endsWith(`google.rpc.${type}`),
  );
}

/** What an error page says, on one line: its title if it is HTML. */
function excerpt({ text, body }: Exchange): string {
  // Bounded: looking for tags in a long body of only `<` would take forever.
  const source = cut(text ?? (body === undefined ? '' : JSON.stringify(body)), readCharacters);
  const title = /<title[^>]*>([^<]*)/i.exec(source)?.[1];
  const line = (title ?? source.replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ').trim();
  if (line === '') return '';
  return `: ${line.length > 200 ? `${cut(line, 200)}…` : line}`;
}
