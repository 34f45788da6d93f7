/** docs/ci.md: its YAML is parsed, and its commands are run with the emulator for the API, as far as one machine can. */
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { startEmulator } from '../../src/emulator/server.ts';
import { root } from './assay.ts';
import { project, type Project } from './project.ts';

const page = readFileSync(path.join(root, 'docs/ci.md'), 'utf8');
const blocks = [...page.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({
  language,
  text,
}));
const block = (language: string, holds: string): string => {
  const found = blocks.filter((each) => each.language === language && each.text.includes(holds));
  expect(found, holds).toHaveLength(1);
  return found[0]?.text ?? '';
};

const suite = `suite: night
model: gemini-3.8-flash
prompts: { story: "Write about lantern {{n}}." }
tests:
  - name: stories
    data: [ { n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }, { n: 5 }, { n: 6 }, { n: 7 } ]
    row: "{{n}}"
    assert: [ { contains: lantern } ]
  - { name: fails, vars: { n: none }, assert: [ { contains: nowhere to be found } ] }
`;
const files = { 'suites/night.suite.yaml': suite };

type Shell = (
  command: string,
  env?: Record<string, string>,
  options?: string[],
) => Promise<{ code: number | null; output: string }>;

/** A project with `assay` and `npx assay` on its path, and an emulator where the API would be. */
function withShell(use: (mine: Project, sh: Shell) => Promise<void>): Promise<void> {
  return project(files, async (mine) => {
    const bin = path.join(mine.folder, '.bin');
    mkdirSync(bin);
    const cli = `'${process.execPath}' '${path.join(root, 'dist/cli.js')}'`;
    for (const [name, body] of [
      ['assay', `exec ${cli} "$@"`],
      ['npx', `[ "$1" = assay ] || exit 99; shift; exec ${cli} "$@"`],
    ] as const) {
      writeFileSync(path.join(bin, name), `#!/bin/sh\n${body}\n`);
      chmodSync(path.join(bin, name), 0o755);
    }
    const emulator = await startEmulator({});
    const { GITHUB_ACTIONS: _a, GITHUB_STEP_SUMMARY: _b, FORCE_COLOR: _c, ...inherited } = process.env;
    const sh: Shell = (command, env = {}, options = []) =>
      new Promise((resolve, reject) => {
        const child = spawn('/bin/sh', [...options, '-c', command], {
          cwd: mine.folder,
          env: {
            ...inherited,
            PATH: `${bin}:${process.env.PATH}`,
            NO_COLOR: '1',
            GEMINI_API_KEY: 'a-key-for-the-emulator',
            GOOGLE_GEMINI_BASE_URL: emulator.url,
            ...env,
          },
        });
        let output = '';
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
        child.on('error', reject);
        child.on('close', (code) => resolve({ code, output }));
      });
    try {
      await use(mine, sh);
    } finally {
      await emulator.close();
    }
  });
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, string>;
}
interface Workflow {
  readonly jobs: Record<
    'ask' | 'judge',
    { needs?: string; strategy?: { matrix: { shard: number[] } }; steps: Step[] }
  >;
}

const runsOf = (steps: readonly Step[]): string[] =>
  steps.flatMap(({ run }) => (run === undefined || run === 'npm ci' ? [] : [run]));

test('the workflow shards a run and merges it to the same results', () =>
  withShell(async (mine, sh) => {
    const { jobs } = parse(block('yaml', 'runs-on')) as Workflow;
    const shards = jobs.ask.strategy?.matrix.shard ?? [];
    expect(shards).toEqual([1, 2, 3]);
    expect(jobs.judge.needs).toBe('ask');
    const filled = (text: string, shard: number): string =>
      text.replaceAll('${{ matrix.shard }}', String(shard));
    for (const shard of shards) {
      for (const run of runsOf(jobs.ask.steps)) {
        // GitHub runs a step's lines with `-e`.
        const ended = await sh(filled(run, shard), {}, ['-e']);
        expect(ended.code, ended.output).toBe(0);
      }
      const upload = jobs.ask.steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact'))?.with;
      // What is uploaded under a name comes back as a folder of that name.
      const download = jobs.judge.steps.find(({ uses }) => uses?.startsWith('actions/download'))?.with;
      const name = filled(upload?.name ?? '', shard);
      expect(name.startsWith(download?.pattern?.replace('*', '') ?? '?')).toBe(true);
      cpSync(
        path.join(mine.folder, filled(upload?.path ?? '', shard)),
        path.join(mine.folder, 'down', download?.path ?? '', name),
        { recursive: true },
      );
    }
    // The second job has a checkout of its own.
    cpSync(path.join(mine.folder, 'suites'), path.join(mine.folder, 'down/suites'), { recursive: true });
    const [merge = ''] = runsOf(jobs.judge.steps);
    const ended = await sh(`cd down && ${merge}`);
    expect(ended.code, ended.output).toBe(1);
    expect(ended.output).toContain('Merged from 3 shards');
    await sh('assay run --quiet --reports whole');
    expect(mine.read('down/reports/night.json')).toBe(mine.read('whole/night.json'));
    // An error of the command fails the job of its shard.
    const [ask = ''] = runsOf(jobs.ask.steps);
    expect((await sh(filled(ask, 4), {}, ['-e'])).code).toBe(2);
  }));

interface Job {
  readonly spec: {
    readonly completionMode: string;
    readonly completions: number;
    readonly template: {
      readonly spec: {
        readonly containers: {
          command: string[];
          args: string[];
          env: { name: string; value?: string }[];
        }[];
      };
    };
  };
}

test('each pod of the Job runs one shard, and a restarted pod resumes', () =>
  withShell(async (mine, sh) => {
    const { spec } = parse(block('yaml', 'completionMode')) as Job;
    const [container] = spec.template.spec.containers;
    expect(spec.completionMode).toBe('Indexed');
    expect(container?.command).toEqual(['/bin/sh', '-c']);
    const given = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
    expect(given.SHARDS).toBe(String(spec.completions));
    const env = { SHARDS: given.SHARDS ?? '', REPORTS: path.join(mine.folder, 'reports') };
    const pod = (index: number): ReturnType<Shell> =>
      sh(container?.args[0] ?? '', { ...env, JOB_COMPLETION_INDEX: String(index) });
    for (let index = 0; index < spec.completions; index++) {
      const ended = await pod(index);
      expect(ended.code, ended.output).toBe(0);
    }
    const again = await pod(1);
    expect(again.code, again.output).toBe(0);
    expect(again.output).toContain('resumed: ');
    const merged = await sh(block('sh', 'npx assay merge'), env);
    expect(merged.code, merged.output).toBe(1);
    await sh('assay run --quiet --reports whole');
    expect(mine.read('reports/merged/night.json')).toBe(mine.read('whole/night.json'));
  }));

test('its statements about old replies and pull requests are true', () =>
  withShell(async (mine, sh) => {
    const commands = block('console', 'assay judge')
      .split('\n')
      .flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : []));
    const codes: (number | null)[] = [];
    for (const command of commands) codes.push((await sh(command)).code);
    expect(codes).toEqual([1, 0, 1, 1]);
    expect(mine.results('night', 'reports/judged').summary).toMatchObject({ cases: 8, failed: 8 });
    expect((await sh('assay approve', { CI: '' })).code).toBe(0);
    const pull = await sh(block('sh', '--changed'));
    expect(pull.output).toContain('7 cases: 0 passed, 7 failed');
    expect(pull.code).toBe(1);
  }));
