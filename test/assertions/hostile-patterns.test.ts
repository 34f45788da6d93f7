/**
 * A hostile pattern is fast in every kind and field: all use the one RE2 engine. Where a backtracking
 * engine stood behind a door, these tests would not end.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { compileEntry } from '../../src/assertions/compile.ts';
import { decodeReply } from '../../src/gemini/decode.ts';
import type { Method } from '../../src/gemini/methods.ts';
import type { JsonObject, JsonValue } from '../../src/lib/json.ts';
import { during, readText, says, scriptOf, textOf, under } from '../emulator/serve.ts';

/** Each takes a backtracking engine exponential time on {@link long}, and is found in `aaaa`. */
const patterns = ['^(a+)+$', '(a|aa)+$', '^([a-z]+)*$', '^(a|a?)+$', '^(?:a*)*(?:a*)*$'];
const long = `${'a'.repeat(5000)}!`;
const short = 'aaaa';

/** What else to put under a door's pattern: a candidate with a text, or a whole body. */
interface Looked {
  readonly text?: string;
  readonly body?: JsonObject;
  readonly status?: number;
  readonly method?: Method;
}
type Door = (pattern: string, text: string) => { kind: string; args: JsonValue; looked: Looked };

const json = (text: string): Looked => ({ text: JSON.stringify({ a: text }) });
const call = (text: string): Looked => ({
  body: {
    candidates: [
      { content: { parts: [{ functionCall: { name: 'f', args: { a: text } } }] }, finishReason: 'STOP' },
    ],
  },
});
/** Doors whose assertion holds exactly where the pattern is found. */
const doors: Record<string, Door> = {
  matches: (pattern, text) => ({ kind: 'matches', args: pattern, looked: { text } }),
  'not, any, all': (pattern, text) => ({
    kind: 'not',
    args: { all: [{ any: [{ not: { matches: pattern } }] }] },
    looked: { text },
  }),
  'jsonPath.matches': (pattern, text) => ({
    kind: 'jsonPath',
    args: { path: '$.a', matches: pattern },
    looked: json(text),
  }),
  'a filter with search()': (pattern, text) => ({
    kind: 'jsonPath',
    args: { path: `$[?search(@, '${pattern}')]` },
    looked: json(text),
  }),
  'a filter with match()': (pattern, text) => ({
    kind: 'jsonPath',
    args: { path: `$[?match(@, '.*(?:${pattern})')]` },
    looked: json(text),
  }),
  'a filter whose pattern is in the reply': (pattern, text) => ({
    kind: 'jsonPath',
    args: { path: '$[?search(@.text, @.pattern)]' },
    looked: { text: JSON.stringify([{ text, pattern }]) },
  }),
  'response.matches': (pattern, text) => ({
    kind: 'response',
    args: { path: '$.description', matches: pattern },
    looked: { body: { description: text }, method: 'models.get' },
  }),
  'functionCall.where.matches': (pattern, text) => ({
    kind: 'functionCall',
    args: { where: { path: '$.a', matches: pattern } },
    looked: call(text),
  }),
  'functionCall.where.path': (pattern, text) => ({
    kind: 'functionCall',
    args: { where: { path: `$[?search(@, '${pattern}')]` } },
    looked: call(text),
  }),
  'modelVersion.matches': (pattern, text) => ({
    kind: 'modelVersion',
    args: { matches: pattern },
    looked: { body: { candidates: [{ finishReason: 'STOP' }], modelVersion: text } },
  }),
  'error.message.matches': (pattern, text) => ({
    kind: 'error',
    args: { message: { matches: pattern } },
    looked: { body: { error: { code: 400, message: text, status: 'INVALID_ARGUMENT' } }, status: 400 },
  }),
  'pattern in a JSON Schema': (pattern, text) => ({
    kind: 'json',
    args: { schema: { type: 'object', properties: { a: { type: 'string', pattern } } } },
    looked: json(text),
  }),
  'patternProperties in a JSON Schema': (pattern, text) => ({
    kind: 'not',
    args: { json: { schema: { type: 'object', patternProperties: { [pattern]: false } } } },
    looked: { text: JSON.stringify({ [text]: 1 }) },
  }),
  'propertyNames in a draft-07 schema': (pattern, text) => ({
    kind: 'json',
    args: {
      schema: {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        propertyNames: { pattern },
      },
    },
    looked: { text: JSON.stringify({ [text]: 1 }) },
  }),
};

async function judge(door: Door, pattern: string, text: string): Promise<string> {
  const { kind, args, looked } = door(pattern, text);
  const problems: string[] = [];
  const check = await compileEntry(kind, args, ({ code }) => void problems.push(code));
  if (!check) return problems.join();
  const body = looked.body ?? {
    candidates: [{ content: { parts: [{ text: looked.text ?? '' }] }, finishReason: 'STOP' }],
  };
  const reply = decodeReply(looked.method ?? 'generateContent', {
    status: looked.status ?? 200,
    body,
    totalMs: 1,
  });
  const [candidate] = reply.candidates;
  const trial = { at: '2026-11-20T12:00:00.000Z', calls: [reply], root: import.meta.dirname };
  return (await check({ reply, trial, ...(candidate ? { candidate } : {}) })).status;
}

