/** How a case comes out of its trials. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { exitCodeOf } from '../../src/judge/exit.ts';
import type { CaseRecord } from '../../src/judge/case-record.ts';
import { reasonsOf } from '../../src/judge/reasons.ts';
import type { Results, Summary, Verdict } from '../../src/judge/results.ts';
import { answer, casesIn, failure, judged, judgedIn, noCases, resultsOfRun, type Came } from './judged.ts';

const suite = (repeats: number, passRate: number, assert = '[ { contains: good } ]'): string =>
  `suite: s\nmodel: m\nrepeats: ${repeats}\npassRate: ${passRate}\nprompts: { p: P }\nassert: ${assert}\n`;
const came: Record<string, Came | undefined> = {
  P: 'good',
  F: 'bad',
  E: failure(503, 'UNAVAILABLE'),
  '-': undefined,
};

test.for<[trials: string, passRate: number, verdict: Verdict]>([
  ['P', 1, 'passed'],
  ['F', 1, 'failed'],
  ['E', 1, 'errored'],
  // Not sent: nothing is known, and nothing went wrong.
  ['-', 1, 'skipped'],
  ['---', 0, 'skipped'],
  ['PPP', 1, 'passed'],
  ['PPF', 1, 'failed'],
  ['PPE', 1, 'errored'],
  ['PP-', 1, 'errored'],
  ['PFE', 1, 'failed'],
  ['PF-', 1, 'failed'],
  ['FFF', 0, 'passed'],
  ['EEE', 0, 'errored'],
  ['PPF', 0.6, 'passed'],
  ['PFF', 0.6, 'failed'],
  // Two of three are needed: with one failed, one errored and one passed it is still within reach.
  ['PFE', 0.6, 'errored'],
  ['PPE', 0.6, 'errored'],
  ['FFE', 0.6, 'failed'],
  ['PPPFFFFFFF', 0.3, 'passed'],
  ['PPFFFFFFFF', 0.3, 'failed'],
  ['PPPPPPPFFF', 0.7, 'passed'],
  ['PFFFFFFFFF', 0.1, 'passed'],
  ['PPPPPPPPPF', 0.95, 'failed'],
])('%s with passRate %d: %s', async ([trials, passRate, verdict]) => {
  const results = await judged(suite(trials.length, passRate), (_, trial) => came[trials[trial - 1] ?? '']);
  const [only] = await casesIn(results);
  expect(only?.verdict).toBe(verdict);
  expect(only?.trials).toHaveLength(trials.replaceAll('-', '').length);
  expect(results.summary).toMatchObject({ cases: 1, [verdict]: 1 });
});

test('a case failed exactly if its missing trials cannot make it pass', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('P', 'F', 'E', '-'), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 0, max: 20 }),
      async (trials, rate) => {
        const passRate = rate / 20;
        const results = await judged(
          suite(trials.length, passRate),
          (_, trial) => came[trials[trial - 1] ?? ''],
        );
        const best = trials.filter((trial) => trial !== 'F').length / trials.length;
        const unknown = trials.some((trial) => trial === 'E' || trial === '-');
        const anySent = trials.some((trial) => trial !== '-');
        const judgedAs = best < passRate - 1e-9 ? 'failed' : unknown ? 'errored' : 'passed';
        const expected = anySent ? judgedAs : 'skipped';
        expect((await casesIn(results))[0]?.verdict).toBe(expected);
      },
    ),
    { numRuns: 60 },
  ));

test.for<[name: string, assert: string, reply: Came, verdict: Verdict, message?: string]>([
  ['no assertion and an answer', '[]', 'hello', 'passed'],
  ['no assertion and no answer', '[]', { body: { promptFeedback: { blockReason: 'SAFETY' } } }, 'failed'],
  [
    'no assertion and a tool call',
    '[]',
    {
      body: {
        candidates: [
          { content: { parts: [{ functionCall: { name: 'f', args: {} } }] }, finishReason: 'STOP' },
        ],
      },
    },
    'passed',
  ],
  [
    'an unknown result fails and names what is missing',
    '[ { contains: x } ]',
    { body: { promptFeedback: { blockReason: 'SAFETY' } } },
    'failed',
    'no text: promptBlocked (SAFETY)',
  ],
  [
    'no ratings in the reply',
    '[ { safety: { max: LOW } } ]',
    'hello',
    'failed',
    'no safetyRatings in the reply',
  ],
  ['ifAbsent: pass', '[ { safety: { max: LOW, ifAbsent: pass } } ]', 'hello', 'passed'],
  [
    'not keeps an unknown result unknown',
    '[ { not: { contains: x } } ]',
    { body: { promptFeedback: { blockReason: 'SAFETY' } } },
    'failed',
    'no text: promptBlocked (SAFETY)',
  ],
  [
    'any holds if one holds',
    '[ { any: [ { contains: x }, { outcome: promptBlocked } ] } ]',
    { body: { promptFeedback: { blockReason: 'SAFETY' } } },
    'passed',
  ],
  ['all fails if one fails', '[ { all: [ { outcome: answered }, { contains: x } ] } ]', 'hello', 'failed'],
  ['a failed call is errored', '[ { contains: x } ]', failure(500, 'INTERNAL'), 'errored'],
  ['unless it is asserted', '[ { error: { status: INTERNAL } } ]', failure(500, 'INTERNAL'), 'passed'],
  [
    'if another is asserted',
    '[ { error: { status: NOT_FOUND } } ]',
    failure(400, 'INVALID_ARGUMENT'),
    'failed',
    'expected status NOT_FOUND, received INVALID_ARGUMENT',
  ],
  // A transient error is never a failure of the case, whatever it asserts.
  ['but not a transient one', '[ { error: { status: NOT_FOUND } } ]', failure(500, 'INTERNAL'), 'errored'],
  ['nor by a negation', '[ { not: { error: {} } } ]', failure(503, 'UNAVAILABLE'), 'errored'],
  ['nor a permanent one', '[ { not: { error: {} } } ]', failure(403, 'PERMISSION_DENIED'), 'errored'],
  [
    'a warning about it next to another assertion',
    '[ { error: {}, severity: warn }, { contains: x } ]',
    failure(429, 'RESOURCE_EXHAUSTED'),
    'errored',
  ],
  ['warnings alone', '[ { error: { code: 400 }, severity: warn } ]', failure(503, 'UNAVAILABLE'), 'errored'],
  ['invalid credentials', '[ { error: { code: 400 } } ]', failure(401, 'UNAUTHENTICATED'), 'errored'],
  [
    'an unreachable server',
    '[ { error: { status: NOT_FOUND } } ]',
    { failure: { kind: 'connect', message: 'connect' } },
    'errored',
  ],
  [
    'an invalid key',
    '[ { error: { message: Unknown name } } ]',
    {
      status: 400,
      body: {
        error: {
          code: 400,
          status: 'INVALID_ARGUMENT',
          message: 'API key not valid.',
          details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
        },
      },
    },
    'errored',
  ],
  ['by its outcome', '[ { outcome: apiError } ]', failure(400, 'INVALID_ARGUMENT'), 'passed'],
  [
    'but not a transient one by its outcome',
    '[ { outcome: apiError } ]',
    failure(500, 'INTERNAL'),
    'errored',
  ],
  ['nor without a name', '[ { error: {} } ]', failure(503, 'UNAVAILABLE'), 'errored'],
  ['nor by a message alone', '[ { error: { message: No } } ]', failure(429, 'RESOURCE_EXHAUSTED'), 'errored'],
  [
    'a partly matching error',
    '[ { error: { code: 503, status: INTERNAL } } ]',
    failure(503, 'UNAVAILABLE'),
    'errored',
  ],
  ['by its code', '[ { error: { code: 503 } } ]', failure(503, 'UNAVAILABLE'), 'passed'],
  [
    'one of several matches',
    '[ { any: [ { error: { code: 400 } }, { error: { code: 503 } } ] } ]',
    failure(503, 'UNAVAILABLE'),
    'passed',
  ],
  [
    'by its code, with another message',
    '[ { error: { code: 503, message: overloaded } } ]',
    failure(503, 'UNAVAILABLE'),
    'failed',
  ],
  ['an unimplemented method', '[ { error: {} } ]', failure(501, 'UNIMPLEMENTED'), 'errored'],
  [
    'a missing model',
    '[ { error: {} } ]',
    failure(404, 'NOT_FOUND', 'models/m is not found for API version v1beta'),
    'passed',
  ],
  [
    'an unreachable server',
    '[ { error: {} } ]',
    { failure: { kind: 'connect', message: 'connect' } },
    'errored',
  ],
  ['a malformed reply under not', '[ { not: { outcome: malformed } } ]', { body: 'what?' }, 'errored'],
  ['a missing error', '[ { error: {} } ]', 'hello', 'failed'],
  ['a malformed reply is errored', '[ { contains: x } ]', { body: 'what?' }, 'errored'],
  ['unless it is asserted', '[ { outcome: malformed } ]', { body: 'what?' }, 'passed'],
  ['or nested', '[ { any: [ { outcome: malformed }, { contains: x } ] } ]', { body: 'what?' }, 'passed'],
  ['a lost connection', '[ { contains: x } ]', { failure: { kind: 'reset', message: 'reset' } }, 'errored'],
  ['a failed warning', '[ { contains: hello }, { contains: x, severity: warn } ]', 'hello', 'passed'],
])('%s: %s', async ([, assert, reply, verdict, message]) => {
  const results = await judged(suite(1, 1, assert), () =>
    'failure' in Object(reply) ? { ...Object(reply), status: undefined } : reply,
  );
  const [only] = await casesIn(results);
  expect(only?.verdict).toBe(verdict);
  if (message !== undefined) expect(messagesOf(only)).toContain(message);
});

const messagesOf = (only: CaseRecord | undefined): string[] =>
  only?.trials.flatMap(({ assertions }) => assertions.map(({ message }) => message)) ?? [];

const two = (first: string, second: string): Came => {
  const candidate = (text: string, index: number) => ({
    content: { parts: [{ text }] },
    finishReason: 'STOP',
    index,
  });
  return { body: { candidates: [candidate(first, 0), candidate(second, 1)] } };
};
test.for<[assert: string, first: string, second: string, verdict: Verdict, message?: string]>([
  ['[ { contains: good } ]', 'good', 'good', 'passed'],
  ['[ { contains: good } ]', 'good', 'bad', 'failed', 'candidate 1: the text does not contain "good"'],
  ['[ { contains: good } ]', 'bad', 'good', 'failed', 'candidate 0: the text does not contain "good"'],
  // The whole tree must hold for each: one candidate may hold by the one, another by the other.
  ['[ { any: [ { contains: good }, { contains: fine } ] } ]', 'good', 'fine', 'passed'],
  ['[ { not: { contains: bad } } ]', 'good', 'bad', 'failed'],
])('several candidates: %s of %s and %s is %s', async ([assert, first, second, verdict, message]) => {
  const [only] = await casesIn(await judged(suite(1, 1, assert), () => two(first, second)));
  expect(only?.verdict).toBe(verdict);
  expect(only?.trials[0]?.candidates.map(({ text }) => text.join('\n'))).toEqual([first, second]);
  if (message !== undefined) expect(only?.trials[0]?.assertions[0]?.message).toBe(message);
});

test('lists each failed warning once, and cases without assertions', async () => {
  const results = await judged(
    `suite: s\nmodel: m\nrepeats: 3\nprompts: { p: P }\ntests:
  - { name: a, assert: [ { outcome: answered }, { contains: x, severity: warn }, { contains: y, severity: warn, label: has y }, { contains: good, severity: warn } ] }
  - { name: b }
  - { name: c, skip: later, assert: [ { contains: x, severity: warn } ] }
`,
    () => 'good',
  );
  expect((await casesIn(results)).map(({ verdict, warnings = [] }) => [verdict, warnings])).toEqual([
    ['passed', ['contains: x', 'has y']],
    ['passed', ['no assertions']],
    ['skipped', []],
  ]);
  expect(results.summary).toEqual({
    cases: 3,
    passed: 2,
    failed: 0,
    errored: 0,
    skipped: 1,
    inconclusive: 0,
    warnings: 3,
  });
});

test('a conversation is one trial with its turns and summed tokens', async () => {
  const thinking = {
    usageMetadata: {
      promptTokenCount: 5,
      candidatesTokenCount: 1,
      thoughtsTokenCount: 9,
      totalTokenCount: 15,
    },
  };
  const results = await judged(
    'suite: s\nmodel: m\nprompts: { p: [ { user: A }, { model: }, { user: B }, { model: }, { user: C } ] }\nassert: [ { contains: third } ]\n',
    () => [answer('first'), answer('second', thinking), answer('third')],
  );
  const [only] = await judgedIn(results);
  const [trial] = only?.record.trials ?? [];
  expect(
    trial?.turns?.map(({ outcome, finishReason, text, usage }) => [
      outcome,
      finishReason,
      text.join('\n'),
      usage?.total,
    ]),
  ).toEqual([
    ['answered', 'STOP', 'first', 7],
    ['answered', 'STOP', 'second', 15],
    ['answered', 'STOP', 'third', 7],
  ]);
  expect(trial?.candidates.map(({ text }) => text)).toEqual([['third']]);
  expect(JSON.stringify(trial?.usage)).toBe('{"prompt":11,"candidates":9,"thoughts":9,"total":29}');
  expect(only?.trials[0]?.volatile).toMatchObject({
    totalMs: expect.closeTo(37.035, 3) as number,
    attempts: 3,
  });
});

const empty: Came = { body: { candidates: [{ finishReason: 'STOP' }] } };
const blockedPrompt: Came = { body: { promptFeedback: { blockReason: 'SAFETY' } } };
const endedBy = (finishReason: string, text = 'half'): Came => ({
  body: { candidates: [{ content: { parts: [{ text }] }, finishReason }] },
});
const calls = (...names: string[]): Came => ({
  body: {
    candidates: [
      { content: { parts: names.map((name) => ({ functionCall: { name } })) }, finishReason: 'STOP' },
    ],
  },
});

const talk =
  'suite: s\nmodel: m\nprompts: { p: [ { user: A }, { model: }, { user: B }, { model: }, { user: C } ] }\n';
const ofTurn2 = 'turn 2 of 3: no answer: empty (STOP)';
const notReached = 'turn 3 was not reached: turn 2 was empty';
test.for<[assert: string, replies: Came[], verdict: Verdict, ...messages: string[]]>([
  // The first turn that is no answer ends the conversation.
  ['[ { finishReason: STOP } ]', ['1', empty], 'failed', ofTurn2, notReached],
  ['[ { not: { error: {} } } ]', ['1', empty], 'failed', ofTurn2, notReached],
  ['[]', ['1', empty], 'failed', ofTurn2],
  ['[]', ['1', blockedPrompt], 'failed', 'turn 2 of 3: no answer: promptBlocked (SAFETY)'],
  ['[]', [endedBy('MAX_TOKENS')], 'failed', 'turn 1 of 3: no answer: truncated (MAX_TOKENS)'],
  ['[]', [endedBy('SAFETY')], 'failed', 'turn 1 of 3: no answer: answerBlocked (SAFETY)'],
  ['[]', ['1', calls('f')], 'failed', 'turn 2 of 3: the model called f; the prompt has no function response'],
  // What is about the last turn admits nothing of an earlier one.
  ['[ { outcome: [empty, answered] } ]', ['1', empty], 'failed', ofTurn2, notReached],
  ['[ { any: [ { blockReason: SAFETY }, { contains: sorry } ] } ]', ['1', blockedPrompt], 'failed'],
  ['[ { turn: 1, outcome: [empty, answered] } ]', ['1', empty], 'failed', ofTurn2],
  ['[ { turn: 2, not: { outcome: empty } } ]', ['1', empty], 'failed', ofTurn2],
  ['[ { turn: 2, outcome: empty, severity: warn } ]', ['1', empty], 'failed', ofTurn2],
  ['[ { error: { status: INVALID_ARGUMENT } } ]', ['1', failure(400, 'INVALID_ARGUMENT')], 'errored'],
  ['[ { error: { code: 400 } } ]', ['1', failure(503, 'UNAVAILABLE')], 'errored'],
  // What is about that turn does.
  ['[ { turn: 2, outcome: empty } ]', ['1', empty], 'passed', 'outcome is empty (STOP)'],
  ['[ { turn: all, outcome: [empty, answered] } ]', ['1', empty], 'failed', notReached],
  ['[ { turn: 2, error: { status: INVALID_ARGUMENT } } ]', ['1', failure(400, 'INVALID_ARGUMENT')], 'passed'],
  ['[ { turn: 2, outcome: empty }, { turn: 3, contains: x } ]', ['1', empty], 'failed', notReached],
  [
    '[ { turn: 1, finishReason: MAX_TOKENS }, { contains: "3" } ]',
    [endedBy('MAX_TOKENS'), '2', '3'],
    'passed',
  ],
  // Assertions of a turn look at that turn alone.
  [
    '[ { turn: 1, contains: "1" }, { turn: 2, contains: "2" }, { contains: "3" } ]',
    ['1', '2', '3'],
    'passed',
  ],
  ['[ { turn: 1, contains: "2" } ]', ['1', '2', '3'], 'failed', 'the text does not contain "2"'],
  ['[ { turn: all, contains: "2" } ]', ['1', '2', '3'], 'failed', 'turn 1: the text does not contain "2"'],
  ['[ { turn: all, length: { chars: 1 } } ]', ['1', '2', '3'], 'passed'],
  ['[ { turn: 1, latency: { total: { max: 20 } } } ]', ['1', '2', '3'], 'passed'],
  ['[ { latency: { total: { max: 20 } } } ]', ['1', '2', '3'], 'failed'],
  ['[ { turn: 3, latency: { total: { max: 20 } } } ]', ['1', '2', '3'], 'passed'],
])('a conversation of three under %s: %j is %s', async ([assert, replies, verdict, ...messages]) => {
  const [only] = await casesIn(await judged(`${talk}assert: ${assert}\n`, () => replies));
  expect(only?.verdict).toBe(verdict);
  for (const message of messages) expect(messagesOf(only)).toContain(message);
  expect(only?.trials[0]?.turns).toHaveLength(replies.length);
});

const respond = (...names: string[]): string =>
  `suite: s\nmodel: m\nprompts: { p: [ { user: A }, { model: }, { user: [ ${names
    .map((name) => `{ functionResponse: { name: ${name}, response: { ok: true } } }`)
    .join(', ')} ] }, { model: } ] }\n`;
test.for<[responses: string[], assert: string, replies: Came[], verdict: Verdict, message?: string]>([
  [['f'], '[]', [calls('f'), 'done'], 'passed'],
  [['f', 'g'], '[]', [calls('g', 'f'), 'done'], 'passed'],
  [['f'], '[]', ['no call'], 'failed', 'turn 1 of 2: the model called no function; the prompt responds to f'],
  [['f'], '[]', [calls('g')], 'failed', 'turn 1 of 2: the model called g; the prompt responds to f'],
  [['f'], '[]', [calls('f', 'f')], 'failed', 'turn 1 of 2: the model called f, f; the prompt responds to f'],
  [['f'], '[ { turn: 1, outcome: calledTool } ]', [calls('g')], 'failed'],
  [['f'], '[ { turn: 1, functionCall: {} } ]', [calls('f'), 'done'], 'passed'],
])('function responses to %j under %s: %j is %s', async ([names, assert, replies, verdict, message]) => {
  const [only] = await casesIn(await judged(`${respond(...names)}assert: ${assert}\n`, () => replies));
  expect(only?.verdict).toBe(verdict);
  if (message !== undefined) expect(messagesOf(only)).toContain(message);
});

test.for<[ended: Results['run']['ended'], summaries: Partial<Summary>[], code: number]>([
  ['done', [{ passed: 1 }], 0],
  ['done', [{ skipped: 1, warnings: 2 }], 0],
  ['done', [{ passed: 1 }, { failed: 1 }], 1],
  ['done', [{ failed: 1 }, { errored: 1 }], 3],
  ['done', [{ inconclusive: 1 }], 4],
  ['done', [{ inconclusive: 1, failed: 1 }], 1],
  ['interrupted', [{ errored: 1, failed: 1 }], 130],
  ['stopped', [{ passed: 1 }], 3],
  ['stopped', [{ failed: 1 }], 3],
  ['bailed', [{ errored: 3, failed: 1 }], 1],
])('a run that %s with %j exits with %i', ([ended, summaries, code]) => {
  const none = { cases: 0, passed: 0, failed: 0, errored: 0, skipped: 0, inconclusive: 0, warnings: 0 };
  const { run } = resultsOfRun();
  const suites = summaries.map((summary) => ({
    suite: 's',
    path: 'a',
    summary: { ...none, ...summary },
    groups: [],
    outline: () => [],
    cases: noCases,
  }));
  expect(exitCodeOf({ suites, run: { ...run, ended } })).toBe(code);
});

test.for<[severity: string, verdict: Verdict]>([
  ['warn', 'failed'],
  ['error', 'passed'],
])('a blocked prompt expected only with severity: %s: %s', async ([severity, verdict]) => {
  const blocked = { promptFeedback: { blockReason: 'SAFETY' } };
  const results = await judged(suite(1, 1, `[ { blockReason: SAFETY, severity: ${severity} } ]`), () => ({
    body: blocked,
  }));
  const [only] = await casesIn(results);
  expect(only?.verdict).toBe(verdict);
  if (only && verdict === 'failed')
    expect(reasonsOf(only).map(({ message }) => message)).toEqual(['no answer: promptBlocked (SAFETY)']);
});
