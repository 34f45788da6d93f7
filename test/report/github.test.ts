/** The github reporter by the rules of GitHub's runner: which lines it obeys, what it reads of them, what it bounds. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { visible } from '../../src/diagnostics/code-frame.ts';
import type { Results } from '../../src/judge/results.ts';
import { workflowCommand, withoutCommands } from '../../src/report/github/command.ts';
import { forgetSecrets, addSecret } from '../../src/lib/redact.ts';
import { github } from '../../src/report/github/github.ts';
import { assay } from '../e2e/assay.ts';
import { project } from '../e2e/project.ts';
import { assertion, caseOf, makeReport, place, resultsOf, suiteOf, trial } from './fake.ts';

interface Command {
  readonly name: string;
  readonly properties: Record<string, string>;
  readonly message: string;
}

/** Reads output as the runner does: a line that begins with `::` after white space is a command, unless they are stopped. */
function obeyed(output: string): Command[] {
  const found: Command[] = [];
  let resume: string | undefined;
  for (const line of output.split(/\r\n|\r|\n/)) {
    const parts = /^::([\w-]+)(?: ([^:]*))?::(.*)$/s.exec(line.trimStart());
    if (!parts && resume !== undefined && line.trimStart() === `::${resume}::`) resume = undefined;
    if (!parts) continue;
    const [, name = '', list = '', data = ''] = parts;
    if (resume !== undefined) {
      if (name === resume) resume = undefined;
      continue;
    }
    if (name === 'stop-commands') {
      resume = data;
      continue;
    }
    const unescape = (text: string): string =>
      text
        .replaceAll('%0D', '\r')
        .replaceAll('%0A', '\n')
        .replaceAll('%3A', ':')
        .replaceAll('%2C', ',')
        .replaceAll('%25', '%');
    const properties = Object.fromEntries(
      list
        .split(',')
        .filter(Boolean)
        .map((pair) => {
          const at = pair.indexOf('=');
          return [pair.slice(0, at), unescape(pair.slice(at + 1))];
        }),
    );
    found.push({
      name,
      properties,
      message: data.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%'),
    });
  }
  return found;
}

async function report(
  results: Results,
  given: { summary?: string; workspace?: string } = {},
): Promise<{ output: string; commands: Command[]; summary: string }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'assay-github-'));
  try {
    const file = path.join(folder, 'summary');
    if (given.summary !== undefined) writeFileSync(file, given.summary);
    let output = '';
    const env = { GITHUB_STEP_SUMMARY: file, GITHUB_WORKSPACE: given.workspace };
    await makeReport(github, results, folder, { env, out: { write: (text) => (output += text) } });
    expect(readdirSync(folder)).toEqual(['summary']);
    return { output, commands: obeyed(output), summary: readFileSync(file, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const failing = (id: string, line: number, given: Parameters<typeof assertion>[0] = {}) =>
  caseOf(id, 'failed', {
    trials: [trial({ verdict: 'failed', assertions: [assertion({ place: place(line), ...given })] })],
  });

test('one annotation per line, the most important first, errors apart from warnings', async () => {
  const { commands } = await report(
    resultsOf(
      suiteOf('a', () => [
        caseOf('errs', 'errored'),
        failing('one', 5, { expected: 'x', actual: 'y' }),
        failing('three', 8),
        failing('three more', 8),
        failing('three at last', 8),
        failing('guarded', 9, { guardrail: true }),
        caseOf('warned', 'passed', {
          trials: [trial({ assertions: [assertion({ severity: 'warn', place: place(2) })] })],
        }),
        caseOf('bare', 'passed', { warnings: ['no assertions'] }),
        caseOf('fine', 'passed'),
      ]),
    ),
  );
  expect(commands.map(({ name, properties }) => [name, properties.line, properties.title])).toEqual([
    ['error', '9', 'guardrail: guarded'],
    ['error', '8', 'failed: three and 2 more cases'],
    ['error', '5', 'failed: one'],
    ['error', '3', 'errored: errs'],
    ['warning', '2', 'warning: warned'],
    ['warning', '3', 'warning: bare'],
  ]);
  expect(commands[2]).toEqual({
    name: 'error',
    properties: { file: 'suites/a.suite.yaml', line: '5', col: '1', title: 'failed: one' },
    message: 'contains: x: the text does not contain "x"\nexpected: x\nactual: y',
  });
});

test.for([
  ['/repository', 'project/suites/a.suite.yaml'],
  ['/repository/project', 'suites/a.suite.yaml'],
  ['/elsewhere', 'suites/a.suite.yaml'],
  [undefined, 'suites/a.suite.yaml'],
] as const)('in the workspace %s the file is %s', async ([workspace, file]) => {
  const { commands } = await report(
    resultsOf(suiteOf('a', () => [failing('one', 5)])),
    workspace === undefined ? {} : { workspace },
  );
  expect(commands[0]?.properties.file).toBe(file);
});

test('prints at most ten annotations and counts the rest', async () => {
  const cases = Array.from({ length: 37 }, (_, index) => failing(`case ${index}`, index + 1));
  const { commands, output } = await report(resultsOf(suiteOf('a', () => cases)));
  expect(commands).toHaveLength(10);
  expect(output).toMatch(/\n\+27 more, in the step summary and the reports\n$/);
});

test('prints nothing without failures and still writes the summary', async () => {
  const { output, summary } = await report(resultsOf(suiteOf('a', () => [caseOf('fine', 'passed')])));
  expect(output).toBe('');
  expect(summary).toMatch(/^# Assay: all passed\n/);
});

test.for([
  ['an empty one', 0, true],
  ['a summary file with enough space', 900_000, true],
  ['a summary file with little space', 1_048_576 - 20_000, true],
  ['a full one', 1_048_576 - 10, false],
] as const)('a step summary stays under 1 MiB: %s', async ([, before, fits]) => {
  const results = resultsOf(
    suiteOf('a', () => Array.from({ length: 3_000 }, (_, index) => failing(`case ${index}`, 5))),
  );
  const { summary, commands } = await report(results, { summary: 'x'.repeat(before) });
  expect(Buffer.byteLength(summary)).toBeLessThan(1_048_576);
  expect(summary.startsWith('x'.repeat(before))).toBe(true);
  expect(summary.includes('# Assay: 3000 failed')).toBe(fits);
  expect(commands.some(({ name }) => name === 'notice')).toBe(!fits);
});

const parts = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '::',
    '\n',
    '\r\n',
    '\r',
    '%',
    '%0A',
    ',',
    ':',
    '=',
    '::error::',
    '::stop-commands::x',
    '\n::set-output name=a::b\n',
  ),
);
const texts = fc.array(parts).map((list) => list.join(''));

test('the runner sees exactly one command for any text', () => {
  fc.assert(
    fc.property(texts, texts, (title, message) => {
      const command = workflowCommand('error', { file: 'a.yaml', title }, message);
      expect(obeyed(`${command}\n`)).toEqual([
        { name: 'error', properties: { file: 'a.yaml', title: visible(title) }, message: visible(message) },
      ]);
    }),
    { numRuns: 1_000 },
  );
});

test('text of a model gives no GitHub Actions command, and commands work after it', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const output = withoutCommands(`${text}\n`, { GITHUB_ACTIONS: 'true' });
      expect(output).toContain(text);
      expect(obeyed(`${output}::notice::after\n`)).toEqual([
        { name: 'notice', properties: {}, message: 'after' },
      ]);
    }),
  );
  expect(withoutCommands('::error::x\n', {})).toBe('::error::x\n');
});

