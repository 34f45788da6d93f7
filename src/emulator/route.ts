/** Tells from method and path what is asked for. */

/** What is asked for. `gone` is an address that the service does not know; `unbuilt` is one that only the emulator lacks. */
export type Route =
  | { readonly kind: 'list'; readonly version: string }
  | { readonly kind: 'get'; readonly version: string; readonly id: string }
  | { readonly kind: 'call'; readonly version: string; readonly name: string; readonly method: string }
  | { readonly kind: 'unbuilt'; readonly what: string }
  | { readonly kind: 'gone' };

const calls = new Set([
  'generateContent',
  'streamGenerateContent',
  'countTokens',
  'embedContent',
  'batchEmbedContents',
]);
const unbuiltCalls = new Set(
  'batchGenerateContent asyncBatchEmbedContent predict predictLongRunning generateAnswer generateText generateMessage embedText batchEmbedText countTextTokens countMessageTokens transferOwnership bidiGenerateContent'.split(
    ' ',
  ),
);
const unbuiltCollections = new Set(
  'files cachedContents batches fileSearchStores corpora tunedModels generatedFiles interactions operations authTokens openai'.split(
    ' ',
  ),
);
const versioned = /^\/(?:upload\/|download\/)?(v\d\w*)\/([A-Za-z]+)(?:\/([^/:]+))?(\/[^:]*)?(?::(\w+))?\/?$/;

/** Reads an address; any version segment is as good as another. */
export function readRoute(httpMethod: string, pathname: string): Route {
  const [, version = '', collection = '', id, rest, method] = versioned.exec(pathname) ?? [];
  if (version === '') return { kind: 'gone' };
  const tuned = collection === 'tunedModels' || collection === 'dynamic';
  if (id !== undefined && rest === undefined && method !== undefined && (collection === 'models' || tuned)) {
    if (httpMethod !== 'POST') return { kind: 'gone' };
    if (calls.has(method)) return { kind: 'call', version, name: `${collection}/${decode(id)}`, method };
    return unbuiltCalls.has(method) ? { kind: 'unbuilt', what: method } : { kind: 'gone' };
  }
  if (pathname.startsWith('/upload/')) return { kind: 'unbuilt', what: 'media.upload' };
  if (unbuiltCollections.has(collection)) return { kind: 'unbuilt', what: collection };
  if (collection !== 'models' || httpMethod !== 'GET' || method !== undefined) return { kind: 'gone' };
  if (rest?.startsWith('/operations')) return { kind: 'unbuilt', what: 'models.operations' };
  if (rest !== undefined) return { kind: 'gone' };
  return id === undefined ? { kind: 'list', version } : { kind: 'get', version, id: decode(id) };
}

function decode(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
