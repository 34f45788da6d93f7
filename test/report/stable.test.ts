/** Laws of the stable files: they hang on the replies alone, and a small change of a reply is a small change of a file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeJournal } from '../../src/engine/judge-journal.ts';
import { trialRecord } from '../../src/execute/trial.ts';
import { encodeLine } from '../../src/journal/lines.ts';
import { journalVersion as v, type JournalRecord, type TrialRecord } from '../../src/journal/record.ts';
import type { Plan } from '../../src/plan/case.ts';
import { planSuite } from '../../src/plan/plan.ts';
import { json } from '../../src/report/json.ts';
import { loadSuites } from '../../src/suite/load.ts';
import { problemsBySchema } from '../e2e/check-reports.ts';
import { project } from '../e2e/project.ts';
import { makeReport } from './fake.ts';

const suite = `suite: laws
model: gemini-3.8-flash
repeats: 3
passRate: 0.6
configs: { plain: {}, warm: { temperature: 1 } }
prompts: { p: "Describe {{object}}." }
tests:
  - name: objects
    data: [ { object: lamp }, { object: boat } ]
    row: "{{object}}"
    assert:
      - contains: word
      - length: { words: { min: 1 } }
      - { latency: { total: { max: 1000 } }, severity: warn }
`;
const one = suite
  .replace('repeats: 3\npassRate: 0.6\n', '')
  .replace('data: [ { object: lamp }, { object: boat } ]', 'data: [ { object: lamp } ]')
  .replace(', warm: { temperature: 1 }', '');

const folder = mkdtempSync(path.join(os.tmpdir(), 'assay-laws-'));
const plans: Record<string, Plan> = {};
beforeAll(async () => {
  for (const [name, text] of Object.entries({ suite, one })) {
    writeFileSync(path.join(folder, `${name}.suite.yaml`), text);
    const found: unknown[] = [];
    const options = { cwd: folder, report: (diagnostic: unknown) => void found.push(diagnostic) };
    const [loaded] = await loadSuites([`${name}.suite.yaml`], options);
    expect(found).toEqual([]);
    if (loaded) plans[name] = await planSuite(loaded, { selection: {}, env: {} }, options.report);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a model said, and what the network did with it. */
interface Said {
  readonly text: string;
  readonly finishReason: string;
  readonly failed: boolean;
  readonly ms: number;
  readonly responseId: string;
}
const word = fc.constantFrom(
  'word',
  'a',
  'lamp',
  'Straße',
  '雨',
  '"',
  '\\',
  '<b>',
  '👩‍👧',
  'e\u0301',
  '\u2028',
  '\r',
  '\t',
);
const words = fc.array(word, { minLength: 1, maxLength: 30 });
const said: fc.Arbitrary<Said> = fc.record({
  text: fc
    .array(
      words.map((list) => list.join(' ')),
      { minLength: 1, maxLength: 4 },
    )
    .map((lines) => lines.join('\n')),
  finishReason: fc.constantFrom('STOP', 'MAX_TOKENS', 'SAFETY'),
  failed: fc.boolean(),
  ms: fc.integer({ min: 1, max: 900 }),
  responseId: fc.string({ unit: 'grapheme-ascii', maxLength: 8 }),
});

/** A trial as the journal keeps it; `number` is the order of asking. */
function recordOf(
  name: string,
  id: string,
  number: number,
  { text, finishReason, failed, ms, responseId }: Said,
): TrialRecord {
  const plan = plans[name];
  const ref = plan?.cases.find((each) => each.id === id);
  if (!plan || !ref) throw new Error(`no case ${id}`);
  const at = new Date(1_767_225_600_000 + ms).toISOString();
  const candidate = { content: { role: 'model', parts: [{ text }] }, finishReason };
  const body = failed
    ? { error: { code: 503, status: 'UNAVAILABLE', message: text } }
    : {
        candidates: [candidate],
        usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 5, totalTokenCount: 8 },
        modelVersion: 'gemini-3.8-flash',
        responseId,
      };
  return trialRecord(plan.materialize(ref), number, {
    at,
    exchanges: [{ status: failed ? 503 : 200, body, totalMs: ms }],
    attempts: [{ call: 0, at, ms, status: failed ? 503 : 200 }],
  });
}

