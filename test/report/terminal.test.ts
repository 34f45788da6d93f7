/** What a run prints: it fits the terminal, loses nothing, and drives nobody's terminal. */
import { stripVTControlCharacters } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderTable } from '../../src/report/terminal/table.ts';
import { failure, judged, resultsOfRun } from '../judge/judged.ts';
import { summaryOf } from './fake.ts';

const head = ['suite', 'case', 'tokens'];
const rows = [
  ['weather', 'names the city / Oslo / forecast / plain', 12],
  ['weather', 'refuses / storm / calm', 3456],
];
const plain = { color: false };

describe('a table', () => {
  test('has a frame if it fits, and no line between rows', async () => {
    expect(await renderTable(head, rows, ['tokens'], plain)).toBe(
      `
┌─────────┬──────────────────────────────────────────┬────────┐
│ suite   │ case                                     │ tokens │
│ weather │ names the city / Oslo / forecast / plain │     12 │
│ weather │ refuses / storm / calm                   │   3456 │
└─────────┴──────────────────────────────────────────┴────────┘`.slice(1),
    );
  });

  test('wraps texts between words if it is too wide', async () => {
    expect(await renderTable(head, rows, ['tokens'], { ...plain, columns: 40 })).toBe(
      `
┌─────────┬───────────────────┬────────┐
│ suite   │ case              │ tokens │
│ weather │ names the city /  │     12 │
│         │ Oslo / forecast / │        │
│         │ plain             │        │
│ weather │ refuses / storm / │   3456 │
│         │ calm              │        │
└─────────┴───────────────────┴────────┘`.slice(1),
    );
  });

  test('drops its frame if wrapping is not enough', async () => {
    expect(await renderTable(head, rows, ['tokens'], { ...plain, columns: 26 })).toBe(
      `
suite   case       tokens
weather names the      12
        city /
        Oslo /
        forecast /
        plain
weather refuses /    3456
        storm /
        calm`.slice(1),
    );
  });

  const cell = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '/', '日', '🎈', '-'), maxLength: 40 });
  test('is never wider than the terminal and loses no text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, fc.nat()), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 60, max: 120 }),
        async (table, columns) => {
          const drawn = await renderTable(head, table, ['tokens'], { ...plain, columns });
          for (const line of drawn.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
          const signs = (text: string): string =>
            [...text.replaceAll(/[\s│┌┐└┘─┬┴]/g, '')].toSorted().join('');
          expect(signs(drawn)).toBe(signs([head, ...table].flat().join('')));
        },
      ),
    );
  });

  test('of more than 200 rows is plain columns', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => ['日本', `case ${index}`, index]);
    const lines = (await renderTable(head, many, ['tokens'], { ...plain, columns: 20 })).split('\n');
    expect(lines).toHaveLength(20_001);
    expect(lines[0]).toBe('suite  case        tokens');
    expect(lines[8]).toBe('日本   case 7           7');
    expect(lines.at(-1)).toBe('日本   case 19999   19999');
  });

  test('colours only its header', async () => {
    const drawn = await renderTable(head, rows, ['tokens'], { color: true });
    expect(drawn).toContain('\u001B[1m');
    expect(stripVTControlCharacters(drawn)).toBe(await renderTable(head, rows, ['tokens'], plain));
  });

  test('a name cannot control the terminal', async () => {
    const drawn = await renderTable(['name'], [['\u001B[2J\u202Eevil\u0007']], [], plain);
    for (const sign of ['\u001B', '\u202E', '\u0007']) expect(drawn).not.toContain(sign);
    expect(drawn.split('\n')).toHaveLength(4);
  });
});

/** Columns that a text takes: what lies in the wide blocks takes two. */
const widthOf = (text: string): number =>
  [...text].reduce((sum, sign) => sum + (/[日🎈]/u.test(sign) ? 2 : 1), 0);

const yaml = `suite: s
model: m
configs: { plain: {}, warm: { temperature: 1 } }
prompts: { p: "Say {{n}}" }
tests:
  - { name: fails, data: [ { n: one }, { n: two } ], row: "{{n}}", configs: [plain], assert: [ { contains: never }, { latency: { total: { max: 5 } } } ] }
  - { name: errors, configs: [warm], vars: { n: x }, assert: [ { contains: never } ] }
  - { name: passes, vars: { n: x }, assert: [ { outcome: answered } ] }
`;
const reply = 'a\u001B[31m long answer that '.repeat(30);
const results = () =>
  judged(yaml, (id) => (id.startsWith('errors') ? failure(503, 'UNAVAILABLE', 'Try\u0007 later.') : reply));

test('the summary has a row per config, each failure with its details, and totals', async () => {
  const printed = await summaryOf(resultsOfRun(await results()), plain);
  expect(printed).toContain(
    '│ s     │ plain  │      1 │      2 │       0 │       0 │     21 │    ? │ 0.0 s │',
  );
  expect(printed).toContain(
    '│ s     │ warm   │      1 │      0 │       1 │       0 │      7 │    ? │ 0.0 s │',
  );
  expect(printed).toContain('FAILED fails / one / p / plain\n  the text does not contain "never"\n');
  expect(printed).toContain('--> a.suite.yaml:6:');
  expect(printed).toContain('  expected:  never\n  actual:    a');
  expect(printed).toContain('expected at most 5 ms (took 12 ms)');
  expect(printed).toMatch(
    /ERRORED errors \/ p \/ warm\n {2}UNAVAILABLE: Try. later\.\n --> a\.suite\.yaml:7:/,
  );
  expect(printed).toMatch(
    /5 cases: 2 passed, 2 failed, 1 errored, 0 skipped, 0 warnings in 1\.5 s; cost at the API's prices: unknown for 4 trials$/,
  );
  for (const sign of ['\u001B', '\u0007']) expect(printed).not.toContain(sign);
});

test('keeps tabs and emoji joiners', async () => {
  const family = '\u{1F468}\u200D\u{1F469}';
  const printed = await summaryOf(resultsOfRun(await judged(yaml, () => `a\tb ${family}`)), plain);
  expect(printed).toContain(`  actual:    a\tb ${family}\n`);
});

test.for([60, 80, 120])('in %i columns no line is longer than the terminal', async (columns) => {
  const printed = await summaryOf(resultsOfRun(await results()), { color: false, columns });
  for (const line of printed.split('\n')) expect(line.length, line).toBeLessThanOrEqual(columns);
  expect(printed).toContain('  expected:  never');
});

test('shows a limited number of failures and counts the rest', async () => {
  const many = `suite: s\nmodel: m\nprompts: { p: "{{n}}" }\ntests: [ { name: t, data: [ ${Array.from({ length: 25 }, (_, n) => `{ n: n${n} }`).join(', ')} ], row: "{{n}}", assert: [ { contains: never } ] } ]\n`;
  const printed = await summaryOf(resultsOfRun(await judged(many, () => 'x')), plain);
  expect(printed.match(/^FAILED/gm)).toHaveLength(20);
  expect(printed).toContain('\n\n+5 more; the reports have them all\n\n');
});
