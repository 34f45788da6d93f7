import { describe, expect, test } from 'vitest';
import { classify, readError, retryDelay } from '../../src/gemini/errors.ts';
import type { ApiError } from '../../src/gemini/reply.ts';
import type { Exchange } from '../../src/gemini/request.ts';
import { readExchange } from '../../src/gemini/call-result.ts';
import { failureOf } from '../../src/gemini/transport-failure.ts';
import type { JsonValue } from '../../src/lib/json.ts';

const rpc = (name: string, rest: object): JsonValue => ({
  '@type': `type.googleapis.com/google.rpc.${name}`,
  ...rest,
});
const status = (code: number, name: string, message = 'm', ...details: JsonValue[]): JsonValue => ({
  error: { code, message, status: name, ...(details.length ? { details } : {}) },
});
const badKey = status(
  400,
  'INVALID_ARGUMENT',
  'API key not valid.',
  rpc('ErrorInfo', { reason: 'API_KEY_INVALID' }),
);
const quota = (quotaId: string) =>
  status(
    429,
    'RESOURCE_EXHAUSTED',
    'quota',
    rpc('Help', {}),
    rpc('QuotaFailure', { violations: [{ quotaId }] }),
  );
const perDay = 'GenerateRequestsPerDayPerProjectPerModel-FreeTier';
const perMinute = 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier';

