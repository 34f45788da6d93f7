/** What narrows a plan: within an option any of its values, across options all of them. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Selection } from '../../src/plan/case.ts';
import { isSelected } from '../../src/plan/select.ts';
import { planSound } from '../suites.ts';

const yaml = `suite: s
models: [m1, m2]
prompts: { story: P, poem: Q }
configs: { plain: {}, deep: { model: m3 } }
tests:
  - { name: Long Stories, tags: [smoke, long], prompts: [story] }
  - { name: poems, tags: [long], prompts: [poem], configs: [plain] }
  - { name: list, method: models.list }
`;

test.for<[selection: Selection, count: number]>([
  [{}, 6],
  [{ filter: ['STORIES'] }, 3],
  [{ filter: ['stories / story / deep'] }, 1],
  [{ filter: ['deep', 'poems'] }, 3],
  [{ tag: ['long'] }, 5],
  [{ tag: ['smoke'] }, 3],
  [{ tag: ['smo'] }, 0],
  [{ test: ['poems', 'list'] }, 3],
  [{ test: ['long stories'] }, 0],
  [{ prompt: ['story', 'poem'] }, 5],
  [{ config: ['deep'] }, 1],
  [{ model: ['m3'] }, 1],
  [{ model: ['m1'], tag: ['long'], prompt: ['poem'] }, 1],
  [{ config: ['plain'], test: ['list'] }, 0],
  [{ filter: [] }, 0],
])('%j leaves %i cases', async ([selection, count]) => {
  const plan = await planSound(yaml, { selection });
  expect(plan.cases).toHaveLength(count);
  expect(plan.total).toBe(6);
});

test('selects a case only if every option selects it', async () => {
  const { cases } = await planSound(yaml);
  const some = (values: string[]): fc.Arbitrary<string[] | undefined> =>
    fc.option(fc.subarray([...values, 'none']), { nil: undefined });
  const selections = fc.record({
    filter: some(['poem', 'plain', 'M1']),
    tag: some(['smoke', 'long']),
    test: some(['Long Stories', 'poems', 'list']),
    prompt: some(['story', 'poem']),
    config: some(['plain', 'deep']),
    model: some(['m1', 'm2', 'm3']),
  });
  fc.assert(
    fc.property(selections, (given) => {
      const options = Object.entries(given).filter(([, values]) => values !== undefined);
      for (const ref of cases)
        expect(isSelected(ref, Object.fromEntries(options))).toBe(
          options.every(([name, values]) => isSelected(ref, { [name]: values })),
        );
    }),
  );
});
