/** The published schema explains itself: every key has a description and an example that fits. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { isObject, type JsonObject, type JsonValue } from '../../src/lib/json.ts';
import { root } from '../e2e/assay.ts';

const schema = JSON.parse(
  readFileSync(path.join(root, 'schemas/suite.schema.json'), 'utf8'),
) as JsonObject & { $defs: JsonObject };

interface Key {
  readonly path: string;
  readonly schema: JsonObject;
}

/** Every key that a map of the language has, with the schema of its value. */
function* keysOf(value: JsonValue, at = ''): Generator<Key> {
  if (Array.isArray(value)) for (const item of value) yield* keysOf(item, at);
  if (!isObject(value)) return;
  for (const [keyword, inner] of Object.entries(value)) {
    if (['examples', 'enum', 'const'].includes(keyword)) continue;
    const named = ['properties', 'patternProperties', '$defs'].includes(keyword);
    if (!named || !isObject(inner)) {
      yield* keysOf(inner, at);
      continue;
    }
    for (const [name, own] of Object.entries(inner)) {
      const here = keyword === '$defs' ? name : `${at}.${name}`;
      if (keyword !== '$defs' && isObject(own)) yield { path: here, schema: own };
      yield* keysOf(own, here);
    }
  }
}

/** A keyword of a schema, or of the definition it refers to. */
function find(at: JsonObject, keyword: string): JsonValue | undefined {
  if (at[keyword] !== undefined || typeof at.$ref !== 'string') return at[keyword];
  const target = schema.$defs[at.$ref.replace('#/$defs/', '')];
  return isObject(target) ? find(target, keyword) : undefined;
}

const keys = [...keysOf(schema)];

test('the walk finds the keys of the language', () => {
  expect(keys.length).toBeGreaterThan(150);
  for (const known of [
    '.suite',
    '.limits.rpm',
    'test.skip',
    'config.temperature',
    'assert.length.words',
    'part.image',
  ])
    expect(keys.map((key) => key.path)).toContain(known);
});

test('every key has a description that is a sentence', () => {
  const bad = keys.filter(({ path: at, schema: own }) => {
    const description = find(own, 'description');
    return at !== '.^x-' && !(typeof description === 'string' && /^\S.*\.$/.test(description));
  });
  expect(bad.map((key) => key.path)).toEqual([]);
});

test('every key has a valid example', () => {
  const ajv = new Ajv({ strict: false });
  ajv.addSchema(schema, 'suite');
  const bad = keys.filter(({ path: at, schema: own }) => {
    if (at === '.^x-') return false;
    const examples = find(own, 'examples');
    if (!Array.isArray(examples) || examples.length === 0) return true;
    const validate = ajv.compile({ ...own, $defs: schema.$defs, $id: `key:${at}` });
    return !examples.every((example) => validate(example));
  });
  expect(bad.map((key) => key.path)).toEqual([]);
});
