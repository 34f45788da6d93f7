/** Case ids come from names and values, never from positions. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultRowName, joinId } from '../../src/plan/ids.ts';
import type { Row } from '../../src/suite/suite.ts';
import { planSound } from '../suites.ts';

const rowOf = (values: Record<string, string>): Row => ({
  values: new Map(Object.entries(values).map(([name, value]) => [name, { value, template: false }])),
  assert: [],
  origin: 'rows.csv:2',
});

test.for<[names: string[], id: string]>([
  [['t'], 't'],
  [['t', 'p', 'c'], 't / p / c'],
  [['a / b', 'c / d'], String.raw`a / b / c \/ d`],
  [['t', 'a\\/b'], String.raw`t / a\\\/b`],
  [['t', '', 'c'], 't /  / c'],
])('%j', ([names, id]) => {
  expect(joinId(names)).toBe(id);
});

test('different names give different ids', () => {
  const name = fc.string({ unit: fc.constantFrom('a', '/', '\\', ' ', 'é'), maxLength: 5 });
  const testName = name.filter((text) => !text.includes('/'));
  const names = fc.tuple(testName, fc.array(name, { maxLength: 3 })).map(([first, rest]) => [first, ...rest]);
  fc.assert(
    fc.property(names, names, (a, b) => {
      expect(joinId(a) === joinId(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      expect(joinId(a).startsWith(a[0] ?? '')).toBe(true);
    }),
  );
});

test.for<[values: Record<string, string>, shown: string]>([
  [{ object: 'lamp' }, 'lamp'],
  [{ object: 'a\n  lamp', size: '3' }, 'a lamp, 3'],
  [{ object: 'x'.repeat(60) }, `${'x'.repeat(39)}…`],
  [{ object: '🎈'.repeat(60) }, `${'🎈'.repeat(39)}…`],
])('a row without a name is shown by its values: %j', ([values, shown]) => {
  const name = defaultRowName(rowOf(values));
  expect(name.replace(/ #[0-9a-f]{10}$/, '')).toBe(shown);
  expect(defaultRowName(rowOf({ ...values }))).toBe(name);
});

test('long rows with equal starts have different names', () => {
  const start = 'Write a story that begins in a quiet harbour town, about ';
  const names = Array.from({ length: 20_000 }, (_, index) =>
    defaultRowName(rowOf({ a: `${start}${index}` })),
  );
  expect(new Set(names).size).toBe(names.length);
});

const row = fc.record({
  object: fc.stringMatching(/^[a-z0-9 /\\]{1,12}$/).filter((text) => text.trim() !== ''),
  size: fc.integer({ min: 0, max: 9 }),
});
const rows = fc.uniqueArray(row, { selector: (value) => JSON.stringify(value), minLength: 2, maxLength: 5 });
const suiteOf = (data: readonly unknown[]): string =>
  `suite: s\nmodel: m\nprompts: { p: "{{object}}", q: "{{size}}" }\nconfigs: { a: {}, b: {} }\ntests: [ { name: t, data: ${JSON.stringify(data)} } ]\n`;
const idsOf = async (data: readonly unknown[]): Promise<string[]> =>
  (await planSound(suiteOf(data))).cases.map(({ id }) => id);

test('ids are unique and do not change when another row is added or moved', () =>
  fc.assert(
    fc.asyncProperty(
      rows.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: 1 }))),
      async ([all, some]) => {
        const [every, few] = [await idsOf(all), await idsOf(some)];
        expect(new Set(every).size).toBe(every.length);
        expect(every).toHaveLength(all.length * 4);
        for (const id of few) expect(every).toContain(id);
      },
    ),
    { numRuns: 40 },
  ));

test('ids do not depend on the order of tests, prompts and configs', async () => {
  const tests = ['{ name: t }', '{ name: u, prompts: [q] }'];
  const prompts = ['p: P', 'q: Q'];
  const configs = ['a: {}', 'b: { temperature: 1 }'];
  const plan = (turn: (list: string[]) => string[]): Promise<string[]> =>
    planSound(
      `suite: s\nmodel: m\nprompts: { ${turn(prompts).join(', ')} }\nconfigs: { ${turn(configs).join(', ')} }\ntests: [ ${turn(tests).join(', ')} ]`,
    ).then(({ cases }) => cases.map(({ id }) => id).toSorted());
  expect(await plan((list) => list.toReversed())).toEqual(await plan((list) => list));
});
