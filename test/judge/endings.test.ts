/** How a case comes out by how its reply ended, and what its message says of it. */
import { expect, test } from 'vitest';
import type { JsonValue } from '../../src/lib/json.ts';
import { casesIn, judged, type Came } from './judged.ts';

const suite = (assert: string): string => `suite: s\nmodel: m\nprompts: { p: P }\nassert: ${assert}\n`;
const ended = (finishReason: JsonValue, parts: JsonValue[] = [{ text: 'half' }], more = {}): Came => ({
  body: { candidates: [{ content: { role: 'model', parts }, finishReason, index: 0, ...more }] },
});
const call = { functionCall: { name: 'findTrain', args: { to: 'Bergen' } } };
const picture = (data: string, more = {}): JsonValue => ({
  inlineData: { mimeType: 'image/png', data },
  ...more,
});

test.for<[name: string, reply: Came, message: string]>([
  [
    'UNEXPECTED_TOOL_CALL with a call',
    ended('UNEXPECTED_TOOL_CALL', [call], { finishMessage: 'not declared: findTrain' }),
    'no answer: aborted (UNEXPECTED_TOOL_CALL: not declared: findTrain)',
  ],
  ['TOO_MANY_TOOL_CALLS', ended('TOO_MANY_TOOL_CALLS', [call]), 'no answer: aborted (TOO_MANY_TOOL_CALLS)'],
  ['OTHER with a text', ended('OTHER'), 'no answer: aborted (OTHER)'],
  ['NO_IMAGE with a text', ended('NO_IMAGE'), 'no answer: aborted (NO_IMAGE)'],
  ['a new value', ended('MODEL_TIRED'), 'no answer: aborted (MODEL_TIRED)'],
  ['no finishReason', ended(null), 'no answer: aborted (no finishReason)'],
  ['another spelling', ended('max_tokens'), 'no answer: aborted (max_tokens)'],
  ['LANGUAGE', ended('LANGUAGE'), 'no answer: answerBlocked (LANGUAGE)'],
  ['CONTINUATION', ended('CONTINUATION'), 'no answer: truncated (CONTINUATION)'],
  ['2', ended(2), 'no answer: truncated (MAX_TOKENS)'],
  ['3', ended(3), 'no answer: answerBlocked (SAFETY)'],
  ['99', ended(99), 'no answer: aborted (99)'],
  ['blockReason 1', { body: { promptFeedback: { blockReason: 1 } } }, 'no answer: promptBlocked (SAFETY)'],
  ['a picture without data', ended('STOP', [picture('')]), 'no answer: empty (STOP)'],
  ['a picture in thought', ended('STOP', [picture('AAAA', { thought: true })]), 'no answer: empty (STOP)'],
  ['a zero-width text', ended('STOP', [{ text: '\u200B\n' }]), 'no answer: empty (STOP)'],
])('fails without assertions: %s', async ([, reply, message]) => {
  const [only] = await casesIn(await judged(suite('[]'), () => reply));
  expect(only?.verdict).toBe('failed');
  expect(only?.trials[0]?.assertions.map((each) => each.message)).toEqual([message]);
});

test('an error next to candidates is not an answer', async () => {
  const reply: Came = { body: { candidates: [{ finishReason: 'STOP' }], error: 'overloaded' } };
  const [only] = await casesIn(await judged(suite('[ { contains: x } ]'), () => reply));
  expect(only).toMatchObject({ verdict: 'errored', trials: [{ error: { message: 'overloaded' } }] });
});

test.for<[assert: string, reply: Came, verdict: string]>([
  ['[]', ended('STOP', [picture('AAAA')]), 'passed'],
  ['[ { outcome: calledTool } ]', ended('UNEXPECTED_TOOL_CALL', [call]), 'failed'],
  ['[ { functionCall: {} } ]', ended('TOO_MANY_TOOL_CALLS', [call]), 'failed'],
  ['[ { outcome: aborted } ]', ended('OTHER'), 'passed'],
  ['[ { outcome: ABORTED } ]', ended('OTHER'), 'passed'],
  ['[ { outcome: empty } ]', ended('STOP', [picture('')]), 'passed'],
  ['[ { finishReason: max_tokens } ]', ended('MAX_TOKENS'), 'passed'],
  ['[ { finishReason: MAX_TOKENS } ]', ended(2), 'passed'],
  ['[ { blockReason: safety } ]', { body: { promptFeedback: { blockReason: 1 } } }, 'passed'],
  [
    '[ { error: { status: internal } } ]',
    { status: 500, body: { error: { code: 500, status: 'INTERNAL' } } },
    'passed',
  ],
])('%s of %j: %s', async ([assert, reply, verdict]) => {
  const [only] = await casesIn(await judged(suite(assert), () => reply));
  expect(only?.verdict).toBe(verdict);
});
