/** Every outcome under every kind: verdicts.md is read by people, cell by cell, when a kind or an outcome is added. */
import { expect, test } from 'vitest';
import { kinds } from '../../src/assertions/registry.ts';
import { outcomes } from '../../src/gemini/reply.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import { planSound } from '../suites.ts';
import { casesIn, failure, judge, recordsOf, type Came } from './judged.ts';

const rated = {
  avgLogprobs: -0.1,
  safetyRatings: [{ category: 'HARM_CATEGORY_HARASSMENT', probability: 'LOW' }],
};
const generation = (finishReason: string, part: JsonValue): Came => ({
  chunks: 2,
  body: {
    candidates: [{ content: { role: 'model', parts: [part] }, finishReason, ...rated }],
    usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 },
    modelVersion: 'gemini-3.8-flash',
  },
});
/** A text that is JSON, too. */
const text = { text: 'true' };

/** A reply of every outcome; those that may have a text have the one that the assertions look for. */
const replies: Record<string, Came> = {
  answered: generation('STOP', text),
  calledTool: generation('STOP', { functionCall: { name: 'f', args: {} } }),
  empty: generation('STOP', { text: ' \n' }),
  truncated: generation('MAX_TOKENS', text),
  answerBlocked: generation('SAFETY', text),
  recited: generation('RECITATION', text),
  aborted: generation('OTHER', text),
  promptBlocked: {
    chunks: 1,
    body: {
      promptFeedback: { blockReason: 'SAFETY' },
      usageMetadata: { promptTokenCount: 3, totalTokenCount: 3 },
      modelVersion: 'gemini-3.8-flash',
    },
  },
  malformed: { body: 'what?' },
  'apiError 400': failure(400, 'INVALID_ARGUMENT'),
  'apiError 503': failure(503, 'UNAVAILABLE'),
};

/** Arguments of every kind that hold as often as they can. */
const holding: Record<string, JsonValue> = {
  contains: 'true',
  startsWith: 'tr',
  endsWith: 'ue',
  equals: 'true',
  matches: 'true',
  length: { chars: { max: 99 } },
  json: {},
  jsonPath: { path: '$', exists: true },
  editDistance: { to: 'true', max: 9 },
  rouge: { to: 'true', min: 0.1 },
  finishReason: 'STOP',
  outcome: 'answered',
  blockReason: 'SAFETY',
  safety: { max: 'HIGH', ifAbsent: 'pass' },
  tokens: { total: { max: 9 } },
  latency: { total: { max: 99 } },
  chunks: { max: 9 },
  cost: { max: 1 },
  functionCall: { name: 'f' },
  citations: { max: 9 },
  avgLogprobs: { max: 0 },
  modelVersion: 'gemini-3.8-flash',
  error: {},
  response: { path: '$', exists: true },
  script: 'any.mjs',
  any: [{ latency: { total: { max: 99 } } }],
  all: [{ latency: { total: { max: 99 } } }],
};
/** Arguments of every kind that an answer misses, so that `not` holds of it. */
const missing: Record<string, JsonValue> = {
  contains: 'missing',
  startsWith: 'missing',
  endsWith: 'missing',
  equals: 'missing',
  matches: 'missing',
  length: { chars: { min: 99 } },
  json: { schema: { type: 'number' } },
  jsonPath: { path: '$', equals: 'missing' },
  editDistance: { to: 'missing', max: 1 },
  rouge: { to: 'missing', min: 0.1 },
  finishReason: 'MALFORMED_RESPONSE',
  outcome: 'malformed',
  blockReason: 'OTHER',
  safety: { max: 'NEGLIGIBLE' },
  tokens: { total: { min: 99 } },
  latency: { total: { min: 999 } },
  chunks: { min: 99 },
  cost: { min: 1 },
  functionCall: { name: 'f', count: 7 },
  citations: { min: 99 },
  avgLogprobs: { min: -0.01 },
  modelVersion: 'missing',
  error: { code: 404 },
  response: { path: '$.modelVersion', equals: 'missing' },
  script: 'none.mjs',
  any: [{ contains: 'missing' }],
  all: [{ contains: 'missing' }],
};
const alone = Object.keys(holding).map((kind): JsonValue => ({ [kind]: holding[kind] ?? null }));
const missed = Object.keys(missing).map((kind): JsonValue => ({ [kind]: missing[kind] ?? null }));
const anyOutcome: JsonValue = { outcome: [...outcomes] };
const admitting: JsonValue[] = [
  'calledTool',
  'empty',
  'truncated',
  'answerBlocked',
  'recited',
  'aborted',
  'promptBlocked',
  'malformed',
  'apiError',
]
  .map((outcome): JsonValue => ({ outcome }))
  .concat([
    { outcome: ['answered', 'empty'] },
    { finishReason: 'MAX_TOKENS' },
    { finishReason: 'SAFETY' },
    { finishReason: 'RECITATION' },
    { finishReason: 'OTHER' },
    { finishReason: ['STOP', 'MAX_TOKENS'] },
    { error: { code: 400 } },
    { error: { code: 503 } },
    { error: { message: 'No' } },
  ]);
