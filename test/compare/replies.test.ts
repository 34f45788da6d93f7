/** What came back is compared as a whole: a change that no text shows is named in plain words in every report. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { classify } from '../../src/compare/classify.ts';
import { compareResults } from '../../src/compare/compare.ts';
import type { Class, ComparedCase, Comparison } from '../../src/compare/comparison.ts';
import type { StoredSuite } from '../../src/compare/read.ts';
import { olderFormat, type CaseRecord } from '../../src/judge/case-record.ts';
import type { JsonObject, JsonValue } from '../../src/lib/json.ts';
import { comparisonPieces } from '../../src/report/compare/json.ts';
import { comparisonMarkdown } from '../../src/report/compare/markdown.ts';
import { renderComparison } from '../../src/report/compare/terminal.ts';
import { differenceInWords } from '../../src/report/compare/words.ts';
import { html } from '../../src/report/html/page.ts';
import { problemsBySchema } from '../e2e/check-reports.ts';
import { judged, resultsOfRun, type Came } from '../judge/judged.ts';
import { makeReport } from '../report/fake.ts';
import { writeFiles } from '../suites.ts';
import { caseOf, casesOf, suiteOf } from './stored.ts';

const suite = `suite: lamps
model: m
prompts: { draw: Draw a lamp and say so. }
tests:
  - name: draws
    assert:
      - contains: Here it is
      - { contains: Here it is., severity: warn, label: full stop }
`;
const talk = `suite: talks
model: m
prompts: { talk: [ { user: Hi }, { model: }, { user: Draw } ] }
assert: [ { contains: Here it is } ]
`;
const text = { text: 'Here it is.' };
const png = { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } };
const otherPng = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };
const ran = (outcome: string, output: string): JsonObject[] => [
  { executableCode: { language: 'PYTHON', code: 'print(1' } },
  { codeExecutionResult: { outcome, output } },
];
const reply = (parts: JsonValue[], more: JsonObject = {}): Came => ({
  body: {
    candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0, ...more }],
    modelVersion: 'm-001',
  },
});
const cites = { citationMetadata: { citationSources: [{ uri: 'https://example.org/a', endIndex: 4 }] } };
const grounds = {
  groundingMetadata: {
    webSearchQueries: ['lamp'],
    groundingChunks: [{ web: { uri: 'https://example.org/b', title: 'b' } }],
  },
};
const rated = (probability: string): JsonObject => ({
  safetyRatings: [{ category: 'HARM_CATEGORY_HARASSMENT', probability }],
});
const digest = 'sha256:4c4b6a3be131';

async function compared(yaml: string, before: Came, after: Came, older = false): Promise<ComparedCase> {
  const [was] = await casesOf({ 'a.suite.yaml': yaml }, () => before);
  const [now] = await casesOf({ 'a.suite.yaml': yaml }, () => after);
  return classify('lamps', was, now, older);
}

const table: readonly (readonly [name: string, before: Came, after: Came, kind: Class, words: string[]])[] = [
  ['nothing', reply([text, png]), reply([text, png]), 'unchanged', []],
  [
    'line ends',
    reply([
      { text: 'Think.\r\nDone.', thought: true },
      { text: 'Here it is.\r\nDone.' },
      ...ran('OUTCOME_OK', '1\r\n'),
    ]),
    reply([
      { text: 'Think.\nDone.', thought: true },
      { text: 'Here it is.\nDone.' },
      ...ran('OUTCOME_OK', '1\n'),
    ]),
    'unchanged',
    [],
  ],
  [
    'the form of a letter',
    reply([{ text: 'Here it is. Caf\u00e9' }]),
    reply([{ text: 'Here it is. Cafe\u0301' }]),
    'unchanged',
    [],
  ],
  [
    'no picture',
    reply([text, png]),
    reply([text]),
    'changedText',
    [`picture gone: image/png, 8 bytes, ${digest}`],
  ],
  [
    'another picture',
    reply([text, png]),
    reply([text, otherPng]),
    'changedText',
    [`another picture: image/png, 8 bytes, ${digest} → image/png, 3 bytes, sha256:709e80c88487`],
  ],
  [
    'a second picture',
    reply([text, png]),
    reply([text, png, otherPng]),
    'changedText',
    ['new picture: image/png, 3 bytes, sha256:709e80c88487'],
  ],
  [
    'a sound instead of a picture',
    reply([text, png]),
    reply([text, { inlineData: { mimeType: 'audio/wav', data: 'AAAA' } }]),
    'changedText',
    [`other media: image/png, 8 bytes, ${digest} → audio/wav, 3 bytes, sha256:709e80c88487`],
  ],
  [
    'failed code',
    reply([...ran('OUTCOME_OK', '1'), text]),
    reply([...ran('OUTCOME_FAILED', 'SyntaxError'), text]),
    'changedText',
    ['code execution failed: OUTCOME_FAILED: SyntaxError'],
  ],
  [
    'failed code instead of a picture',
    reply([text, png]),
    reply([...ran('OUTCOME_FAILED', 'SyntaxError'), text]),
    'changedText',
    [
      `picture gone: image/png, 8 bytes, ${digest}`,
      'new code: PYTHON: print(1',
      'code execution failed: OUTCOME_FAILED: SyntaxError',
    ],
  ],
  [
    'a citation',
    reply([text]),
    reply([text], cites),
    'changedText',
    ['new citation: https://example.org/a, 0–4'],
  ],
  [
    'no citation',
    reply([text], cites),
    reply([text]),
    'changedText',
    ['citation gone: https://example.org/a, 0–4'],
  ],
  [
    'grounding',
    reply([text]),
    reply([text], grounds),
    'changedText',
    ['new grounding: query: lamp, https://example.org/b'],
  ],
  [
    'no grounding',
    reply([text], grounds),
    reply([text]),
    'changedText',
    ['grounding gone: query: lamp, https://example.org/b'],
  ],
  [
    'a rating',
    reply([text]),
    reply([text], rated('MEDIUM')),
    'changedText',
    ['new safety rating: HARM_CATEGORY_HARASSMENT MEDIUM'],
  ],
  [
    'another rating',
    reply([text], rated('LOW')),
    reply([text], rated('HIGH')),
    'changedText',
    ['another safety rating: HARM_CATEGORY_HARASSMENT LOW → HARM_CATEGORY_HARASSMENT HIGH'],
  ],
  [
    'another finishReason',
    reply([text]),
    reply([text], { finishReason: 'OTHER', finishMessage: 'no reason' }),
    'regressed',
    ['another outcome: answered → aborted', 'another finishReason: STOP → OTHER: no reason'],
  ],
  ['a warning', reply([text]), reply([{ text: 'Here it is' }]), 'changedText', ['new warning: full stop']],
  [
    'other thoughts',
    reply([{ text: 'Hm.', thought: true }, text]),
    reply([{ text: 'Ah.', thought: true }, text]),
    'changedText',
    ['other thoughts: Hm. → Ah.'],
  ],
  [
    'a file by URI',
    reply([text]),
    reply([text, { fileData: { mimeType: 'video/mp4', fileUri: 'files/a' } }]),
    'changedText',
    ['new video: video/mp4, files/a'],
  ],
  [
    'a part of a new kind',
    reply([text]),
    reply([text, { brandNew: { inlineData: { mimeType: 'image/png', data: 'AAAA' } } }]),
    'changedText',
    [
      'new part: {"brandNew":{"inlineData":{"mimeType":"image/png","bytes":3,"sha256":"709e80c88487a2411e1ee4dfb9f22a861492d20c4765150c0c794abd70f8147c"}}}',
    ],
  ],
];

const changed = table.filter(([, , , kind]) => kind !== 'unchanged');

test.for(table)('%s', async ([, before, after, kind, words]) => {
  const found = await compared(suite, before, after);
  expect(found.class).toBe(kind);
  expect(found.differences.map(differenceInWords)).toEqual(words);
  expect(found.replyChanged).toBe(kind !== 'unchanged');
});

test('compares a picture of an earlier turn', async () => {
  const last = reply([text]);
  const found = await compared(talk, [reply([text, png]), last] as Came, [reply([text]), last] as Came);
  expect(found.class).toBe('changedText');
  expect(found.text).toBeUndefined();
  expect(found.differences.map(differenceInWords)).toEqual([
    `picture gone: turn 1: image/png, 8 bytes, ${digest}`,
  ]);
});

test('every report names the change and escapes hostile text', async () => {
  const bad = '</pre><script>x</script>\u001B[31m::error::`';
  const all = await Promise.all([
    ...changed.map(([, before, after]) => compared(suite, before, after)),
    compared(suite, reply([text, png]), reply([text, { inlineData: { mimeType: bad, data: 'AAAA' } }])),
    compared(suite, reply([text]), reply([text], { citationMetadata: { citationSources: [{ uri: bad }] } })),
  ]);
  const one = suiteOf('lamps', [caseOf('passed')]);
  const empty = await compareResults({ name: 'a', suites: [one] }, { name: 'b', suites: [one] }, options);
  const comparison: Comparison = { ...empty, cases: all };
  const json = JSON.parse([...comparisonPieces(comparison)].join('')) as {
    cases: { differences?: { message: string }[] }[];
  };
  expect(problemsBySchema('compare', json)).toEqual([]);
  expect(
    json.cases.slice(0, -2).map(({ differences }) => differences?.map(({ message }) => message)),
  ).toEqual(changed.map(([, , , , words]) => words));
  const folder = writeFiles({});
  const results = resultsOfRun(await judged(suite, () => reply([text, png])));
  await makeReport(html, results, folder, { comparison });
  const page = readFileSync(path.join(folder, 'index.html'), 'utf8');
  const terminal = renderComparison(comparison, { color: false });
  const markdown = comparisonMarkdown(comparison);
  for (const [, , , , words] of changed)
    for (const each of words) {
      expect(terminal).toContain(each);
      expect(markdown).toContain(each);
      expect(page).toContain(each.replaceAll('"', '&quot;'));
    }
  expect(page).not.toContain('<script>x');
  // oxlint-disable-next-line no-control-regex -- just these would steer a terminal
  expect(terminal).not.toMatch(/\u001B/);
  expect(markdown).not.toMatch(/^\s*::/m);
});

const options = {
  goneSuites: 'removed',
  goneCases: 'removed',
  oldAfterDays: 90,
  now: 0,
  headroomOf: 'before',
} as const;

test.for<[before: string[], after: string[], kind: Class]>([
  [['a'], ['a', 'a', 'a'], 'unchanged'],
  [['a', 'a', 'a'], ['a'], 'unchanged'],
  [['a', 'b'], ['a', 'b', 'a'], 'unchanged'],
  [['a', 'b'], ['a'], 'unchanged'],
  [['a'], ['a', 'b'], 'changedText'],
  [['a', 'b'], ['a', 'a', 'a'], 'changedText'],
  [['a', 'b'], ['c'], 'changedText'],
  [['a', 'b'], ['a', 'a'], 'changedText'],
])('answers %j, then %j with other repeats: %s', ([then, now, kind]) => {
  const of = (texts: string[]): CaseRecord =>
    caseOf('passed', { texts, came: texts.map(() => 'passed' as const) });
  expect(classify('s', of(then), of(now)).class).toBe(kind);
});

test('compares only what results of version 1 have, with one note', async () => {
  const withFinish = rated('LOW');
  const before = await casesOf({ 'a.suite.yaml': suite }, () =>
    reply([text, png], { ...withFinish, ...cites }),
  );
  const after = await casesOf({ 'a.suite.yaml': suite }, () => reply([text, otherPng], withFinish));
  const other = await casesOf({ 'a.suite.yaml': suite }, () => reply([text], rated('HIGH')));
  const older = (name: string): StoredSuite => ({ ...suiteOf(name, before), schema: olderFormat });
  const found = await compareResults(
    { name: 'baselines', suites: [older('a'), older('b')] },
    { name: 'reports', suites: [suiteOf('a', after), suiteOf('b', other)] },
    options,
  );
  expect(found.counts).toMatchObject({ unchanged: 1, changedText: 1 });
  expect(found.cases.flatMap(({ differences }) => differences.map(differenceInWords))).toEqual([
    'another safety rating: HARM_CATEGORY_HARASSMENT LOW → HARM_CATEGORY_HARASSMENT HIGH',
  ]);
  expect(found.warnings).toEqual([
    {
      code: 'older-results',
      message:
        'baselines holds results of an earlier version of Assay (2 suites): pictures, code, citations, grounding and the finishReason of earlier turns are not compared',
      help: 'after the next `assay approve`, these are compared too',
    },
  ]);
});
