/** Every method of a session checks its options before it does anything; what handlers throw rejects the call. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { SessionEvent } from '../../src/engine/context.ts';
import { startEmulator } from '../../src/emulator/index.ts';
import { createSession, type Session } from '../../src/engine/session.ts';
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts';
import { createScope } from '../../src/lib/scope.ts';
import { writeFiles } from '../suites.ts';

const suite = 'suite: s\nmodel: gemini-3.8-flash\nprompts: { p: P }\nassert: [ { outcome: answered } ]\n';

function open(
  on?: (event: SessionEvent) => void,
  env: Readonly<Record<string, string>> = {},
): { cwd: string; session: Session } {
  const cwd = writeFiles({ 's.suite.yaml': suite });
  const session = createSession({ cwd, env, ...(on ? { on } : {}) });
  onTestFinished(() => session.close());
  return { cwd, session };
}

/** The codes and texts of the errors that a call ends with. */
async function errorsOf(call: () => unknown): Promise<string[]> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    return error.diagnostics.map(
      ({ code, message, help }) => `${code}: ${message}${help === undefined ? '' : ` (${help})`}`,
    );
  }
  return [];
}

/** Servers that listen in this process. */
const servers = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;

const wholeFrom1 = 'a whole number of at least 1';

test.for([
  [{ emulater: true }, 'unknown-option: unknown option "emulater" (did you mean emulator?)'],
  [{ repeats: 0 }, `bad-option: expected ${wholeFrom1} for repeats, received 0`],
  [{ repeats: '3' }, `bad-option: expected ${wholeFrom1} for repeats, received "3"`],
  [{ concurrency: 1.5 }, `bad-option: expected ${wholeFrom1}, or "auto" for concurrency, received 1.5`],
  [{ retries: -1 }, 'bad-option: expected a whole number of at least 0 for retries, received -1'],
  [{ timeout: Number.NaN }, `bad-option: expected ${wholeFrom1} for timeout, received NaN`],
  [{ maxCost: 0 }, 'bad-option: expected an amount above 0 for maxCost, received 0'],
  [{ emulator: 'yes' }, 'bad-option: expected true or false for emulator, received "yes"'],
  [{ paths: 's.suite.yaml' }, 'bad-option: expected a list of texts for paths, received "s.suite.yaml"'],
  [{ tag: [1] }, 'bad-option: expected a list of texts for tag, received a list'],
  [{ reports: null }, 'bad-option: expected a text for reports, received null'],
  [{ cache: false }, 'bad-option: expected a text, or true for cache, received false'],
  [{ useModel: 'a b' }, 'bad-option: expected the name of a model for useModel, received "a b"'],
  [
    { shard: { index: 3, count: 2 } },
    'bad-option: expected { index, count } with an index from 1 to count, and a count of at most 1000, for shard, received an object',
  ],
] as const)('%o', async ([options, message]) => {
  const { cwd, session } = open();
  const bad = { emulator: true, paths: ['s.suite.yaml'], ...options } as object;
  expect(await errorsOf(() => session.run(bad))).toEqual([message]);
  expect(existsSync(path.join(cwd, 'reports'))).toBe(false);
});

test('every method checks its options', async () => {
  const { session } = open();
  const methods = ['validate', 'plan', 'run', 'judge', 'report', 'merge', 'compare', 'approve'] as const;
  for (const name of methods) {
    const call = session[name] as (options: unknown) => Promise<unknown>;
    expect(await errorsOf(() => call({ nonsense: 1 })), name).toContainEqual(
      expect.stringContaining('unknown-option: unknown option "nonsense" (the options are '),
    );
    expect(await errorsOf(() => call(null)), name).toEqual([
      'bad-option: expected an object for the options, received null',
    ]);
  }
  expect(await errorsOf(() => (session.compare as () => unknown)())).toEqual([
    'bad-option: expected a text for before, received nothing',
    'bad-option: expected a text for after, received nothing',
  ]);
});

