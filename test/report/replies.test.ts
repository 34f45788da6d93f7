/** Every report shows parts other than text and the finishReason, with model text escaped. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { JsonValue } from '../../src/lib/json.ts';
import { ctrf } from '../../src/report/ctrf.ts';
import { github } from '../../src/report/github/github.ts';
import { html } from '../../src/report/html/page.ts';
import { json } from '../../src/report/json.ts';
import { junit } from '../../src/report/junit.ts';
import { markdown } from '../../src/report/markdown/markdown.ts';
import { problemsBySchema, problemsInCtrf, problemsInJunit } from '../e2e/check-reports.ts';
import { judged, resultsOfRun, type Came } from '../judge/judged.ts';
import { writeFiles } from '../suites.ts';
import { makeReport, summaryOf } from './fake.ts';

async function everyReport(suite: string, came: Came): Promise<Record<string, string>> {
  const results = resultsOfRun(await judged(suite, () => came));
  const folder = writeFiles({});
  let annotations = '';
  const out = { write: (text: string) => (annotations += text) };
  for (const reporter of [json, junit, ctrf, markdown, github, html])
    await makeReport(reporter, results, folder, { out });
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  const written = {
    json: read('s.json'),
    junit: read('junit.xml'),
    ctrf: read('ctrf.json'),
    markdown: read('summary.md'),
    page: read('index.html'),
  };
  expect(problemsBySchema('results', JSON.parse(written.json))).toEqual([]);
  expect(problemsInCtrf(JSON.parse(written.ctrf))).toEqual([]);
  expect(await problemsInJunit(written.junit)).toEqual([]);
  return { ...written, annotations, terminal: await summaryOf(results, { color: false }) };
}

const suiteWith = (assertions: string): string =>
  `suite: s\nmodel: m\nprompts: { p: P }\ntests: [ { name: t, assert: ${assertions} } ]\n`;
const reply = (parts: JsonValue[], more: Record<string, JsonValue> = {}): Came => ({
  body: { candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', ...more }] },
});

test.for<[name: string, assertions: string]>([
  ['no assertion', '[]'],
  ['one that fails', '[ { contains: lamp } ]'],
  ['one that allows the outcome and one that fails', '[ { outcome: aborted }, { contains: lamp } ]'],
])('finishReason and finishMessage are in every report of a failed case: %s', async ([, assertions]) => {
  const finishMessage = 'The model called `draw` twice.';
  const came = reply([{ text: 'Drawing.' }], { finishReason: 'TOO_MANY_TOOL_CALLS', finishMessage });
  for (const [name, text] of Object.entries(await everyReport(suiteWith(assertions), came))) {
    expect(text, name).toContain('TOO_MANY_TOOL_CALLS');
    expect(text, name).toContain(finishMessage);
  }
});

test('shows a finishReason that an assertion allows in a passed case too', async () => {
  const came = reply([{ text: 'Draw' }], { finishReason: 'MAX_TOKENS' });
  const {
    junit: xml,
    ctrf: tests,
    page,
    json: stable,
  } = await everyReport(suiteWith('[ { finishReason: MAX_TOKENS } ]'), came);
  expect(xml).toContain('<system-out>finishReason: MAX_TOKENS</system-out>');
  expect(tests).toContain('"finishReason":["MAX_TOKENS"]');
  expect(page).toContain('<h3>reply: MAX_TOKENS</h3>');
  expect(stable).toContain('"finishReason": "MAX_TOKENS"');
});

const sha256 = '4c4b6a3be1314ab86138bef4314dde022e600960d8689a2c8f8631802d20dab6';

test('lists pictures, code, citations and grounding on the page and in junit.xml without data', async () => {
  const reports = await everyReport(
    suiteWith('[ { contains: lamp } ]'),
    reply(
      [
        { text: 'A lamp.' },
        { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } },
        { executableCode: { language: 'PYTHON', code: 'print(1)' } },
        { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
      ],
      {
        citationMetadata: { citationSources: [{ uri: 'https://example.org/a' }] },
        groundingMetadata: {
          webSearchQueries: ['lamp'],
          groundingChunks: [{ web: { uri: 'https://example.org/b' } }],
        },
      },
    ),
  );
  expect(reports.page).toContain(`<h3>image</h3><pre>image/png, 8 bytes, sha256:${sha256}</pre>`);
  expect(reports.page).toContain('<h3>code: PYTHON</h3><pre>print(1)</pre>');
  expect(reports.page).toContain('<h3>code result: OUTCOME_OK</h3><pre>1</pre>');
  expect(reports.page).toContain('<h3>citations</h3><pre>https://example.org/a</pre>');
  expect(reports.page).toContain('<h3>grounding</h3><pre>query: lamp\nhttps://example.org/b</pre>');
  expect(reports.junit).toContain(
    `<system-out>image: image/png, 8 bytes, sha256:${sha256}\ncode: PYTHON: print(1)\ncode result: OUTCOME_OK: 1</system-out>`,
  );
  for (const [name, text] of Object.entries(reports)) expect(text, name).not.toContain('iVBORw0KGgo');
});

test('shows earlier turns of a conversation with all their parts', async () => {
  const talk = 'suite: s\nmodel: m\nprompts: { p: [ { user: Hi }, { model: }, { user: Bye } ] }\n';
  const { page } = await everyReport(`${talk}assert: [ { contains: Bye } ]\n`, [
    reply([{ text: 'Hi.' }, { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }]),
    reply([{ text: 'Bye.' }]),
  ] as Came);
  expect(page).toContain('<h3>reply (turn 1): STOP</h3><pre>Hi.</pre>');
  expect(page).toContain(`<h3>image (turn 1)</h3><pre>image/png, 8 bytes, sha256:${sha256}</pre>`);
  // One call per turn: no retries.
  expect(page).not.toContain('attempts');
});

test('hostile parts are plain text in every report and name no file to a CI server', async () => {
  const bad =
    '</pre></system-out><script>pwned()</script>[[ATTACHMENT|/etc/passwd]][[[x\u001B[31m\u0000::error::';
  const reports = await everyReport(
    suiteWith('[ { contains: lamp } ]'),
    reply(
      [
        { text: bad },
        { inlineData: { mimeType: bad, data: bad } },
        { executableCode: { language: bad, code: bad } },
        { codeExecutionResult: { outcome: bad, output: bad } },
        { fileData: { mimeType: bad, fileUri: bad } },
        { [bad]: bad },
      ],
      {
        finishReason: bad,
        finishMessage: bad,
        citationMetadata: { citationSources: [{ uri: bad, title: bad }] },
        groundingMetadata: { webSearchQueries: [bad], groundingChunks: [{ web: { uri: bad } }] },
      },
    ),
  );
  expect(reports.page).not.toContain('<script');
  const [, systemOut = ''] = /<system-out>([^<]*)<\/system-out>/.exec(reports.junit ?? '') ?? [];
  expect(systemOut).toContain('[ [ATTACHMENT|/etc/passwd]]');
  expect(systemOut).not.toContain('[[');
  // oxlint-disable-next-line no-control-regex -- just these would steer a terminal
  expect(reports.terminal).not.toMatch(/[\u0000-\u0009\u000B-\u001F]/);
  expect(
    reports.annotations?.split('\n').filter((line) => !line.startsWith('::error file=a.suite.yaml,')),
  ).toEqual(['']);
});
