/** A config's fields are those that a request has: none that no request takes, none without a shape. */
import { expect, test } from 'vitest';
import { embeddingFields, generationFields, requestFields } from '../../src/gemini/fields.ts';
import { fieldShapes } from '../../src/suite/shapes/config.ts';

test('a config accepts exactly the fields of a request', () => {
  expect(Object.keys(fieldShapes).toSorted()).toEqual(
    [...generationFields, ...requestFields, ...embeddingFields].toSorted(),
  );
});
