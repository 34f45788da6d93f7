/** Looks at the key of a call. Any key opens the emulator but those that begin with `invalid`. */
import type { IncomingHttpHeaders } from 'node:http';
import { badKey, badToken, noKey } from './fail.ts';

/** Throws the API's 403 for a call without a key, 400 for a bad key, 401 for a bad token. */
export function checkCaller(headers: IncomingHttpHeaders, query: URLSearchParams): void {
  const bearer = /^Bearer\s+(\S+)/i.exec(headers.authorization ?? '')?.[1];
  const token = bearer ?? query.get('access_token') ?? query.get('oauth_token') ?? '';
  const key = String(headers['x-goog-api-key'] ?? '') || (query.get('key') ?? '');
  if (key !== '') {
    if (key.startsWith('invalid')) throw badKey();
  } else if (token === '') throw noKey();
  else if (token.startsWith('invalid')) throw badToken();
}