describe('reads and classifies errors', () => {
  test.for<[string, Partial<Exchange>, Partial<ApiError> | undefined, string]>([
    ['success', { status: 200, body: {} }, undefined, 'ok undefined'],
    [
      'bad request',
      { status: 400, body: status(400, 'INVALID_ARGUMENT') },
      { code: 400, status: 'INVALID_ARGUMENT', message: 'm' },
      'permanent INVALID_ARGUMENT',
    ],
    [
      'array-wrapped',
      { status: 404, body: [status(404, 'NOT_FOUND')] },
      { code: 404, status: 'NOT_FOUND' },
      'permanent NOT_FOUND',
    ],
    ['bad key', { status: 400, body: badKey }, { reason: 'API_KEY_INVALID' }, 'fatal API_KEY_INVALID'],
    [
      'no key',
      { status: 403, body: status(403, 'PERMISSION_DENIED') },
      { code: 403 },
      'permanent PERMISSION_DENIED',
    ],
    [
      'burst',
      { status: 429, body: status(429, 'RESOURCE_EXHAUSTED') },
      { code: 429 },
      'transient RESOURCE_EXHAUSTED',
    ],
    [
      'quota a minute',
      { status: 429, body: quota(perMinute) },
      { code: 429 },
      'transient RESOURCE_EXHAUSTED',
    ],
    [
      'a limit of 0',
      { status: 429, body: status(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded, limit: 0, model: m') },
      { code: 429 },
      'fatal RESOURCE_EXHAUSTED',
    ],
    [
      'a limit that begins with 0',
      { status: 429, body: status(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded, limit: 0.5') },
      { code: 429 },
      'transient RESOURCE_EXHAUSTED',
    ],
    ['quota a day', { status: 429, body: quota(perDay) }, { code: 429 }, `fatal ${perDay}`],
    ...[408, 500, 502, 503, 504].map((code): [string, Partial<Exchange>, Partial<ApiError>, string] => [
      `${code}`,
      { status: code, body: status(code, 'X') },
      { code },
      'transient X',
    ]),
    ['501', { status: 501, body: status(501, 'UNIMPLEMENTED') }, { code: 501 }, 'permanent UNIMPLEMENTED'],
    [
      'gateway page',
      { status: 521, text: '<html><title>Web server is down</title>' },
      { code: 521, message: 'HTTP 521: Web server is down' },
      'transient HTTP 521',
    ],
    [
      'page of the front end',
      { status: 404, text: '<html>Not Found' },
      { code: 404, message: 'HTTP 404: Not Found' },
      'permanent HTTP 404',
    ],
    ['no body', { status: 500 }, { code: 500, message: 'HTTP 500' }, 'transient HTTP 500'],
    [
      'error is a text',
      { status: 400, body: { error: 'nope' } },
      { code: 400, message: 'nope' },
      'permanent HTTP 400',
    ],
    ...[500, ['nope'], true, '', 0].map((error): [string, Partial<Exchange>, Partial<ApiError>, string] => [
      `an error of another type beside candidates: ${JSON.stringify(error)}`,
      { status: 200, body: { candidates: [{ finishReason: 'STOP' }], error } },
      { message: JSON.stringify(error) },
      'permanent HTTP 200',
    ]),
    ['no error, said so', { status: 200, body: { error: null } }, undefined, 'ok undefined'],
    [
      'a status named like a method',
      { status: 400, body: { error: { status: 'constructor', message: 'm' } } },
      { code: 400, status: 'constructor' },
      'permanent constructor',
    ],
    [
      'error under 200',
      { status: 200, body: status(503, 'UNAVAILABLE') },
      { code: 503 },
      'transient UNAVAILABLE',
    ],
    [
      'error in a stream',
      { status: 200, streamError: true, body: status(503, 'UNAVAILABLE') },
      { code: 503 },
      'transient UNAVAILABLE',
    ],
    [
      'error in a stream without code',
      { status: 200, streamError: true, body: { error: { message: 'm' } } },
      { message: 'm' },
      'transient HTTP 200',
    ],
    [
      'denial in a stream',
      { status: 200, streamError: true, body: status(400, 'INVALID_ARGUMENT') },
      { code: 400 },
      'permanent INVALID_ARGUMENT',
    ],
    ['incomplete', { status: 200, incomplete: true, body: {} }, undefined, 'transient incomplete'],
    ['a list', { status: 200, body: [] }, undefined, 'transient malformed'],
    [
      'not JSON',
      { status: 200, text: 'x', failure: { kind: 'malformed', message: 'f' } },
      undefined,
      'transient malformed',
    ],
    [
      'reset',
      { failure: { kind: 'reset', message: 'f' } },
      { message: 'f', transport: 'reset' },
      'transient reset',
    ],
    [
      'redirect',
      { failure: { kind: 'redirect', message: 'f' } },
      { transport: 'redirect' },
      'permanent redirect',
    ],
    [
      'cancelled',
      { failure: { kind: 'cancelled', message: 'f' } },
      { transport: 'cancelled' },
      'permanent cancelled',
    ],
  ])('%s', ([, partial, error, expected]) => {
    const exchange = { totalMs: 1, ...partial };
    const read = readError(exchange);
    if (error) expect(read).toMatchObject(error);
    else expect(read).toBeUndefined();
    const { kind, reason } = classify(exchange);
    expect(`${kind} ${reason}`).toBe(expected);
  });
});

describe('a rejection that affects every call stops the run', () => {
  const info = (reason: string): JsonValue => rpc('ErrorInfo', { reason, domain: 'googleapis.com' });
  test.for<[cause: string | undefined, JsonValue]>([
    ['key', badKey],
    ['key', status(401, 'UNAUTHENTICATED')],
    [
      'key',
      status(
        403,
        'PERMISSION_DENIED',
        "Method doesn't allow unregistered callers (callers without established identity).",
      ),
    ],
    [
      'leakedKey',
      status(403, 'PERMISSION_DENIED', 'Your API key was reported as leaked. Please use another API key.'),
    ],
    ['restrictedKey', status(403, 'PERMISSION_DENIED', 'm', info('API_KEY_SERVICE_BLOCKED'))],
    ['restrictedKey', status(403, 'PERMISSION_DENIED', 'm', info('API_KEY_HTTP_REFERRER_BLOCKED'))],
    ['disabledApi', status(403, 'PERMISSION_DENIED', 'm', info('SERVICE_DISABLED'))],
    [
      'disabledApi',
      status(
        403,
        'PERMISSION_DENIED',
        'Generative Language API has not been used in project 1 before or it is disabled.',
      ),
    ],
    ['location', status(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.')],
    [
      'location',
      status(
        400,
        'FAILED_PRECONDITION',
        'Gemini API free tier is not available in your country. Please enable billing.',
      ),
    ],
    [
      'credits',
      status(429, 'RESOURCE_EXHAUSTED', 'Your prepayment credits are depleted. Please go to AI Studio.'),
    ],
    ['credits', status(402, 'RESOURCE_EXHAUSTED')],
    ['spendingCap', status(429, 'RESOURCE_EXHAUSTED', 'Your project has exceeded its monthly spending cap.')],
    ['billing', status(403, 'PERMISSION_DENIED', 'm', info('BILLING_DISABLED'))],
    ['project', status(403, 'PERMISSION_DENIED', 'm', info('CONSUMER_SUSPENDED'))],
    [
      'project',
      status(403, 'PERMISSION_DENIED', "Permission denied: Consumer 'api_key:X' has been suspended."),
    ],
    [
      'project',
      status(403, 'PERMISSION_DENIED', 'Your project has been denied access. Please contact support.'),
    ],
    // What another call may not meet.
    [undefined, status(403, 'PERMISSION_DENIED', 'The caller does not have permission')],
    [undefined, status(400, 'FAILED_PRECONDITION', 'Image generation is not available in your country')],
    [undefined, status(400, 'FAILED_PRECONDITION', 'The file is not in an ACTIVE state')],
    [undefined, status(400, 'INVALID_ARGUMENT', 'Invalid value "our spending cap"')],
    [undefined, status(429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).')],
    [undefined, status(429, 'RESOURCE_EXHAUSTED', 'm', info('RATE_LIMIT_EXCEEDED'))],
  ])('%s', ([cause, body]) => {
    const code = (body as { error: { code: number } }).error.code;
    const found = classify({ status: code, body, totalMs: 1 });
    expect([found.cause, found.scope, found.kind === 'fatal']).toEqual([
      cause,
      cause && 'run',
      cause !== undefined,
    ]);
  });

  test.for([
    'models/x is not found for API version v1beta, or is not supported for generateContent.',
    'Model is not found: models/x for api version v1beta',
  ])('an unknown model stops only its own calls: %s', (message) => {
    const found = classify({ status: 404, body: status(404, 'NOT_FOUND', message), totalMs: 1 });
    expect(found).toEqual({ kind: 'fatal', reason: 'NOT_FOUND', cause: 'unknownModel', scope: 'model' });
  });
});

describe('reads the requested wait', () => {
  const info = (delay: JsonValue) =>
    status(429, 'R', 'Please retry in 1s.', rpc('RetryInfo', { retryDelay: delay }));
  const now = Date.parse('2026-11-24T12:00:00Z');
  test.for<[string, JsonValue | undefined, string | undefined, number | undefined]>([
    ['RetryInfo before all else', info('7.967587226s'), '3', 7968],
    ['to the nanosecond', info('2.000000001s'), undefined, 2001],
    ['whole seconds', info('59s'), undefined, 59_000],
    ['nothing', info('0s'), undefined, 0],
    ['a wrong RetryInfo', info(5), undefined, 1000],
    ['Retry-After in seconds', status(429, 'R', 'retry in 9s'), '3', 3000],
    ['Retry-After as a date', undefined, 'Tue, 24 Nov 2026 12:00:02 GMT', 2000],
    ['a date in the past', undefined, 'Tue, 24 Nov 2026 11:00:00 GMT', 0],
    ['the message', status(429, 'R', 'quota\nPlease retry in 7.967587226s.'), undefined, 7968],
    ['the message in ms', status(429, 'R', 'Please retry in 812.5ms.'), undefined, 813],
    ['the message in minutes', status(429, 'R', 'quota, retry in 7m3.5s'), undefined, 423_500],
    ['the message in hours', status(429, 'R', 'Please retry in 19h34m29.838605682s.'), undefined, 70_469_839],
    ['the message in many seconds', status(429, 'R', 'Please retry in 70469.8s.'), undefined, 70_469_800],
    ['the message in words', status(429, 'R', 'Try again in 2 hours and 5 minutes.'), undefined, 7_500_000],
    ['an unknown unit', status(429, 'R', 'Please retry in 5 moons.'), undefined, undefined],
    ['none', status(429, 'R', 'later'), undefined, undefined],
    ['no wait and no body', '<html>', 'soon', undefined],
  ])('%s', ([, body, header, expected]) => {
    expect(retryDelay(body, header, now)).toBe(expected);
  });
});

const unsent = { timeoutMs: 1, sent: false };

test.for<[code: string, message: string]>([
  [
    'CERT_HAS_EXPIRED',
    "the server's certificate has expired, by the clock of this machine (CERT_HAS_EXPIRED)",
  ],
  [
    'CERT_NOT_YET_VALID',
    "the server's certificate is not valid yet, by the clock of this machine (CERT_NOT_YET_VALID)",
  ],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    "the server's certificate is not trusted; if it is of an authority of your own, name its file in NODE_EXTRA_CA_CERTS (UNABLE_TO_VERIFY_LEAF_SIGNATURE)",
  ],
  [
    'SELF_SIGNED_CERT_IN_CHAIN',
    "the server's certificate is not trusted; if it is of an authority of your own, name its file in NODE_EXTRA_CA_CERTS (SELF_SIGNED_CERT_IN_CHAIN)",
  ],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    "the server's certificate is for another host name than that of the base URL (ERR_TLS_CERT_ALTNAME_INVALID)",
  ],
])('a certificate never heals: %s', ([code, message]) => {
  const failure = failureOf(Object.assign(new Error('with host and port'), { code }), unsent);
  expect(failure).toEqual({ kind: 'untrusted', message });
  expect(classify({ failure, totalMs: 1 })).toEqual({ kind: 'fatal', reason: 'untrusted', scope: 'run' });
});

test.for(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'])('%s is transient', (code) => {
  const failure = failureOf(Object.assign(new Error('with host and port'), { code }), unsent);
  expect(failure).toEqual({ kind: 'connect', message: `the server cannot be reached (${code})` });
  expect(classify({ failure, totalMs: 1 }).kind).toBe('transient');
});

describe('an error after sending loses a reply, an error before does not', () => {
  // All of undici's, and some of the system's.
  const codes = `
    UND_ERR UND_ERR_CONNECT_TIMEOUT UND_ERR_HEADERS_TIMEOUT UND_ERR_HEADERS_OVERFLOW
    UND_ERR_BODY_TIMEOUT UND_ERR_INVALID_ARG UND_ERR_INVALID_RETURN_VALUE UND_ERR_ABORT
    UND_ERR_ABORTED UND_ERR_INFO UND_ERR_REQ_CONTENT_LENGTH_MISMATCH UND_ERR_RES_CONTENT_LENGTH_MISMATCH
    UND_ERR_DESTROYED UND_ERR_CLOSED UND_ERR_SOCKET UND_ERR_NOT_SUPPORTED
    UND_ERR_BPL_MISSING_UPSTREAM UND_ERR_RES_EXCEEDED_MAX_SIZE UND_ERR_REQ_RETRY UND_ERR_RESPONSE
    UND_ERR_PRX_TLS UND_ERR_MAX_ORIGINS_REACHED UND_ERR_WS_MESSAGE_SIZE_EXCEEDED
    ETIMEDOUT EHOSTUNREACH ECONNREFUSED ECONNRESET EPROTO ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED
    CERT_HAS_EXPIRED UNHEARD_OF`;
  test.for(codes.trim().split(/\s+/))('%s', (code) => {
    const error = Object.assign(new Error('with host and port'), { code });
    const lost = (sent: boolean): boolean => {
      const failure = failureOf(error, { timeoutMs: 1, sent });
      if (sent) expect(failure.message).not.toContain('cannot be reached');
      return readExchange('generateContent', { failure, totalMs: 1 }).costUnknown;
    };
    expect([lost(true), lost(false)]).toEqual([true, false]);
  });
});