describe('in every kind and field', () => {
  /** The sources of all expressions that the JavaScript engine compiles meanwhile. */
  const native: string[] = [];
  beforeAll(() => {
    const note = (source: unknown): void =>
      void native.push(source instanceof RegExp ? source.source : String(source));
    vi.stubGlobal(
      'RegExp',
      new Proxy(RegExp, {
        construct: (target, args: [string], self) => (
          note(args[0]),
          Reflect.construct(target, args, self) as object
        ),
        apply: (target, self, args: [string]) => (
          note(args[0]),
          Reflect.apply<unknown, [string], RegExp>(target, self, args)
        ),
      }),
    );
  });
  afterAll(() => void vi.unstubAllGlobals());

  test.for(Object.entries(doors))('%s', async ([, door]) => {
    for (const pattern of patterns) {
      expect([pattern, await judge(door, pattern, short)]).toEqual([pattern, 'holds']);
      expect([pattern, await judge(door, pattern, long)]).toEqual([pattern, 'fails']);
      expect(native.filter((source) => source.includes(pattern))).toEqual([]);
    }
  });

  test('the watch on the JavaScript engine sees compiled expressions', () => {
    expect(new RegExp('watched').test('watched')).toBe(true);
    expect(native).toContain('watched');
  });
});

describe('rejects patterns that need backtracking', () => {
  const perl = ['(a)\\1', '(?=a)a', '(?!a)b', '(?<=a)a', '(?<!a)b', '(?>a)', 'a*+'];
  const refused = {
    matches: 'invalid-pattern',
    'jsonPath.matches': 'invalid-pattern',
    'response.matches': 'invalid-pattern',
    'functionCall.where.matches': 'invalid-pattern',
    'modelVersion.matches': 'invalid-pattern',
    'error.message.matches': 'invalid-pattern',
    'pattern in a JSON Schema': 'invalid-json-schema',
    // RFC 9535: an invalid pattern matches nothing.
    'a filter whose pattern is in the reply': 'fails',
  };
  test.for(Object.entries(refused))('%s: %s', async ([name, verdict]) => {
    const door = doors[name];
    if (!door) throw new Error(`no door ${name}`);
    for (const pattern of perl)
      expect([pattern, await judge(door, pattern, short)]).toEqual([pattern, verdict]);
  });

  test('rejects expressions that grow without limit', async () => {
    for (const pattern of [
      '((a{1,100}){1,100}){1,100}',
      '(a{1000}){1000}',
      `${'('.repeat(5000)}${')'.repeat(5000)}`,
    ])
      expect(await judge(doors.matches as Door, pattern, short)).toBe('invalid-pattern');
  });
});

describe('on the emulator', () => {
  test.for(['prompt', 'model', 'method'])('when.%s.matches', async (key) => {
    for (const pattern of patterns) {
      // A rule with an unknown method is rejected.
      const matched = key === 'method' ? `^streamGenerateContent$|${pattern}` : pattern;
      const rule = `replies: [ { when: { ${key}: { matches: '${matched}' } }, reply: { text: scripted } } ]`;
      await during({ script: await scriptOf(rule) }, async ({ call: ask }) => {
        const answerTo = async (prompt: string): Promise<string> =>
          textOf((await ask('gemini-2.5-flash-lite', 'generateContent', says(prompt))).body);
        expect(await answerTo(long)).not.toBe('scripted');
        if (key === 'prompt') expect(await answerTo(short)).toBe('scripted');
      });
    }
    const { found } = await readText(`replies: [ { when: { ${key}: { matches: '(?=a)' } }, reply: {} } ]`);
    expect(found.map(({ code }) => code)).toEqual(['invalid-pattern']);
  });

  test('fast for schemas of an answer', async () => {
    await during({}, async ({ call: ask }) => {
      for (const pattern of [...patterns, '^(?=a)b', '[^(a+)+]', '^((a{99999}){99999})$'])
        expect(
          (
            await ask(
              'gemini-2.5-flash-lite',
              'generateContent',
              under(long, {
                responseMimeType: 'application/json',
                responseJsonSchema: { type: 'string', pattern, minLength: 3000 },
              }),
            )
          ).status,
        ).toBe(200);
    });
  });
});

test('reads an error page of brackets up to a limit', () => {
  const body = { page: '<'.repeat(3_000_000) };
  const { error } = decodeReply('generateContent', { status: 502, body, totalMs: 1 });
  expect(error?.message).toMatch(/^HTTP 502: /);
});
