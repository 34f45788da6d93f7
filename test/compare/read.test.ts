/** Results files are read whoever formatted them, one case at a time, and told from what they are not. */
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

test('any text in a case, any indentation: the same cases', () =>
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

test('cases larger than what is read at once', async () => {
  const cases = ['a', 'b', 'c'].map((id) => caseOf('passed', { id, texts: [`"${id}😀`.repeat(150_000)] }));
  expect(await read(JSON.stringify({ ...head, cases }, null, 2))).toEqual(cases);
});

test.for<[string, string, string]>([
  ['nothing', '', 's.json is not JSON'],
  ['no JSON', 'suite: s\n', 's.json is not JSON'],
  ['half a head', '{ "schema": "assay/results/2", "suite": ', 's.json is not JSON'],
  ['a head without cases', JSON.stringify(head), 's.json does not end with its cases'],
  ['cases that are none', JSON.stringify({ ...head, cases: 3 }), 's.json does not end with its cases'],
  ['cases before the rest', JSON.stringify({ cases: [], ...head }), 's.json'],
  [
    'more behind the cases',
    JSON.stringify({ ...head, cases: [], more: 1 }),
    's.json does not end with its cases',
  ],
  ['a number for a case', JSON.stringify({ ...head, cases: [1] }), 's.json has something between its cases'],
  ['a list for a case', JSON.stringify({ ...head, cases: [[]] }), 'expected a map'],
  [
    'two commas',
    JSON.stringify({ ...head, cases: [] }).replace('[]', '[,,]'),
    's.json has something between its cases',
  ],
  [
    'cut off within a string',
    JSON.stringify({ ...head, cases: [caseOf('passed')] }).slice(0, -40),
    'not whole JSON',
  ],
  [
    'cut off behind a case',
    JSON.stringify({ ...head, cases: [caseOf('passed')] }).slice(0, -2),
    's.json ends before its cases do',
  ],
  [
    'an unknown verdict',
    JSON.stringify({ ...head, cases: [{ ...caseOf('passed'), verdict: 'fine' }] }),
    'has an invalid case here: verdict: unknown value "fine"',
  ],
])('refused: %s', async ([, text, message]) => {
  // A file without a format of ours holds no results; that is for its caller to tell.
  if (message === 's.json') {
    expect(await read(text)).toEqual([]);
    return;
  }
  const fault = await read(text).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(DiagnosticError);
  expect((fault as DiagnosticError).message).toContain(message);
});

const missed = {
  assertion: 'contains: x',
  kind: 'contains',
  verdict: 'failed' as const,
  message: 'no',
  source: 's.suite.yaml:5:5',
};
const held = { ...missed, verdict: 'passed' as const };
const [passedTrial] = caseOf('passed').trials;

test.for<[name: string, given: object, says: string | undefined]>([
  ['all is as it follows', { trials: [{ ...passedTrial, assertions: [held] }] }, undefined],
  [
    'a missed assertion of severity warn',
    { trials: [{ ...passedTrial, assertions: [{ ...missed, severity: 'warn' }] }] },
    undefined,
  ],
  [
    'a case that its trials do not fail',
    { verdict: 'failed' },
    '"a" has the verdict failed, its trials say passed',
  ],
  [
    'a trial that its assertions fail',
    { trials: [{ ...passedTrial, assertions: [missed] }] },
    'trial 1 of "a" has the verdict passed, its assertions say failed',
  ],
  [
    'a trial that its assertions do not fail',
    { verdict: 'failed', trials: [{ ...passedTrial, verdict: 'failed', assertions: [held] }] },
    'trial 1 of "a" has the verdict failed, its assertions say passed',
  ],
  ['a case without trials', { trials: [] }, '"a" has the verdict passed, its trials say skipped'],
])('verdicts follow from trials: %s', async ([, given, says]) => {
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

test('turns of version 1 are read in the form of today, and need not be so in version 2', async () => {
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

test('files of a folder that hold no results are passed over; one that is broken is not', async () => {
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
