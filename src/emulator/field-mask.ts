/** Partial responses: the `fields` parameter, as `a,b/c,d(e,f)`, where `*` stands for every field. */
import { isObject, type JsonValue } from '../lib/json.ts';
import { unreadable, type ApiFailure } from './fail.ts';

/** What is kept of a map: by field, the mask of its value; an empty mask keeps all. */
export type FieldMask = ReadonlyMap<string, FieldMask>;

const nameOrSign = /[\w@$-]+|[*/,()]/y;

function wrong(field: string): ApiFailure {
  const failure = unreadable([
    {
      field,
      description: `Error expanding 'fields' parameter. Cannot find matching fields for path '${field}'.`,
    },
  ]);
  failure.message = 'Request contains an invalid argument.';
  return failure;
}

/** Reads a mask; throws the API's 400 for one that is none. */
export function readMask(text: string): FieldMask {
  const tokens: string[] = [];
  nameOrSign.lastIndex = 0;
  for (let found; (found = nameOrSign.exec(text));) tokens.push(found[0]);
  if (tokens.join('') !== text) throw wrong(text);
  let at = 0;

  function readList(mask: Map<string, FieldMask>): void {
    do {
      readPath(mask);
    } while (tokens[at] === ',' && ++at);
  }

  function readPath(mask: Map<string, FieldMask>): void {
    const name = tokens[at++] ?? '';
    if (!/^(?:[\w@$-]+|\*)$/.test(name)) throw wrong(text);
    const inner = new Map<string, FieldMask>(mask.get(name));
    mask.set(name, inner);
    if (tokens[at] === '/') {
      at++;
      readPath(inner);
    } else if (tokens[at] === '(') {
      at++;
      readList(inner);
      if (tokens[at++] !== ')') throw wrong(text);
    }
  }

  const mask = new Map<string, FieldMask>();
  readList(mask);
  if (at < tokens.length) throw wrong(text);
  return mask;
}

/** What a mask keeps of a value; lists are looked through. */
export function applyMask(value: JsonValue, mask: FieldMask): JsonValue {
  if (mask.size === 0) return value;
  if (Array.isArray(value)) return value.map((each) => applyMask(each, mask));
  if (!isObject(value)) return value;
  const kept: [string, JsonValue][] = [];
  for (const [name, inner] of Object.entries(value)) {
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const found = mask.get(name) ?? mask.get(snake) ?? mask.get('*');
    if (found) kept.push([name, applyMask(inner, found)]);
  }
  return Object.fromEntries(kept);
}
