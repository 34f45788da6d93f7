import { isMapNode, mapNode, type SourceNode } from '../diagnostics/source-node.ts';
import type { JsonObject } from '../lib/json.ts';

/** These keys contain a JSON Schema, in which a null is a value (`const: null`). */
const schemas = new Set(['responseSchema', 'responseJsonSchema', 'schema']);

/** Merges `over` onto `under`: maps by key, lists and scalars replace, null removes at any depth. Safety settings are one map in either form. */
export function mergeFields(
  under: SourceNode<JsonObject>,
  over: SourceNode<JsonObject>,
): SourceNode<JsonObject> {
  const merged = new Map<string, SourceNode>();
  const put = (key: string, node: SourceNode, below: SourceNode | undefined): void => {
    const isWhole = !isMapNode(node) || (schemas.has(key) && !(below && isMapNode(below)));
    const base =
      below && isMapNode(below)
        ? below
        : key === 'safetySettings'
          ? settingsOf(below, node)
          : mapNode([], node);
    merged.set(key, isWhole ? node : mergeFields(base, node));
  };
  for (const [key, node] of under.entries()) if (node.value !== null) put(key, node, undefined);
  for (const [key, node] of over.entries()) {
    if (node.value === null) merged.delete(key);
    else put(key, node, merged.get(key));
  }
  return mapNode([...merged], over);
}

/** The API's list of safety settings as the map that it means. */
function settingsOf(list: SourceNode | undefined, over: SourceNode): SourceNode<JsonObject> {
  const settings = new Map<string, SourceNode>();
  for (const entry of list?.items() ?? []) {
    const category = entry.at('category').value;
    if (typeof category === 'string') settings.set(category, entry.at('threshold'));
  }
  return mapNode([...settings], over);
}
