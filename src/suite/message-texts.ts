import { isMapNode, mapNode, type SourceNode } from '../diagnostics/source-node.ts';
import { spelledEnum, type EnumName } from '../gemini/enums.ts';
import { enumFields, fieldType, messageFields } from '../gemini/messages.ts';
import { ownValue, setOwn, type JsonObject, type JsonValue } from '../lib/json.ts';
import { emptyMap } from '../lib/ordered-map.ts';

/**
 * A rendered message of the API as it is sent: where the API takes nothing but a text, numbers and flags become the
 * texts they were written as; enum values are spelled as the API does. The same object comes back where nothing changed.
 */
export function withTexts(node: SourceNode, message: string): JsonValue {
  return spelled(node, message, true);
}

/** A message of the API with enum values spelled as the API does. */
export function withEnums(node: SourceNode, message: string): JsonValue {
  return spelled(node, message, false);
}

/** The fields of a config with enum values spelled as the API does. */
export function withFieldEnums(fields: SourceNode<JsonObject>): SourceNode<JsonObject> {
  return mapNode(
    fields.entries().map(([field, node]) => [field, fieldAsSent(field, node, false)]),
    fields,
  );
}

/** One field of a config: see {@link withTexts} and {@link withEnums}. */
export function fieldAsSent(field: string, node: SourceNode, texts: boolean): SourceNode {
  if (field === 'safetySettings' && isMapNode(node)) return spelledSafety(node);
  const message = ownValue(messageFields, field);
  if (message !== undefined) return node.with(spelled(node, message, texts));
  const name = ownValue(enumFields, field);
  return name === undefined ? node : node.with(spelledValue(name, node));
}

function spelled(node: SourceNode, message: string, texts: boolean): JsonValue {
  return mapped(node, (inner, key) => {
    const type = fieldType(message, key);
    if (!type) return inner.value;
    if ('text' in type) return texts ? asText(inner) : inner.value;
    if ('enum' in type) return spelledValue(type.enum, inner);
    return type.map
      ? mapped(inner, (each) => spelled(each, type.message, texts))
      : spelled(inner, type.message, texts);
  });
}

function spelledValue(name: EnumName, node: SourceNode): JsonValue {
  const { value } = node;
  if (Array.isArray(value)) return mapped(node, (item) => spelledValue(name, item));
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  const written = String(value);
  const made = spelledEnum(name, written);
  return made === written ? value : made;
}

/** The map from category to threshold. */
function spelledSafety(settings: SourceNode<JsonObject>): SourceNode {
  const spelledEntries = settings
    .entries()
    .map(([category, threshold]): [string, SourceNode] => [
      spelledEnum('harmCategory', category),
      threshold.with(spelledValue('harmThreshold', threshold)),
    ]);
  return mapNode([...new Map(spelledEntries)], settings);
}

function asText(node: SourceNode): JsonValue {
  const { value } = node;
  if (Array.isArray(value)) return mapped(node, asText);
  return typeof value === 'number' || typeof value === 'boolean' ? (node.text ?? String(value)) : value;
}

/** The entries of a map, changed; of a list of maps those of each. */
function mapped(node: SourceNode, change: (node: SourceNode, key: string) => JsonValue): JsonValue {
  const { value } = node;
  if (typeof value !== 'object' || value === null) return value;
  const isList = Array.isArray(value);
  const copy: JsonObject | JsonValue[] = isList ? [] : emptyMap(Object.keys(value));
  let changed = false;
  for (const [name, inner] of node.entries()) {
    const made = isList && typeof inner.value === 'object' ? mapped(inner, change) : change(inner, name);
    changed ||= made !== inner.value;
    setOwn(copy as JsonObject, name, made);
  }
  return changed ? copy : value;
}