test('neither annotations nor summary contain a key, cut or escaped', async () => {
  const key = 'planted%key,with:signs|planted';
  addSecret('KEY', key);
  try {
    for (let before = 0; before < 2_100; before += 7) {
      const text = `${'x'.repeat(before)}${key} after`;
      const { output, summary } = await report(
        resultsOf(suiteOf('a', () => [failing(text, 5, { message: text, actual: text, expected: text })])),
      );
      expect(`${output}${summary}`).not.toContain('planted');
    }
  } finally {
    forgetSecrets();
  }
});

const hostileReply = `replies:
  - reply: { text: "::error::pwned\\n  ::add-mask::a\\n##[error]pwned" }
`;

test.for(['run --emulator --script script.yaml', 'report'])(
  'in GitHub Actions it comes along by itself: %s',
  (command) =>
    project(
      {
        'app/suites/a.suite.yaml':
          'suite: a\nmodel: gemini-3.8-flash\nprompts: { p: Hello }\nassert:\n  - contains: nowhere\n',
        'app/script.yaml': hostileReply,
        'app/summary': '# Earlier\n',
      },
      async ({ folder, read }) => {
        const cwd = path.join(folder, 'app');
        const env = {
          GITHUB_ACTIONS: 'true',
          GITHUB_WORKSPACE: folder,
          GITHUB_STEP_SUMMARY: path.join(cwd, 'summary'),
        };
        if (command === 'report') await assay('run --emulator --script script.yaml'.split(' '), { cwd });
        const ended = await assay([...command.split(' '), '--reporter', 'json'], { cwd, env });
        expect(ended.code, ended.stderr).toBe(1);
        expect(obeyed(ended.stdout)).toEqual([
          {
            name: 'error',
            properties: { file: 'app/suites/a.suite.yaml', line: '5', col: '5', title: 'failed: a / p' },
            message:
              'contains: nowhere: the text does not contain "nowhere"\nexpected: nowhere\nactual: ::error::pwned\n  ::add-mask::a\n##[error]pwned',
          },
        ]);
        expect(ended.stdout).toContain('1 case: 0 passed, 1 failed');
        expect(obeyed(ended.stderr)).toEqual([]);
        expect(read('app/summary')).toMatch(/^# Earlier\n# Assay: 1 failed\n/);
      },
    ),
);
