/** A conversation goes on only from a turn that its case allows, and answers calls by their ids. */
import { expect, test } from 'vitest';
import { runPlans } from '../../src/execute/run.ts';
import type { GeminiRequest } from '../../src/gemini/request.ts';
import type { TrialRecord } from '../../src/journal/record.ts';
import { judgeRecord } from '../../src/judge/trial.ts';
import type { TrialResult } from '../../src/judge/case-record.ts';
import type { JsonObject, JsonValue } from '../../src/lib/json.ts';
import { planSound } from '../suites.ts';
import { judging } from './judging.ts';
import { fakeClock } from './fake-clock.ts';

const reply = (finishReason: string, ...parts: JsonObject[]): JsonValue => ({
  candidates: [{ content: { role: 'model', parts }, finishReason }],
});
const second = reply('STOP', { text: 'Second answer.' });

/** Makes and judges the one trial of a suite whose calls are answered by these bodies in turn. */
async function converse(
  yaml: string,
  bodies: readonly JsonValue[],
): Promise<{ requests: GeminiRequest[]; trial: TrialResult }> {
  const plan = await planSound(yaml);
  const requests: GeminiRequest[] = [];
  let record: TrialRecord | undefined;
  await runPlans([plan], {
    transport: {
      call: (request) => {
        requests.push(request);
        return Promise.resolve({ status: 200, body: bodies[requests.length - 1] ?? null, totalMs: 1 });
      },
    },
    journal: {
      append: (each) => {
        if (each.type === 'trial') record = each;
        return Promise.resolve({ at: 0, length: 1 });
      },
    },
    concurrency: 1,
    retries: 0,
    clock: fakeClock(),
    signal: new AbortController().signal,
    ...judging(),
  });
  const [ref] = plan.cases;
  if (!record || !ref) throw new Error('no trial was made');
  return { requests, trial: (await judgeRecord(plan.materialize(ref), record)).result };
}

const suite = (turn: string, more: string): string => `suite: s
model: gemini-3.8-flash
prompts: { p: [ { user: First question. }, { model: }, { user: ${turn} } ] }
tests: [ { name: t, assert: [ { outcome: answered }, { finishReason: STOP }, { contains: Second answer } ${more} ] } ]
`;
const asks = suite('And now the second question.', '');

test.for<[name: string, first: JsonValue, outcome: string]>([
  ['blocked with text', reply('SAFETY', { text: 'I will tell' }), 'answerBlocked'],
  ['cut', reply('MAX_TOKENS', { text: 'one, tw' }), 'truncated'],
  ['an empty text', reply('STOP', { text: '' }), 'empty'],
  ['thoughts alone', reply('STOP', { text: 'Hm.', thought: true }), 'empty'],
  ['a call without a response', reply('STOP', { functionCall: { name: 'find', args: {} } }), 'calledTool'],
  ['a malformed call', reply('MALFORMED_FUNCTION_CALL', { text: 'Let me look.' }), 'aborted'],
  ['no content', { candidates: [{ finishReason: 'STOP' }] }, 'empty'],
])('a conversation ends and fails if its first turn is %s', async ([, first, outcome]) => {
  const { requests, trial } = await converse(asks, [first, second]);
  expect(requests).toHaveLength(1);
  expect(trial.verdict).toBe('failed');
  expect(trial.assertions[0]?.kind).toBe('answer');
  expect(trial.turns?.map((turn) => turn.outcome)).toEqual([outcome]);
});

test('continues after an answer', async () => {
  const { requests, trial } = await converse(asks, [reply('STOP', { text: 'First.' }), second]);
  expect(requests).toHaveLength(2);
  expect(trial.verdict).toBe('passed');
});

test('continues after a turn whose finishReason its assertion allows', async () => {
  const yaml = suite('Go on.', ', { turn: 1, finishReason: MAX_TOKENS }');
  const { requests, trial } = await converse(yaml, [reply('MAX_TOKENS', { text: 'one, tw' }), second]);
  expect(requests).toHaveLength(2);
  expect(trial.verdict).toBe('passed');
});

test('gives function responses the ids of their calls, by name and position', async () => {
  const response = (name: string, of: number): string =>
    `{ functionResponse: { name: ${name}, response: { of: ${of} } } }`;
  const yaml = suite(`[ ${response('f', 1)}, ${response('g', 2)}, ${response('f', 3)} ]`, '');
  const called = (name: string, id: string): JsonObject => ({ functionCall: { name, args: {}, id } });
  const first = reply('STOP', called('g', 'one'), called('f', 'two'), called('f', 'three'));
  const { requests, trial } = await converse(yaml, [first, second]);
  expect(trial.verdict).toBe('passed');
  expect(requests[1]?.body?.contents).toMatchObject([
    {},
    { role: 'model' },
    {
      parts: [
        { functionResponse: { name: 'f', id: 'two', response: { of: 1 } } },
        { functionResponse: { name: 'g', id: 'one', response: { of: 2 } } },
        { functionResponse: { name: 'f', id: 'three', response: { of: 3 } } },
      ],
    },
  ]);
});
