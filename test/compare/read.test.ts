/** Results files are read in any formatting, one case at a time; other files are rejected. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openStored } from '../../src/compare/read.ts';
import { findStored } from '../../src/compare/sources.ts';
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts';
import { writeFiles } from '../suites.ts';
import { caseOf } from './stored.ts';

const summary = { cases: 0, passed: 0, failed: 0, errored: 0, skipped: 0, inconclusive: 0, warnings: 0 };
const head = { schema: 'assay/results/2', suite: 's', path: 's.suite.yaml', summary };

async function read(text: string): Promise<unknown[]> {
  const file = path.join(writeFiles({}), 's.json');
  writeFileSync(file, text);
  const stored = await openStored(file, 's.json');
  const cases: unknown[] = [];
  if (stored) for await (const each of stored.cases()) cases.push(each);
  return cases;
}

const hard = fc.string({
  unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ' ', 'é', '😀', '\n', '"cases": ['),
});

test('reads the same cases for any text and indentation', () =>
  fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(hard, hard), { selector: ([id]) => id, maxLength: 6 }),
      fc.constantFrom(0, 1, 2, 4, '\t'),
      hard,
      async (drawn, indent, description) => {
        const cases = drawn
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([id, text]) =>
            caseOf('passed', { id, texts: [text], extra: { cases: [{ cases: [] }] } } as object),
          );
        expect(await read(JSON.stringify({ ...head, description, cases }, null, indent))).toEqual(cases);
      },
    ),
    { numRuns: 150 },
  ));

test('reads cases larger than one chunk', async () => {
  const cases = ['a', 'b', 'c'].map((id) => caseOf('passed', { id, texts: [`"${id}😀`.repeat(150_000)] }));
  expect(await read(JSON.stringify({ ...head, cases }, null, 2))).toEqual(cases);
});

test.for<[string, string, string]>([
  ['nothing', '', 's.json is not JSON'],
  ['text that is not JSON', 'suite: s\n', 's.json is not JSON'],
  ['half a header', '{ "schema": "assay/results/2", "suite": ', 's.json is not JSON'],
  ['a header without cases', JSON.stringify(head), 's.json does not end with its cases'],
  ['cases that are not a list', JSON.stringify({ ...head, cases: 3 }), 's.json does not end with its cases'],
  ['cases before the rest', JSON.stringify({ cases: [], ...head }), 's.json'],
  [
    'text after the cases',
    JSON.stringify({ ...head, cases: [], more: 1 }),
    's.json does not end with its cases',
  ],
  [
    'a number instead of a case',
    JSON.stringify({ ...head, cases: [1] }),
    's.json has something between its cases',
  ],
  ['a list instead of a case', JSON.stringify({ ...head, cases: [[]] }), 'expected a map'],
  [
    'two commas',
    JSON.stringify({ ...head, cases: [] }).replace('[]', '[,,]'),
    's.json has something between its cases',
  ],
  [
    'truncated in a string',
    JSON.stringify({ ...head, cases: [caseOf('passed')] }).slice(0, -40),
    'cut off or is not JSON',
  ],
  [
    'truncated after a case',
    JSON.stringify({ ...head, cases: [caseOf('passed')] }).slice(0, -2),
    's.json ends before its cases do',
  ],
  [
    'an unknown verdict',
    JSON.stringify({ ...head, cases: [{ ...caseOf('passed'), verdict: 'fine' }] }),
    'has an invalid case here: verdict: unknown value "fine"',
  ],
])('rejects: %s', async ([, text, message]) => {
  // A file of another format has no results; its caller reports that.
  if (message === 's.json') {
    expect(await read(text)).toEqual([]);
    return;
  }
  const thrown = await read(text).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(DiagnosticError);
  expect((thrown as DiagnosticError).message).toContain(message);
});

const missed = {
  assertion: 'contains: x',
  kind: 'contains',
  verdict: 'failed' as const,
  message: 'no',
  source: 's.suite.yaml:5:5',
};
const passedAssertion = { ...missed, verdict: 'passed' as const };
const [passedTrial] = caseOf('passed').trials;

test.for<[name: string, given: object, says: string | undefined]>([
  ['consistent verdicts', { trials: [{ ...passedTrial, assertions: [passedAssertion] }] }, undefined],
  [
    'a failed assertion of severity warn',
    { trials: [{ ...passedTrial, assertions: [{ ...missed, severity: 'warn' }] }] },
    undefined,
  ],
  [
    'a failed case with passed trials',
    { verdict: 'failed' },
    '"a" has the verdict failed, its trials say passed',
  ],
  [
    'a passed trial with a failed assertion',
    { trials: [{ ...passedTrial, assertions: [missed] }] },
    'trial 1 of "a" has the verdict passed, its assertions say failed',
  ],
  [
    'a failed trial with passed assertions',
    { verdict: 'failed', trials: [{ ...passedTrial, verdict: 'failed', assertions: [passedAssertion] }] },
    'trial 1 of "a" has the verdict failed, its assertions say passed',
  ],
  ['a case without trials', { trials: [] }, '"a" has the verdict passed, its trials say skipped'],
])('checks verdicts against trials: %s', async ([, given, says]) => {
  const text = (schema: string): string =>
    JSON.stringify({ ...head, schema, cases: [{ ...caseOf('passed'), ...given }] });
  const came = await read(text(head.schema)).then(
    () => undefined,
    (error: unknown) => (error as DiagnosticError).message,
  );
  if (says === undefined) expect(came).toBeUndefined();
  else expect(came).toContain(`a verdict that does not follow from its own trials: ${says}`);
  // Version 1 was judged by other rules.
  expect(await read(text('assay/results/1'))).toHaveLength(1);
});

test('converts turns of version 1, and rejects them in version 2', async () => {
  const trial = { ...passedTrial, turns: [['Hello.']] };
  const text = (schema: string): string =>
    JSON.stringify({ ...head, schema, cases: [{ ...caseOf('passed'), trials: [trial] }] });
  expect(await read(text('assay/results/1'))).toMatchObject([
    { trials: [{ turns: [{ text: ['Hello.'] }, { text: ['text'] }] }] },
  ]);
  await expect(read(text('assay/results/2'))).rejects.toThrow(
    'trials[0].turns[0]: expected a map, received a list',
  );
});

test('skips files without results and rejects a broken one', async () => {
  const folder = writeFiles({
    'a.json': JSON.stringify({ ...head, cases: [] }),
    'run.json': 'whatever',
    'mine.json': '{"a":1}',
    'notes.md': 'x',
  });
  expect((await findStored(folder, 'baselines')).map(({ suite }) => suite)).toEqual(['s']);
  writeFileSync(path.join(folder, 'b.json'), '<<<<<<< ours\n{}');
  await expect(findStored(folder, 'baselines')).rejects.toThrow(
    'baselines/b.json is not JSON: a merge conflict is not resolved',
  );
});
