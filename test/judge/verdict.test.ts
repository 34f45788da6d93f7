/** How a case comes out of its trials. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { exitCodeOf } from '../../src/judge/exit.ts';
import type { Results, Summary, Verdict } from '../../src/judge/results.ts';
import { reasonsOf } from '../../src/report/reasons.ts';
import { answer, casesIn, failure, judged, noCases, resultsOfRun, type Came } from './judged.ts';

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
  // Not asked at all: nothing is known, and nothing went wrong with it.
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

test('a case failed exactly if no reply of the trials that are missing could save it', () =>
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
        const asked = trials.some((trial) => trial !== '-');
        const judgedAs = best < passRate - 1e-9 ? 'failed' : unknown ? 'errored' : 'passed';
        const expected = asked ? judgedAs : 'skipped';
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
    'cannot tell fails, and says what was missing',
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
    'not keeps cannot tell',
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
    'as another',
    '[ { error: { status: NOT_FOUND } } ]',
    failure(400, 'INVALID_ARGUMENT'),
    'failed',
    'expected status NOT_FOUND, received INVALID_ARGUMENT',
  ],
  // What may go well at another time is no failure of the case, whatever it asserts.
  ['but not of the moment', '[ { error: { status: NOT_FOUND } } ]', failure(500, 'INTERNAL'), 'errored'],
  ['nor by a denial', '[ { not: { error: {} } } ]', failure(503, 'UNAVAILABLE'), 'errored'],
  ['a denial of one that stays', '[ { not: { error: {} } } ]', failure(403, 'PERMISSION_DENIED'), 'failed'],
  [
    'a warning of it beside another assertion',
    '[ { error: {}, severity: warn }, { contains: x } ]',
    failure(429, 'RESOURCE_EXHAUSTED'),
    'errored',
  ],
  ['warnings alone', '[ { error: { code: 400 }, severity: warn } ]', failure(503, 'UNAVAILABLE'), 'errored'],
  ['credentials that are none', '[ { error: { code: 400 } } ]', failure(401, 'UNAUTHENTICATED'), 'errored'],
  [
    'a server that is not reached',
    '[ { error: { status: NOT_FOUND } } ]',
    { failure: { kind: 'connect', message: 'connect' } },
    'errored',
  ],
  [
    'a key that is not valid',
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
  ['by its outcome', '[ { outcome: apiError } ]', failure(500, 'INTERNAL'), 'passed'],
  ['an error that did not come', '[ { error: {} } ]', 'hello', 'failed'],
  ['a malformed reply is errored', '[ { contains: x } ]', { body: 'what?' }, 'errored'],
  ['unless it is asserted', '[ { outcome: malformed } ]', { body: 'what?' }, 'passed'],
  ['or nested', '[ { any: [ { outcome: malformed }, { contains: x } ] } ]', { body: 'what?' }, 'passed'],
  ['a lost connection', '[ { contains: x } ]', { failure: { kind: 'reset', message: 'reset' } }, 'errored'],
  ['a missed warning', '[ { contains: hello }, { contains: x, severity: warn } ]', 'hello', 'passed'],
])('%s: %s', async ([, assert, reply, verdict, message]) => {
  const results = await judged(suite(1, 1, assert), () =>
    'failure' in Object(reply) ? { ...Object(reply), status: undefined } : reply,
  );
  const [only] = await casesIn(results);
  expect(only?.verdict).toBe(verdict);
  if (message !== undefined) expect(only?.trials[0]?.assertions[0]?.message).toBe(message);
});

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
  expect(only?.trials[0]?.candidates.map(({ text }) => text)).toEqual([first, second]);
  if (message !== undefined) expect(only?.trials[0]?.assertions[0]?.message).toBe(message);
});

test('warnings: missed ones by their name, once each however often missed, and cases without assertions', async () => {
  const results = await judged(
    `suite: s\nmodel: m\nrepeats: 3\nprompts: { p: P }\ntests:
  - { name: a, assert: [ { outcome: answered }, { contains: x, severity: warn }, { contains: y, severity: warn, label: has y }, { contains: good, severity: warn } ] }
  - { name: b }
  - { name: c, skip: later, assert: [ { contains: x, severity: warn } ] }
`,
    () => 'good',
  );
  expect((await casesIn(results)).map(({ verdict, warnings }) => [verdict, warnings])).toEqual([
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

test('a conversation is one trial: its turns are kept, its tokens summed in the usual order', async () => {
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
  const [trial] = (await casesIn(results))[0]?.trials ?? [];
  expect(
    trial?.turns?.map(({ outcome, finishReason, text, usage }) => [
      outcome,
      finishReason,
      text,
      usage?.total,
    ]),
  ).toEqual([
    ['answered', 'STOP', 'first', 7],
    ['answered', 'STOP', 'second', 15],
    ['answered', 'STOP', 'third', 7],
  ]);
  expect(trial?.candidates.map(({ text }) => text)).toEqual(['third']);
  expect(JSON.stringify(trial?.usage)).toBe('{"prompt":11,"candidates":9,"thoughts":9,"total":29}');
  expect(trial?.volatile).toMatchObject({ totalMs: expect.closeTo(37.035, 3) as number, attempts: 3 });
});

const empty: Came = { body: { candidates: [{ finishReason: 'STOP' }] } };
const blockedPrompt: Came = { body: { promptFeedback: { blockReason: 'SAFETY' } } };
test.for<[assert: string, second: Came, verdict: Verdict]>([
  ['[ { finishReason: STOP } ]', empty, 'failed'],
  ['[ { not: { error: {} } }, { tokens: { total: { max: 99 } } } ]', empty, 'failed'],
  ['[ { not: { functionCall: { name: f } } } ]', blockedPrompt, 'failed'],
  ['[ { not: { outcome: answered } } ]', blockedPrompt, 'failed'],
  ['[ { outcome: promptBlocked, severity: warn }, { latency: { total: 99 } } ]', blockedPrompt, 'failed'],
  ['[ { any: [ { outcome: answered }, { tokens: { total: { max: 99 } } } ] } ]', blockedPrompt, 'failed'],
  ['[ { any: [ { blockReason: SAFETY }, { latency: { total: 99 } } ] } ]', blockedPrompt, 'failed'],
  ['[ { not: { error: { code: 400 } } } ]', failure(503, 'UNAVAILABLE'), 'errored'],
  // It may be just what the case is about.
  ['[ { outcome: [empty, answered] } ]', empty, 'passed'],
  ['[ { any: [ { blockReason: SAFETY }, { contains: sorry } ] } ]', blockedPrompt, 'passed'],
  ['[ { error: { status: INVALID_ARGUMENT } } ]', failure(400, 'INVALID_ARGUMENT'), 'passed'],
])('a conversation that ends before its last turn, under %s: %j is %s', async ([assert, second, verdict]) => {
  const results = await judged(
    `suite: s\nmodel: m\nprompts: { p: [ { user: A }, { model: }, { user: B }, { model: }, { user: C } ] }\nassert: ${assert}\n`,
    () => [answer('first'), second],
  );
  const [only] = await casesIn(results);
  expect(only?.verdict).toBe(verdict);
  if (!only || verdict !== 'failed' || only.trials[0]?.assertions.some((each) => each.verdict !== 'passed'))
    return;
  const outcome = second === empty ? 'empty' : 'promptBlocked';
  expect(reasonsOf(only).map(({ message }) => message)).toEqual([
    `the conversation ended with call 2 of 3: ${outcome}`,
  ]);
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
    batches: noCases,
    failing: noCases,
  }));
  expect(exitCodeOf({ suites, run: { ...run, ended } })).toBe(code);
});

test.for<[severity: string, verdict: Verdict]>([
  ['warn', 'failed'],
  ['error', 'passed'],
])('a blocked prompt that only severity: %s looks for: %s', async ([severity, verdict]) => {
  const blocked = { promptFeedback: { blockReason: 'SAFETY' } };
  const results = await judged(suite(1, 1, `[ { blockReason: SAFETY, severity: ${severity} } ]`), () => ({
    body: blocked,
  }));
  const [only] = await casesIn(results);
  expect(only?.verdict).toBe(verdict);
  if (only && verdict === 'failed')
    expect(reasonsOf(only).map(({ message }) => message)).toEqual(['no answer: promptBlocked']);
});
