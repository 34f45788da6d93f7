/** The fields of a config are exactly the fields of requests, each with a shape. */
import { expect, test } from 'vitest';
import { embeddingFields, generationFields, requestFields } from '../../src/gemini/fields.ts';
import { fieldShapes } from '../../src/suite/shapes/config.ts';

test('a config accepts exactly the fields of a request', () => {
  expect(Object.keys(fieldShapes).toSorted()).toEqual(
    [...generationFields, ...requestFields, ...embeddingFields].toSorted(),
  );
});