/** The bytes of the stable file that these trials give, in the order in which they settled. */
async function stableOf(name: string, trials: readonly TrialRecord[], startedAt: string): Promise<string> {
  const plan = plans[name];
  if (!plan) throw new Error(`no plan ${name}`);
  const journal = path.join(folder, 'journal.jsonl');
  const facts = { startedAt, assay: '0', node: '0', endpoint: 'http://127.0.0.1', emulator: false };
  const records: JournalRecord[] = [
    { v, type: 'run', ...facts, paths: [], suites: [], options: { selection: {} } },
    ...trials,
    { v, type: 'end', at: startedAt, reason: 'done' },
  ];
  writeFileSync(journal, records.map(encodeLine).join(''));
  const closing: (() => unknown)[] = [];
  const results = await judgeJournal({ atClose: (work) => closing.push(work) }, [plan], journal);
  await makeReport(json, results, folder);
  for (const work of closing) await work();
  return readFileSync(path.join(folder, 'laws.json'), 'utf8');
}

test('writes the same bytes for any order, latency, id and time of day', async () => {
  const ids = ['lamp', 'boat'].flatMap((row) =>
    ['plain', 'warm'].map((config) => `objects / ${row} / p / ${config}`),
  );
  const replies = fc.array(fc.array(said, { minLength: 3, maxLength: 3 }), {
    minLength: ids.length,
    maxLength: ids.length,
  });
  await fc.assert(
    fc.asyncProperty(
      replies.chain((all) => {
        const slots = all.flatMap((list, at) => list.map((reply) => ({ id: ids[at] ?? '', reply })));
        const shuffled = fc.shuffledSubarray(slots, { minLength: slots.length, maxLength: slots.length });
        return fc.tuple(
          fc.constant(slots),
          shuffled,
          fc.integer({ min: 1, max: 900 }),
          fc.string({ maxLength: 5 }),
        );
      }),
      async ([slots, shuffled, ms, responseId]) => {
        const number = (list: typeof slots): TrialRecord[] => {
          const trialsById = new Map<string, number>();
          return list.map(({ id, reply }) => {
            const next = (trialsById.get(id) ?? 0) + 1;
            trialsById.set(id, next);
            return recordOf('suite', id, next, reply);
          });
        };
        const otherwise = shuffled.map(({ id, reply }) => ({ id, reply: { ...reply, ms, responseId } }));
        const first = await stableOf('suite', number(slots), '2026-01-01T00:00:00.000Z');
        const second = await stableOf('suite', number(otherwise), '2027-07-07T07:07:07.007Z');
        expect(second).toBe(first);
        expect(problemsBySchema('results', JSON.parse(first))).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});

test('one changed word changes at most 3 lines', async () => {
  const change = fc.tuple(fc.array(words, { minLength: 1, maxLength: 6 }), fc.nat(), fc.nat(), word);
  await fc.assert(
    fc.asyncProperty(
      change,
      fc.constantFrom('STOP', 'MAX_TOKENS'),
      async ([lines, lineAt, wordAt, other], finishReason) => {
        const changed = lines.map((line, index) =>
          index === lineAt % lines.length ? line.with(wordAt % line.length, other) : line,
        );
        const fileOf = (list: string[][]): Promise<string> => {
          const text = list.map((line) => line.join(' ')).join('\n');
          const reply = { text, finishReason, failed: false, ms: 5, responseId: text };
          const record = recordOf('one', 'objects / lamp / p / plain', 1, reply);
          return stableOf('one', [record], '2026-01-01T00:00:00.000Z');
        };
        const [before, after] = [await fileOf(lines), await fileOf(changed)];
        const [old, now] = [before, after].map((text) => text.split('\n'));
        // A word that is nothing but space, or the word that is looked for, changes what comes of it.
        const [was, is] = [before, after].map((text) =>
          [...text.matchAll(/"(?:verdict|outcome)": "(.*)"/g)].map(([, value]) => value),
        );
        fc.pre(String(was) === String(is));
        expect(now).toHaveLength(old?.length ?? 0);
        const differing = (now ?? []).filter((line, index) => line !== old?.[index]);
        expect(differing.length).toBeLessThanOrEqual(3);
      },
    ),
    { numRuns: 100 },
  );
});

test('writes the same bytes at concurrency 1 and 32, with late and unordered replies', () =>
  project(
    {
      'suites/laws.suite.yaml': suite,
      'script.yaml': `seed: 3
replies:
  - { when: { prompt: { contains: lamp } }, probability: 0.4, delay: 60, reply: { text: "a slow word\\nof two lines" } }
  - { when: { prompt: { contains: boat } }, probability: 0.3, reply: { text: no, finishReason: MAX_TOKENS } }
  - reply: { text: a quick word }
`,
    },
    async ({ assay: run, read }) => {
      for (const concurrency of [1, 32]) {
        const ended = await run(
          `run --emulator --script script.yaml --concurrency ${concurrency} --reports r${concurrency}`,
        );
        expect([0, 1], ended.stderr).toContain(ended.code);
      }
      expect(read('r32/laws.json')).toBe(read('r1/laws.json'));
    },
  ));
