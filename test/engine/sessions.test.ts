/** Two sessions in one process, at the same time: neither sees the other's folder, variables, secrets, replies or scripts. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { SessionEvent } from '../../src/engine/context.ts';
import { createSession } from '../../src/engine/session.ts';
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts';
import { writeFiles } from '../suites.ts';

const suite = `suite: words
model: gemini-3.8-flash
env: [BRAND]
prompts:
  story: Write of {{env.BRAND}} and the others.
tests:
  - name: each
    repeats: 6
    assert:
      - contains: '{{env.BRAND}}'
      - not: { contains: '{{env.BRAND}}!' }
      - script: { file: check.mjs, timeout: 10000 }
`;

/** Fails with what it sees: the variables of its thread, and what it counted so far. */
const check = `let calls = 0;
export default (reply) => {
  calls++;
  const { BRAND, GEMINI_API_KEY, UNSET } = process.env;
  const sees = [BRAND === reply.text, GEMINI_API_KEY === undefined, UNSET === undefined, calls <= 12];
  return sees.every(Boolean) || 'sees ' + JSON.stringify([BRAND, reply.text, calls]);
};
`;

const brands = ['first-brand-of-one', 'second-brand-of-two'];

async function runOne(brand: string, other: string): Promise<void> {
  const cwd = writeFiles({
    'words.suite.yaml': suite,
    'check.mjs': check,
    // What the reply holds is hidden in this session alone.
    'script.yaml': `replies:\n  - reply: { text: "${brand}" }\n`,
  });
  const events: SessionEvent[] = [];
  const session = createSession({
    cwd,
    env: { BRAND: brand, GEMINI_API_KEY: `key-beside-${brand}`, UNSET: undefined },
    on: (event) => void events.push(event),
  });
  try {
    const { exitCode, results } = await session.run({
      paths: ['words.suite.yaml'],
      emulator: true,
      script: 'script.yaml',
    });
    const verdicts = [];
    for (const each of results.suites)
      for await (const one of each.cases()) verdicts.push([one.id, one.verdict, JSON.stringify(one.trials)]);
    expect(verdicts).toMatchObject([['each / story', 'passed', expect.stringContaining('[env:BRAND]')]]);
    expect(exitCode).toBe(0);
    expect(events.filter(({ type }) => type === 'progress')).toHaveLength(6);
    for (const file of readdirSync(path.join(cwd, 'reports'))) {
      const text = readFileSync(path.join(cwd, 'reports', file), 'utf8');
      expect(text, file).not.toContain(brand);
      expect(text, file).not.toContain(other);
    }
    const again = await session.report();
    expect(again.exitCode).toBe(0);
  } finally {
    await session.close();
  }
}

test('two sessions at once do not see each other', async () => {
  const [one = '', other = ''] = brands;
  await Promise.all([runOne(one, other), runOne(other, one), runOne(`${one}-more`, other)]);
});

test('a secret of one session is visible in another', async () => {
  const text = 'a-word-that-is-secret-here';
  const files = {
    's.suite.yaml': `suite: s\nmodel: gemini-3.8-flash\nprompts: { p: P }\nassert: [ { equals: ${text} } ]\n`,
    'script.yaml': `replies:\n  - reply: { text: ${text} }\n`,
  };
  const options = { paths: ['s.suite.yaml'], emulator: true, script: 'script.yaml' } as const;
  const shown = await Promise.all(
    [{ GEMINI_API_KEY: text }, {}].map(async (env) => {
      const cwd = writeFiles(files);
      const session = createSession({ cwd, env });
      await session.run(options);
      await session.close();
      return readFileSync(path.join(cwd, 'reports/s.json'), 'utf8').includes(text);
    }),
  );
  expect(shown).toEqual([false, true]);
});

test('throws errors with their places, and an abort ends a run', async () => {
  const cwd = writeFiles({
    'bad.suite.yaml': 'suite: bad\nmodel: m\nprompts: { p: P }\nasert: []\n',
    'good.suite.yaml':
      'suite: good\nmodel: gemini-3.8-flash\nprompts: { p: P }\nassert: [ { outcome: answered } ]\n',
  });
  const stop = new AbortController();
  const session = createSession({ cwd, env: {}, signal: stop.signal });
  const error = await session.validate({ paths: ['bad.suite.yaml'] }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DiagnosticError);
  expect((error as DiagnosticError).diagnostics).toMatchObject([{ code: 'unknown-key', severity: 'error' }]);
  stop.abort();
  const { exitCode } = await session.run({ paths: ['good.suite.yaml'], emulator: true });
  expect(exitCode).toBe(130);
  await session.close();
});

test('two sessions cannot write to one folder at once and leave no process handlers', async () => {
  const cwd = writeFiles({
    'slow.suite.yaml':
      'suite: slow\nmodel: gemini-3.8-flash\nprompts: { p: P }\nassert: [ { outcome: answered } ]\n',
    'script.yaml': 'replies:\n  - { delay: 1000, reply: { text: late } }\n',
    'mine.mjs': 'export default () => [];\n',
  });
  const handlers = (): number[] =>
    ['SIGINT', 'SIGTERM', 'exit', 'beforeExit', 'uncaughtException'].map((name) =>
      process.listenerCount(name),
    );
  const before = handlers();
  const seen = new Set<string>();
  const on = (): void => void seen.add(JSON.stringify(handlers()));
  const options = {
    paths: ['slow.suite.yaml'],
    emulator: true,
    script: 'script.yaml',
    reporters: ['json', './mine.mjs'],
  };
  const sessions = [createSession({ cwd, env: {}, on }), createSession({ cwd, env: {}, on })];
  const ended = await Promise.allSettled(sessions.map((session) => session.run(options)));
  expect(ended.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(ended.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { diagnostics: [{ code: 'folder-in-use' }] },
  });
  expect([...seen]).toEqual([JSON.stringify(before)]);
  await Promise.all(sessions.map((session) => session.close()));
});
