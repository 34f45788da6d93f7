/** The gate, from which all that tells faults was cut, says yes just where the validator does. */
import { globSync } from 'tinyglobby';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { validate as gate } from '../../src/generated/suite-gate.js';
import { validate } from '../../src/generated/suite-validator.js';
import { isObject, type JsonValue } from '../../src/lib/json.ts';
import { root } from '../e2e/assay.ts';

const suites = globSync(['suites/*.suite.yaml', 'test/**/*.suite.yaml'], { cwd: root }).flatMap(
  (file): JsonValue[] => {
    try {
      return [
        parse(readFileSync(path.join(root, file), 'utf8'), { merge: true, logLevel: 'silent' }) as JsonValue,
      ];
    } catch {
      // Some are there because they are no YAML.
      return [];
    }
  },
);

/** Replaces, renames or removes something inside a value, as the numbers say. */
function spoil(value: JsonValue, steps: readonly number[]): JsonValue {
  const [step = 0, ...rest] = steps;
  const odd: JsonValue[] = [null, '', '{{x}}', 7, -1, 0.5, true, [], {}, [{}], { file: 'x.yaml' }];
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const key = keys[step % Math.max(1, keys.length)];
  if (rest.length === 0 || key === undefined) return odd[step % odd.length] ?? null;
  const inner = Array.isArray(value)
    ? (value[Number(key)] ?? null)
    : isObject(value)
      ? (value[key] ?? null)
      : null;
  const made = spoil(inner, rest);
  if (Array.isArray(value)) return value.map((item, index) => (index === Number(key) ? made : item));
  if (!isObject(value)) return made;
  const { [key]: _, ...others } = value;
  return step % 7 === 0
    ? { ...others, [`${key}s`]: made }
    : step % 5 === 0
      ? others
      : { ...others, [key]: made };
}

test('on suites as they are written', () => {
  expect(suites.length).toBeGreaterThan(60);
  const verdicts = suites.map((suite) => [gate(suite), validate(suite)]);
  expect(verdicts.filter(([a, b]) => a !== b)).toEqual([]);
  expect(new Set(verdicts.map(([a]) => a))).toEqual(new Set([true, false]));
});

test('on suites that were spoiled anywhere', () => {
  fc.assert(
    fc.property(
      fc.nat(suites.length - 1),
      fc.array(fc.nat(1000), { minLength: 1, maxLength: 8 }),
      (which, steps) => {
        const spoiled = spoil(suites[which] ?? null, steps);
        expect(gate(spoiled)).toBe(validate(spoiled));
      },
    ),
    { numRuns: 3000 },
  );
});
