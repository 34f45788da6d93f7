/** How report files come into their folder, and leave it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SessionEvent } from '../../src/engine/context.ts';
import { readReporters, writeReports } from '../../src/engine/reports.ts';
import type { Results } from '../../src/judge/results.ts';
import { removeStale } from '../../src/report/stale.ts';
import { writeWhole } from '../../src/report/write.ts';
import { failure, judged, resultsOfRun } from '../judge/judged.ts';
import { writeFiles } from '../suites.ts';

/** Writes the reports of a `--reporter` list and expects no error. */
async function write(results: Results, folder: string, list: string): Promise<void> {
  const events: SessionEvent[] = [];
  const context = { cwd: folder, env: {}, on: (event: SessionEvent) => void events.push(event) };
  const reporters = await readReporters(context, list.split(','));
  const { complete } = await writeReports(context, results, folder, reporters);
  expect(complete, JSON.stringify(events)).toBe(true);
  expect(events).toEqual([]);
}

test('writes the same file for any chunk sizes', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.constantFrom(0, 1, 500, 20_000))),
      async (drawn) => {
        const pieces = drawn.map(([text, times]) => text.repeat(times));
        const file = path.join(writeFiles({}), 'out.json');
        await writeWhole(file, pieces);
        expect(readFileSync(file, 'utf8')).toBe(pieces.join(''));
      },
    ),
    { numRuns: 30 },
  ));

test('a failed write keeps the old file and leaves no temporary file', async () => {
  const folder = writeFiles({ 'out.json': 'old' });
  const file = path.join(folder, 'out.json');
  function* broken(): Generator<string> {
    yield 'x'.repeat(100_000);
    throw new Error('no more');
  }
  await expect(writeWhole(file, broken())).rejects.toThrow('no more');
  expect(readFileSync(file, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['out.json']);
  await expect(writeWhole(path.join(folder, 'none/out.json'), ['x'])).rejects.toThrow('ENOENT');
});

test('removes only results of Assay that are no longer wanted', async () => {
  const results = await judged(
    'suite: s\nmodel: m\nprompts: { p: P }\nassert: [ { outcome: answered } ]\n',
    () => 'x',
  );
  const folder = writeFiles({
    'mine.json': '{"schema":"mine"}',
    'short.json': '{',
    'notes.md': 'x',
    'run.json': 'x',
  });
  await write(resultsOfRun(results), folder, 'json');
  const stale = readFileSync(path.join(folder, 's.json'), 'utf8');
  writeFileSync(path.join(folder, 'gone.json'), stale.replace('"suite": "s"', '"suite": "gone"'));
  // A copy that somebody keeps to compare with.
  writeFileSync(path.join(folder, 's-before.json'), stale);
  writeFileSync(path.join(folder, 'gone.txt'), stale);
  await removeStale(folder, ['s.json']);
  expect(readdirSync(folder).toSorted()).toEqual([
    'gone.txt',
    'mine.json',
    'notes.md',
    'run.json',
    's-before.json',
    's.json',
    'short.json',
  ]);
});

test('run.json has the volatile values: times, latencies, attempts, versions, endpoint, figures', async () => {
  const results = await judged(
    'suite: s\nmodel: m\nmethod: streamGenerateContent\nprompts: { p: P }\nassert: [ { latency: { total: { max: 5000 } } } ]\n',
    () => ({
      status: 200,
      body: {
        candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason: 'STOP' }],
        responseId: 'r-1',
      },
      totalMs: 987.654,
      firstTokenMs: 12.5,
      chunks: 3,
    }),
  );
  const folder = writeFiles({});
  await write(resultsOfRun(results), folder, 'json');
  const run = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as unknown;
  expect(run).toMatchObject({
    schema: 'assay/run/1',
    startedAt: '2026-01-01T12:00:00.000Z',
    endedAt: '2026-01-01T12:00:01.500Z',
    durationMs: 1500,
    endpoint: 'http://127.0.0.1:4321',
    emulator: true,
    assay: '1.2.3',
    node: '20.20.0',
    ended: 'done',
    suites: [
      {
        suite: 's',
        summary: { cases: 1, passed: 1 },
        cases: [
          {
            id: 's / p',
            trials: [
              {
                trial: 1,
                at: '2026-01-01T12:00:01.000Z',
                totalMs: 987.7,
                firstTokenMs: 12.5,
                chunks: 3,
                attempts: 1,
                waitedMs: 0,
                responseId: 'r-1',
              },
            ],
          },
        ],
      },
    ],
  });
  expect(JSON.stringify(run)).toContain('988 ms');
  const stable = readFileSync(path.join(folder, 's.json'), 'utf8');
  expect(stable).not.toMatch(/98[78]|12\.5|r-1|2026|4321/);
});

test('writes each named report once, and run.json', async () => {
  const results = await judged('suite: s\nmodel: m\nprompts: { p: P }\nassert: [ { contains: x } ]\n', () =>
    failure(503, 'UNAVAILABLE'),
  );
  const folder = writeFiles({});
  await write(resultsOfRun(results), folder, 'json,html,junit,json');
  expect(readdirSync(folder).toSorted()).toEqual(['index.html', 'junit.xml', 'run.json', 's.json']);
});