test('an undefined option has its default', async () => {
  const { cwd, session } = open();
  const options = { paths: ['s.suite.yaml'], emulator: true };
  const undefineds = { reports: undefined, concurrency: undefined, retries: undefined, reporters: undefined };
  const { exitCode } = await session.run({ ...options, ...(undefineds as object) });
  expect(exitCode).toBe(0);
  expect(existsSync(path.join(cwd, 'reports/index.html'))).toBe(true);
});

test('wrong options leave an earlier run as it is', async () => {
  const { cwd, session } = open();
  await session.run({ paths: ['s.suite.yaml'], emulator: true });
  const journal = path.join(cwd, 'reports/journal.jsonl');
  const before = readFileSync(journal, 'utf8');
  const bad = { paths: ['s.suite.yaml'], emulator: true, concurrency: 0, retires: 1 };
  expect(await errorsOf(() => session.run(bad))).toHaveLength(2);
  expect(readFileSync(journal, 'utf8')).toBe(before);
});

test.for([
  [undefined, 'bad-option: expected an object for the options, received nothing'],
  [{ env: {} }, 'bad-option: expected a text for cwd, received nothing'],
  [{ cwd: '.' }, 'bad-option: expected an object of texts for env, received nothing'],
  [{ cwd: '.', env: { A: 1 } }, 'bad-option: expected an object of texts for env, received an object'],
  [{ cwd: '.', env: {}, signal: {} }, 'bad-option: expected an AbortSignal for signal, received an object'],
  [{ cwd: '.', env: {}, on: 'x' }, 'bad-option: expected a function for on, received "x"'],
  [{ cwd: '.', env: {}, sginal: 1 }, 'unknown-option: unknown option "sginal" (did you mean signal?)'],
])('createSession(%o)', async ([options, message]) => {
  expect(await errorsOf(() => createSession(options as never))).toEqual([message]);
});

test.for(['started', 'attempt', 'progress', 'ended'] as const)(
  'a handler that throws at %s rejects the run, and nothing stays open',
  async (type) => {
    const before = servers();
    const { session } = open((event) => {
      if (event.type === type) throw new Error(`no ${type}`);
    });
    await expect(session.run({ paths: ['s.suite.yaml'], emulator: true })).rejects.toThrow(`no ${type}`);
    // The handle of a server is gone shortly after its close.
    await expect.poll(servers).toBe(before);
  },
);

test('a journal that cannot be moved away leaves no emulator open', async () => {
  const before = servers();
  const { cwd, session } = open(
    (event) => {
      if (event.type === 'note') throw new Error('no note');
    },
    { GEMINI_API_KEY: 'any' },
  );
  const paths = ['s.suite.yaml'];
  const emulator = await startEmulator();
  await session.run({ paths, baseUrl: emulator.url });
  await emulator.close();
  // A run that broke off has no end in its journal, and is kept.
  const journal = path.join(cwd, 'reports/journal.jsonl');
  const lines = readFileSync(journal, 'utf8').split('\n').slice(0, -2);
  writeFileSync(journal, `${lines.join('\n')}\n`);
  await expect(session.run({ paths, emulator: true })).rejects.toThrow('no note');
  // The handle of a server is gone shortly after its close.
  await expect.poll(servers).toBe(before);
});

test('a closed session refuses calls', async () => {
  const { session } = open();
  await session.close();
  await session.close();
  expect(await errorsOf(() => session.validate({ paths: ['s.suite.yaml'] }))).toEqual([
    'session-closed: the session is closed (open another with createSession)',
  ]);
});

test('a scope ends all, also if some of it throws', async () => {
  const scope = createScope();
  const done: string[] = [];
  scope.atEnd(() => void done.push('first'));
  scope.atEnd(() => {
    throw new Error('broken');
  });
  scope.atEnd(() => void done.push('last'));
  await expect(scope.end()).rejects.toThrow('broken');
  expect(done).toEqual(['first', 'last']);
});
