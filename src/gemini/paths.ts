import { methods } from './methods.ts';
import type { GeminiRequest } from './request.ts';

const collections = /^(models|tunedModels|dynamic)\/(.+)$/;
/** A bare id, or one with its collection before it: `models/x`, `tunedModels/x`, `dynamic/x`. */
const modelName = /^(?:(?:models|tunedModels|dynamic)\/)?[A-Za-z0-9][A-Za-z0-9._:-]*$/;
const versionAtEnd = /\/v\d+[a-z0-9]*$/;

/**
 * An endpoint's origin, and the path before `/models/…`: the base URL's own path, then `/v1beta` unless that path
 * ends in a version segment already (`/v1`, `/v1beta`, `/v1alpha`), so that a base URL can choose the version.
 */
export function splitBaseUrl(baseUrl: string): { origin: string; prefix: string } {
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/, '');
  return { origin: url.origin, prefix: versionAtEnd.test(path) ? path : `${path}/v1beta` };
}

/** Whether a text can be the name of a model, so that it leads to no other address of the API. */
export function isModelName(text: string): boolean {
  return modelName.test(text) && !methods.some((method) => text.endsWith(`:${method}`));
}

/** The id of a model whose name may have `models/` before it; one of another collection keeps its name. */
export function bareModel(name: string): string {
  return name.startsWith('models/') ? name.slice('models/'.length) : name;
}

/** The path of a call after the version: `/models/gemini-3.8-flash:generateContent`. */
export function callPath({ method, model }: Pick<GeminiRequest, 'method' | 'model'>): string {
  if (method === 'models.list') return '/models';
  const name = modelPath(model ?? '');
  return method === 'models.get' ? name : `${name}:${method}`;
}

/** A bare id, `models/x`, `tunedModels/x` or `dynamic/x` as a path; the id is encoded. */
function modelPath(model: string): string {
  const [, collection = 'models', id = model] = collections.exec(model) ?? [];
  return `/${collection}/${encodeURIComponent(id)}`;
}
