/** Answers models.list, page by page. */
import type { JsonObject } from '../lib/json.ts';
import { broken, unreadable } from './fail.ts';
import { describeModel, modelIds } from './models.ts';

/** The parameters of models.list, in both spellings. */
export const listParameters: readonly string[] = ['pageSize', 'page_size', 'pageToken', 'page_token'];

const usualSize = 50;
const mostSize = 1000;
const tokenOf = (start: number): string => Buffer.from(`models:${start}`).toString('base64url');

/** A ListModelsResponse; `nextPageToken` is missing on the last page. Throws the API's 400 for a page that cannot be. */
export function listModels(query: URLSearchParams): JsonObject {
  const read = (camel: string, snake: string): string => query.get(camel) ?? query.get(snake) ?? '';
  const given = read('pageSize', 'page_size');
  if (!/^-?\d*$/.test(given)) {
    const description = `Invalid value at 'page_size' (TYPE_INT32), ${JSON.stringify(given)}`;
    throw unreadable([{ field: 'page_size', description }]);
  }
  const size = Number(given) || usualSize;
  if (size < 0) throw broken('ListModelsRequest.page_size', 'page_size must not be negative.');
  const token = read('pageToken', 'page_token');
  const start = token === '' ? 0 : startOf(token);
  const end = start + Math.min(size, mostSize);
  return {
    models: modelIds.slice(start, end).map((id) => describeModel(id) as JsonObject),
    ...(end < modelIds.length ? { nextPageToken: tokenOf(end) } : {}),
  };
}

function startOf(token: string): number {
  const start = Number(/^models:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1] ?? Number.NaN);
  if (tokenOf(start) !== token || start >= modelIds.length)
    throw broken('ListModelsRequest.page_token', 'page_token is invalid.');
  return start;
}
