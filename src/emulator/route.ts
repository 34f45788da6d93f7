/** Reads the head of a request: which method is called, with which key, and how the answer is to be written. */
import type { IncomingHttpHeaders } from 'node:http';
import { badKey, badRequest, badToken, noKey } from './errors.ts';

/** A method of the API, and the resource that it is called for. */
export interface Route {
  /** `v1beta`, `v1` or any other. */
  readonly version: string;
  /** `generateContent` and the like, `models.list` or `models.get`. */
  readonly method: string;
  /** `models/gemini-3.8-flash`; empty for `models.list`. */
  readonly name: string;
}

/** An address that the API has and the emulator lacks. */
export interface MissingRoute {
  readonly missing: string;
}

const modelMethods = new Set([
  'generateContent',
  'streamGenerateContent',
  'countTokens',
  'embedContent',
  'batchEmbedContents',
]);
const missingMethods = new Set(
  'batchGenerateContent asyncBatchEmbedContent predict predictLongRunning generateAnswer generateText generateMessage embedText batchEmbedText countTextTokens countMessageTokens transferOwnership bidiGenerateContent'.split(
    ' ',
  ),
);
const missingCollections = new Set(
  'files cachedContents batches fileSearchStores corpora tunedModels generatedFiles interactions operations authTokens openai'.split(
    ' ',
  ),
);
const address = /^\/(?:upload\/|download\/)?(v\d\w*)\/([A-Za-z]+)(?:\/([^/:]+))?(\/[^:]*)?(?::(\w+))?\/?$/;

/** Reads an address; every version has the same methods. Undefined for one that the API does not have either. */
export function readRoute(httpMethod: string, pathname: string): Route | MissingRoute | undefined {
  const [, version, collection = '', id, rest, method] = address.exec(pathname) ?? [];
  if (version === undefined) return undefined;
  const name = id === undefined ? '' : `${collection}/${decode(id)}`;
  const hasMethods = ['models', 'tunedModels', 'dynamic'].includes(collection);
  if (hasMethods && name !== '' && rest === undefined && method !== undefined) {
    if (httpMethod !== 'POST') return undefined;
    if (modelMethods.has(method)) return { version, method, name };
    return missingMethods.has(method) ? { missing: method } : undefined;
  }
  if (pathname.startsWith('/upload/')) return { missing: 'media.upload' };
  if (missingCollections.has(collection)) return { missing: collection };
  if (collection !== 'models' || httpMethod !== 'GET' || method !== undefined) return undefined;
  if (rest?.startsWith('/operations')) return { missing: 'models.operations' };
  if (rest !== undefined) return undefined;
  return { version, method: name === '' ? 'models.list' : 'models.get', name };
}

function decode(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/**
 * Every key is accepted but those that begin with `invalid`. Throws the API's 403 for a call without a key, 400 for a bad
 * key, 401 for a bad token.
 */
export function checkKey(headers: IncomingHttpHeaders, query: URLSearchParams): void {
  const bearer = /^Bearer\s+(\S+)/i.exec(headers.authorization ?? '')?.[1];
  const token = bearer ?? query.get('access_token') ?? query.get('oauth_token') ?? '';
  const key = String(headers['x-goog-api-key'] ?? '') || (query.get('key') ?? '');
  if (key !== '') {
    if (key.startsWith('invalid')) throw badKey();
  } else if (token === '') throw noKey();
  else if (token.startsWith('invalid')) throw badToken();
}

/** How an answer is written. */
export interface OutputFormat {
  readonly pretty: boolean;
  /** Server-sent events: streams only. */
  readonly sse: boolean;
}

/** Query parameters of every method; `fields` and `callback` are accepted and have no effect. */
const commonParameters = new Set(
  'alt prettyPrint fields key access_token oauth_token quotaUser callback xgafv .xgafv uploadType upload_protocol upload_type httpHeaders req unique ct apiKey'.split(
    ' ',
  ),
);
const listParameters = ['pageSize', 'page_size', 'pageToken', 'page_token'];

/** Reads the query parameters; throws the API's 400 for one that the method does not have. */
export function readFormat(query: URLSearchParams, method: string): OutputFormat {
  const own = method === 'models.list' ? listParameters : [];
  const unknown = [...new Set(query.keys())].filter(
    (name) => !commonParameters.has(name.replace(/^\$/, '')) && !own.includes(name),
  );
  if (unknown.length > 0)
    throw badRequest(
      unknown.map((name) => ({
        description: `Invalid JSON payload received. Unknown name ${JSON.stringify(name)}: Cannot bind query parameter. Field '${name}' could not be found in request message.`,
      })),
    );
  const read = (name: string): string => query.get(name) ?? query.get(`$${name}`) ?? '';
  const alt = read('alt').split(';')[0] ?? '';
  if (!['', 'json', 'sse', 'media'].includes(alt))
    throw badRequest([{ field: 'alt', description: `Invalid value at 'alt', ${JSON.stringify(alt)}` }]);
  return { pretty: !['false', '0'].includes(read('prettyPrint')), sse: alt === 'sse' };
}
