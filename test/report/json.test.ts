/** `<suite>.json`: its fields as contracted, its keys in one order, nothing volatile, a small change a small diff. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { json } from '../../src/report/json.ts';
import type { SuiteResults } from '../../src/judge/results.ts';
import { reportText } from './fake.ts';
import { answer, failure, judged, noCases, resultsOfRun, type Came } from '../judge/judged.ts';

async function textOf(results: SuiteResults): Promise<string> {
  return reportText(json, resultsOfRun(results), `${results.suite}.json`);
}

const yaml = `suite: s
description: Every field there is.
model: m
configs: { plain: {}, deep: { model: m2 } }
prompts:
  p: "Write about {{object}}.\\nBriefly."
  talk: [ { user: Hi }, { model: }, { user: Bye } ]
tests:
  - name: t
    tags: [smoke]
    prompts: [p]
    configs: [plain]
    repeats: 2
    passRate: 0.5
    data: [ { object: lamp } ]
    row: "{{object}}"
    assert:
      - contains: lamp
      - { contains: never, severity: warn, label: has never }
      - { safety: { max: LOW }, guardrail: true }
  - { name: talks, prompts: [talk], configs: [deep], assert: [ { outcome: answered } ] }
  - { name: skipped, prompts: [p], configs: [plain], vars: { object: x }, skip: later, assert: [ { contains: x } ] }
  - { name: errors, prompts: [p], configs: [plain], vars: { object: x }, assert: [ { contains: x } ] }
  - { name: counts, method: countTokens, prompts: [p], configs: [plain], vars: { object: x }, assert: [ { tokens: { total: 7 } } ] }
`;
const full: Came = {
  body: {
    candidates: [
      {
        content: {
          parts: [
            { text: 'Hmm.\nA lamp?', thought: true },
            { text: 'A lamp.\nSo bright.' },
            { functionCall: { name: 'light', args: { on: true }, id: 'random-call-id' } },
            { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } },
            { executableCode: { language: 'PYTHON', code: 'print(1)\nprint(2)' } },
            { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1\n2\n' } },
            { fileData: { mimeType: 'video/mp4', fileUri: 'files/a' } },
            { brandNew: { inlineData: { mimeType: 'audio/wav', data: 'AAAA' } } },
          ],
        },
        finishReason: 'STOP',
        finishMessage: 'done',
        citationMetadata: {
          citationSources: [{ startIndex: 0, endIndex: 4, uri: 'https://example.org/a', license: 'MIT' }],
        },
        groundingMetadata: {
          webSearchQueries: ['lamp'],
          groundingChunks: [{ web: { uri: 'https://example.org/b', title: 'b' } }],
        },
        safetyRatings: [{ probability: 'LOW', category: 'HARM_CATEGORY_HARASSMENT' }],
      },
    ],
    usageMetadata: {
      totalTokenCount: 9,
      promptTokenCount: 2,
      candidatesTokenCount: 3,
      thoughtsTokenCount: 4,
    },
    modelVersion: 'm-001',
    responseId: 'random-response-id',
  },
  totalMs: 987.654321,
};
const replies = (id: string, trial: number): Came => {
  if (id.startsWith('talks')) return [answer('Hello.'), answer('Goodbye.')];
  if (id.startsWith('errors')) return failure(503, 'UNAVAILABLE', 'Try later.');
  if (id.startsWith('counts')) return { body: { totalTokens: 7 } };
  return trial === 1
    ? full
    : {
        body: {
          promptFeedback: {
            blockReason: 'SAFETY',
            safetyRatings: [{ category: 'HARM_CATEGORY_HATE_SPEECH', probability: 'HIGH', blocked: true }],
          },
        },
      };
};

test('has these fields', async () => {
  const text = await textOf(await judged(yaml, replies));
  // Other tests check the fingerprint; here only its format counts.
  const stable = text.replaceAll(/"[0-9a-f]{64}"/g, '"<fingerprint>"');
  await expect(stable).toMatchFileSnapshot('fixtures/every-field.json');
  expect(stable).not.toMatch(
    /random-response-id|random-call-id|iVBORw0KGgo|AAAA|987|20\d\d-|12:00|127\.0\.0\.1|1\.2\.3/,
  );
});

const answerKeys = [
  'finishReason',
  'finishMessage',
  'text',
  'thoughts',
  'parts',
  'functionCalls',
  'safety',
  'citations',
  'grounding',
];
const partKeys = [
  'text',
  'mimeType',
  'bytes',
  'sha256',
  'uri',
  'name',
  'args',
  'language',
  'code',
  'outcome',
  'output',
  'part',
];

test('keys have a fixed order', async () => {
  const text = await textOf(await judged(yaml, replies));
  const orders: Record<string, string[]> = {
    cases: [
      'id',
      'verdict',
      'source',
      'fingerprint',
      'digests',
      'test',
      'row',
      'prompt',
      'config',
      'model',
      'method',
      'tags',
      'skip',
      'repeats',
      'passRate',
      'request',
      'warnings',
      'trials',
    ],
    trials: [
      'verdict',
      'outcome',
      'error',
      'problem',
      'blockReason',
      'promptSafety',
      'modelVersion',
      'usage',
      'response',
      'turns',
      'candidates',
      'assertions',
    ],
    turns: ['outcome', 'blockReason', ...answerKeys, 'usage'],
    candidates: answerKeys,
    parts: ['type', 'thought', ...partKeys],
    digests: ['prompt', 'config', 'vars', 'assertions'],
    assertions: ['assertion', 'kind', 'verdict', 'severity', 'guardrail', 'message', 'near', 'source'],
  };
  const seen = new Set<string>();
  const walk = (value: unknown, under: string): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, under);
    else if (typeof value === 'object' && value !== null) {
      const order = orders[under];
      if (order) {
        seen.add(under);
        expect(Object.keys(value)).toEqual(order.filter((key) => key in value));
      }
      for (const [key, inner] of Object.entries(value)) walk(inner, key);
    }
  };
  const parsed = JSON.parse(text) as object;
  expect(Object.keys(parsed)).toEqual(['schema', 'suite', 'description', 'path', 'summary', 'cases']);
  walk(parsed, '');
  expect([...seen].toSorted()).toEqual(Object.keys(orders).toSorted());
});

test('writes valid JSON without cases', async () => {
  const results = await judged(
    'suite: s\nmodel: m\nprompts: { p: P }\nassert: [ { outcome: answered } ]\n',
    () => 'x',
  );
  const text = await textOf({ ...results, cases: noCases });
  expect(JSON.parse(text)).toMatchObject({ suite: 's', cases: [] });
  expect(text.endsWith('\n')).toBe(true);
});

const single = `suite: s
model: m
prompts: { p: P }
assert:
  - outcome: answered
  - finishReason: STOP
  - contains: lamp
  - startsWith: the
  - endsWith: { text: END, ignoreCase: true }
  - equals: the end
  - matches: '\\blamp\\b'
  - length: { chars: { max: 60 }, words: { max: 12 }, lines: { max: 3 } }
  - tokens: { total: { max: 100 } }
  - not: { contains: boat }
  - any: [ { contains: lamp }, { contains: boat } ]
`;
const word = fc.oneof(fc.stringMatching(/^[a-zäß"\\<]{1,8}$/), fc.constantFrom('lamp', 'boat', 'the', 'end'));
const line = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));

test('one changed word changes at most three lines if the verdict stays', async () => {
  let same = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 8 }),
      word,
      fc.nat(),
      fc.nat(),
      async (lines, other, at, where) => {
        const changed = [...lines];
        const index = at % lines.length;
        const words = (lines[index] ?? '').split(' ');
        words[where % words.length] = other;
        changed[index] = words.join(' ');
        const [before = [], after = []] = await Promise.all(
          [lines, changed].map(async (each) =>
            (await textOf(await judged(single, () => each.join('\n')))).split('\n'),
          ),
        );
        const verdicts = (text: string[]): string[] => text.filter((each) => each.includes('"verdict"'));
        fc.pre(verdicts(before).join() === verdicts(after).join());
        same++;
        expect(after).toHaveLength(before.length);
        expect(before.filter((text, number) => text !== after[number]).length).toBeLessThanOrEqual(3);
      },
    ),
    { numRuns: 60 },
  );
  expect(same).toBeGreaterThan(20);
});

test('stores a text as lines that join to the same text', () =>
  fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (reply) => {
      const text = await textOf(
        await judged(
          'suite: s\nmodel: m\nprompts: { p: P }\nassert: [ { outcome: [answered, empty] } ]\n',
          () => reply,
        ),
      );
      const { cases } = JSON.parse(text) as { cases: { trials: { candidates: { text: string[] }[] }[] }[] };
      expect(cases[0]?.trials[0]?.candidates[0]?.text.join('\n')).toBe(reply);
    }),
    { numRuns: 50 },
  ));