const entries: JsonValue[][] = [
  [],
  ...alone.map((entry) => [entry]),
  ...alone.map((entry) => [{ not: entry }]),
  ...missed.map((entry) => [{ not: entry }]),
  // Where the case admits every outcome, `not` still needs what its assertion looks at.
  ...missed.map((entry) => [anyOutcome, { not: entry }]),
  ...admitting.map((entry) => [entry]),
  ...admitting.map((entry) => [{ not: entry }]),
  ...admitting.map((entry) => [{ any: [entry, { contains: 'true' }] }]),
  ...admitting.map((entry) => [{ ...(entry as object), severity: 'warn' }]),
  [{ snapshot: {} }],
];

test('every kind except embedding has a row', () => {
  const covered = [...Object.keys(holding), 'not', 'snapshot', 'embedding'];
  expect(covered.toSorted()).toEqual(Object.keys(kinds).toSorted());
  expect(Object.keys(missing)).toEqual(Object.keys(holding));
});

test('each outcome and assertion gives its verdict', async () => {
  const plan = await planSound({
    'a.suite.yaml': JSON.stringify({
      suite: 's',
      model: 'gemini-3.8-flash',
      method: 'streamGenerateContent',
      defaults: { tools: [{ functionDeclarations: [{ name: 'f', description: 'F.' }] }] },
      prompts: { p: 'P' },
      tests: entries.map((assert, index) => ({ name: `t${String(index).padStart(3, '0')}`, assert })),
    }),
    'any.mjs': 'export default () => true;\n',
    'none.mjs': 'export default () => "missing";\n',
  });
  const columns = Object.keys(replies);
  const verdicts = new Map<string, string[]>();
  for (const reply of Object.values(replies)) {
    const results = await judge(
      plan,
      recordsOf(plan, () => reply),
    );
    for (const { id, verdict } of await casesIn(results))
      verdicts.set(id, [...(verdicts.get(id) ?? []), verdict]);
  }
  const rows = entries.map((assert, index) => {
    const name = JSON.stringify(assert)
      .replace(JSON.stringify(anyOutcome), 'any outcome')
      .replaceAll('"', '')
      .replaceAll(',', ', ')
      .replaceAll(':', ': ');
    const cells = verdicts.get(`t${String(index).padStart(3, '0')} / p`) ?? [];
    return `| ${['`' + name + '`', ...cells.map((cell) => (cell === 'passed' ? '**passed**' : cell))].join(' | ')} |`;
  });
  await expect(
    [
      '# Verdicts',
      '',
      'What a case comes to, by the outcome of its reply and its assertion. Written by `verdicts.test.ts`.',
      '',
      `| assert | ${columns.join(' | ')} |`,
      `|${' --- |'.repeat(columns.length + 1)}`,
      ...rows,
      '',
    ].join('\n'),
  ).toMatchFileSnapshot('verdicts.md');
});
