/** Runs that are killed, interrupted, crowded out and cut off, and what is left of them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { seeded } from '../execute/fake-clock.ts';
import { root, type Ended } from './assay.ts';
import { failure, gemini, hang, json, type Answer, type Gemini } from './gemini.ts';
import { project, type Project } from './project.ts';

const servers: Gemini[] = [];
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) await server.close();
});
async function serve(answer?: Answer): Promise<Gemini> {
  const server = await gemini(answer);
  servers.push(server);
  return server;
}

/** Starts a command that a test means to disturb. */
function start(folder: string, args: readonly string[], shell?: string) {
  const words = [process.execPath, path.join(root, 'dist/cli.js'), ...args];
  const env = { ...process.env, NO_COLOR: '1', GEMINI_API_KEY: '', GOOGLE_API_KEY: '' };
  const child =
    shell === undefined
      ? spawn(words[0] ?? '', words.slice(1), { cwd: folder, env })
      : spawn('bash', ['-c', `${shell}; exec "$@"`, 'bash', ...words], { cwd: folder, env });
  children.push(child);
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = new Promise<Ended & { signal: string | null }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, ...said })),
  );
  return { child, said, ended };
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(2);
}

/** A thousand trials: single calls, conversations of two calls, and cases with three trials. */
const mixed = `suite: mixed
model: gemini-3.8-flash
prompts:
  single: Say {{n}}.
  talk: [ { user: "Begin {{n}}." }, { model: }, { user: "Go on {{n}}." } ]
tests:
  - { name: single, prompts: [single], data: single.csv, assert: [ { contains: "You said: Say {{n}}." } ] }
  - { name: talk, prompts: [talk], data: talk.csv, assert: [ { contains: "You said: Go on {{n}}." } ] }
  - { name: often, prompts: [single], data: often.csv, repeats: 3, assert: [ { contains: You said } ] }
`;
const csv = (from: number, count: number): string =>
  `n\n${Array.from({ length: count }, (_, index) => from + index).join('\n')}\n`;
const files = {
  'suites/mixed.suite.yaml': mixed,
  'suites/single.csv': csv(0, 600),
  'suites/talk.csv': csv(1000, 100),
  'suites/often.csv': csv(2000, 100),
};
const callsInAll = 600 + 2 * 100 + 3 * 100;
const stable = ({ read }: Project, reports = 'reports'): string => read(`${reports}/mixed.json`);

test(
  'killed at twenty moments and resumed each time, a run ends as if it had not been',
  { timeout: 300_000 },
  () =>
    project(files, async (own) => {
      const { folder, assay } = own;
      const quiet = await serve();
      const whole = await assay(`run --base-url ${quiet.url} --reports whole --quiet`);
      expect(whole.code, whole.stderr).toBe(0);
      expect(quiet.requests).toHaveLength(callsInAll);

      const concurrency = 8;
      const random = seeded(20);
      const { url, requests } = await serve(() => sleep(random() * 12));
      const args = ['run', '--base-url', url, '--quiet', '--concurrency', String(concurrency)];
      for (let kill = 0; kill < 20; kill++) {
        const before = requests.length;
        const moment = before + 1 + Math.floor(random() * 60);
        const { child, ended } = start(folder, kill === 0 ? args : [...args, '--resume']);
        await until(() => requests.length >= moment || child.exitCode !== null);
        await sleep(random() * 15);
        child.kill('SIGKILL');
        expect((await ended).signal, 'the run was over before it was killed').toBe('SIGKILL');
        // What a crash leaves: now and then half a line.
        if (kill % 5 === 4)
          appendFileSync(path.join(folder, 'reports/journal.jsonl'), '{"v":2,"type":"trial","su');
      }
      const last = await assay([...args, '--resume']);
      expect(last.code, last.stderr).toBe(0);
      expect(stable(own)).toBe(stable(own, 'whole'));
      const repeated = requests.length - callsInAll;
      // In flight: not answered yet, or not yet in the journal.
      expect(repeated).toBeLessThanOrEqual(20 * concurrency);
      expect(repeated).toBeGreaterThanOrEqual(0);
      const asking = await assay([...args, '--resume']);
      expect([asking.code, requests.length - callsInAll]).toEqual([0, repeated]);
    }),
);

describe('resuming', () => {
  const few = {
    ...files,
    'suites/single.csv': csv(0, 20),
    'suites/talk.csv': csv(100, 5),
    'suites/often.csv': csv(200, 5),
  };
  const calls = 20 + 10 + 15;

  test('repeats no call, even if the last line is torn', () =>
    project(few, async (own) => {
      const { folder, assay } = own;
      const { url, requests } = await serve();
      await assay(`run --base-url ${url} --quiet`);
      const before = stable(own);
      const journal = path.join(folder, 'reports/journal.jsonl');
      const text = readFileSync(journal, 'utf8');
      const [, end = ''] = /([^\n]*)\n$/.exec(text) ?? [];
      expect(end).toContain('"type":"end"');
      for (const left of [Buffer.byteLength(text) - 1, Buffer.byteLength(text) - end.length + 10]) {
        writeFileSync(journal, text);
        truncateSync(journal, left);
        const ended = await assay(`run --base-url ${url} --resume`);
        expect(ended.code, ended.stderr).toBe(0);
        expect(ended.stderr).toBe('resumed: 40 trials kept\n');
        expect(stable(own)).toBe(before);
      }
      expect(requests).toHaveLength(calls);
      expect((await assay('report')).code).toBe(0);
    }));

  test('keeps replies of unchanged cases of a changed suite and reports what it drops', () =>
    project(few, async (own) => {
      const { assay, write } = own;
      const { url, requests } = await serve();
      await assay(`run --base-url ${url} --quiet`);
      write('suites/single.csv', csv(10, 15));
      write('suites/mixed.suite.yaml', mixed.replace('Begin', 'Start'));
      const ended = await assay(`run --base-url ${url} --resume`);
      expect(ended.code, ended.stderr).toBe(0);
      // Ten rows are gone, five conversations begin otherwise; five rows are new.
      expect(ended.stderr).toMatch(
        /^resumed: 25 trials kept; 15 dropped \(case changed or not selected\): (?:(?:single|talk) \/ [^,]*, ){4}(?:single|talk) \/ [^,]*, and 10 more\n$/,
      );
      expect(requests).toHaveLength(calls + 10 + 5);
      const again = await assay(`run --base-url ${url} --resume`);
      expect(again.stderr).toMatch(/^resumed: 35 trials kept; 10 dropped/);
      expect(requests).toHaveLength(calls + 15);
      await assay(`run --base-url ${url} --reports fresh --quiet`);
      expect(stable(own)).toBe(stable(own, 'fresh'));
    }));

  test('re-judges replies after assertions change, without calls', () =>
    project(few, async ({ assay, write, results }) => {
      const { url, requests } = await serve();
      await assay(`run --base-url ${url} --quiet`);
      write('suites/mixed.suite.yaml', mixed.replace('contains: You said }', 'contains: They said }'));
      const ended = await assay(`run --base-url ${url} --resume`);
      expect(ended.code, ended.stderr).toBe(1);
      expect(ended.stderr).toBe('resumed: 40 trials kept\n');
      expect(requests).toHaveLength(calls);
      expect(results('mixed').summary).toMatchObject({ passed: 25, failed: 5 });
    }));

  test('continues a failed conversation after its answered turns', () =>
    project(few, async ({ assay, read }) => {
      let well = false;
      const { url, requests } = await serve(({ turns }, response) => {
        if (turns > 1 && !well) json(response, 400, failure(400, 'INVALID_ARGUMENT'));
      });
      const first = await assay(`run --base-url ${url} --filter talk`);
      expect([first.code, requests.length]).toEqual([3, 10]);
      well = true;
      const ended = await assay(`run --base-url ${url} --filter talk --resume`);
      expect(ended.code, ended.stderr).toBe(0);
      expect(requests.slice(10).map(({ turns }) => turns)).toEqual([3, 3, 3, 3, 3]);
      const { suites } = JSON.parse(read('reports/run.json')) as {
        suites: { cases: { trials: { attempts: number }[] }[] }[];
      };
      expect(suites[0]?.cases.map(({ trials }) => trials[0]?.attempts)).toEqual([2, 2, 2, 2, 2]);
    }));

  test('keeps an errored case that is not retried, also in a later report', () =>
    project(few, async (own) => {
      const { assay, results } = own;
      const { url } = await serve(({ prompt }, response) => {
        if (prompt === 'Say 3.') json(response, 400, failure(400, 'INVALID_ARGUMENT'));
      });
      expect((await assay(`run --base-url ${url} --quiet`)).code).toBe(3);
      const before = stable(own);
      expect((await assay(`run --base-url ${url} --resume --max-tokens 1 --quiet`)).code).toBe(3);
      expect(results('mixed').summary).toMatchObject({ errored: 1, skipped: 0 });
      expect(stable(own)).toBe(before);
      await assay('report --quiet');
      expect(stable(own)).toBe(before);
    }));

  test.for<[what: string, left: number]>([
    ['nothing', 0],
    ['half of its first line', 40],
  ])('starts again if a crash left %s of the journal', ([, left]) =>
    project(few, async ({ folder, assay }) => {
      const { url, requests } = await serve();
      await assay(`run --base-url ${url} --quiet`);
      truncateSync(path.join(folder, 'reports/journal.jsonl'), left);
      const ended = await assay(`run --base-url ${url} --resume`);
      expect(ended.code, ended.stderr).toBe(0);
      expect(ended.stderr).toBe('nothing to resume in reports: the run starts from the beginning\n');
      expect(requests).toHaveLength(2 * calls);
      expect((await assay('report --quiet')).code).toBe(0);
    }),
  );

  test('rejects a file that is not a journal and keeps it', () =>
    project({ ...few, 'reports/journal.jsonl': 'my notes' }, async ({ assay, read }) => {
      const ended = await assay('run --emulator --resume');
      expect(ended.code).toBe(2);
      expect(ended.stderr).toContain('error[bad-journal]');
      expect(read('reports/journal.jsonl')).toBe('my notes');
    }));

  test('a new run keeps the journal of an unfinished run and prints how to resume it', () =>
    project(few, async (own) => {
      const { folder, assay } = own;
      const { url, requests } = await serve();
      await assay(`run --base-url ${url} --quiet --reports whole`);
      const journal = path.join(folder, 'reports/journal.jsonl');
      for (const lines of [30, 20]) {
        await assay(`run --base-url ${url} --quiet`);
        writeFileSync(journal, `${readFileSync(journal, 'utf8').split('\n').slice(0, lines).join('\n')}\n`);
        await sleep(2);
      }
      // The second of them has moved the first aside.
      const unfinished = path.join(folder, 'reports/unfinished');
      expect(readdirSync(unfinished)).toHaveLength(1);
      const before = requests.length;
      const ended = await assay(`run --base-url ${url}`);
      expect(ended.code, ended.stderr).toBe(0);
      expect(requests).toHaveLength(before + calls);
      const [, line = ''] =
        /^kept: the journal of an unfinished run is now in reports\/unfinished\/\S+; to continue it, add its own options to: assay (.*)\n$/.exec(
          ended.stderr,
        ) ?? [];
      expect(line).toMatch(/^run --resume --reports reports\/unfinished\/\S+Z suites$/);
      const resumed = await assay([...line.split(' '), '--base-url', url, '--quiet']);
      expect(resumed.code, resumed.stderr).toBe(0);
      expect(requests.length).toBeLessThan(before + 2 * calls);
      expect(own.read(`${line.split(' ')[3]}/mixed.json`)).toBe(stable(own, 'whole'));
      expect(readdirSync(unfinished)).toHaveLength(2);
      // One that came to its end is replaced.
      expect((await assay(`run --base-url ${url}`)).stderr).toBe('');
      expect(readdirSync(unfinished)).toHaveLength(2);
    }));

  test('starts from the beginning and says so if there is no run to resume', () =>
    project(few, async ({ assay }) => {
      const { url, requests } = await serve();
      const ended = await assay(`run --base-url ${url} --resume`);
      expect(ended.code, ended.stderr).toBe(0);
      expect(ended.stderr).toContain('nothing to resume in reports: the run starts from the beginning\n');
      expect(requests).toHaveLength(calls);
      // What it would narrow by is missing, and not a run to resume.
      const narrowed = await assay(`run --base-url ${url} --resume --last-failed --reports other`);
      expect(narrowed.code).toBe(2);
      expect(narrowed.stderr).not.toContain('journal');
    }));
});

describe('a signal', () => {
  const slow = {
    ...files,
    'suites/single.csv': csv(0, 80),
    'suites/talk.csv': csv(1000, 2),
    'suites/often.csv': csv(2000, 2),
  };

  test.for(['SIGINT', 'SIGTERM'] as const)(
    '%s lets calls in flight end, writes reports and prints how to resume',
    (signal) =>
      project(slow, async (own) => {
        const { folder, assay, read, results } = own;
        let release: (() => void)[] = [];
        let holding = false;
        const { url, requests } = await serve(() =>
          holding ? new Promise<void>((go) => release.push(go)) : undefined,
        );
        const { child, said, ended } = start(folder, [
          'run',
          '--base-url',
          url,
          '--concurrency',
          '4',
          '--filter',
          ' / ',
        ]);
        await until(() => requests.length >= 20);
        holding = true;
        await until(() => release.length === 4);
        const sent = requests.length;
        child.kill(signal);
        await until(() => said.stderr.includes('Finishing calls in flight'));
        holding = false;
        release.forEach((go) => go());
        release = [];
        const { code, stderr } = await ended;
        expect(code).toBe(130);
        expect(requests).toHaveLength(sent);
        expect(results('mixed').summary).toMatchObject({ errored: 0, failed: 0, passed: sent });
        expect(JSON.parse(read('reports/run.json'))).toMatchObject({ ended: 'interrupted' });
        expect(existsSync(path.join(folder, 'reports/index.html'))).toBe(true);
        const line = /continue with: (assay .*)\n/.exec(stderr)?.[1] ?? '';
        // As it is printed, in a shell.
        writeFileSync(
          path.join(folder, 'assay'),
          `#!/bin/sh\nexec '${process.execPath}' '${path.join(root, 'dist/cli.js')}' "$@"\n`,
        );
        chmodSync(path.join(folder, 'assay'), 0o755);
        const shell = spawn('sh', ['-c', line], {
          cwd: folder,
          env: { ...process.env, PATH: `${folder}:${process.env.PATH ?? ''}` },
        });
        const [resumed] = (await once(shell, 'close')) as [number];
        expect(resumed).toBe(0);
        expect(requests).toHaveLength(80 + 4 + 6);
        await assay(['run', '--base-url', url, '--quiet', '--reports', 'whole', '--filter', ' / ']);
        expect(stable(own)).toBe(stable(own, 'whole'));
      }),
  );

  test('a second one ends the run at once and leaves a valid journal', () =>
    project(slow, async ({ folder, assay }) => {
      let holding = false;
      let unanswered = 0;
      const { url, requests } = await serve((_, response) => {
        if (!holding) return;
        unanswered++;
        hang(response);
      });
      const { child, said, ended } = start(folder, [
        'run',
        '--base-url',
        url,
        '--concurrency',
        '4',
        '--quiet',
      ]);
      await until(() => requests.length >= 30);
      holding = true;
      await until(() => unanswered === 4);
      child.kill('SIGINT');
      await until(() => said.stderr.includes('press Ctrl-C again to stop now'));
      child.kill('SIGINT');
      expect((await ended).code).toBe(130);
      holding = false;
      const resumed = await assay(`run --base-url ${url} --resume`);
      expect(resumed.code, resumed.stderr).toBe(0);
      expect(resumed.stderr).toMatch(/^resumed: \d+ trials kept\n$/);
      expect(requests.length).toBeLessThanOrEqual(80 + 4 + 6 + 8);
    }));
});

test('results mark a case with missing trials until they are made', () => {
  const thrice = `suite: s
model: gemini-3.8-flash
repeats: 3
prompts: { p: Say one. }
assert: [ { contains: You said } ]
`;
  return project({ 'suites/s.suite.yaml': thrice }, async ({ folder, assay, read }) => {
    let holding = true;
    const { url, requests } = await serve(({ times }, response) =>
      holding && times > 1 ? hang(response) : undefined,
    );
    const { child, said, ended } = start(folder, ['run', '--base-url', url, '--concurrency', '1']);
    await until(() => requests.length === 2);
    child.kill('SIGINT');
    await until(() => said.stderr.includes('press Ctrl-C again to stop now'));
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    const reported = await assay('report');
    expect(reported.stdout).toContain('2 of 3 trials did not run');
    expect(read('reports/s.json')).toContain('"problem": "2 of 3 trials did not run"');
    holding = false;
    expect((await assay(`run --base-url ${url} --resume`)).code).toBe(0);
    expect(read('reports/s.json')).not.toContain('"problem"');
  });
});

test('reports a journal removed during a run, and fails', () =>
  project(files, async ({ folder }) => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((go) => (release = go));
    const { url, requests } = await serve(() => released);
    const { ended } = start(folder, ['run', '--base-url', url]);
    await until(() => requests.length > 0);
    rmSync(path.join(folder, 'reports'), { recursive: true });
    release();
    const { code, stderr } = await ended;
    expect(stderr).toContain(
      `error[file-gone]: ${path.join('reports', 'journal.jsonl')} is gone: it, or its folder, was removed during the command`,
    );
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(3);
  }));

test('rejects a second run in one folder and names the first', () =>
  project(files, async ({ folder, assay }) => {
    const { url, requests } = await serve((_, response) => hang(response));
    const { child, ended } = start(folder, ['run', '--base-url', url, '--quiet']);
    await until(() => requests.length >= 8);
    const journal = readFileSync(path.join(folder, 'reports/journal.jsonl'));
    for (const command of [
      `run --base-url ${url}`,
      `run --base-url ${url} --resume`,
      'report',
      'judge --reports reports',
    ]) {
      const second = await assay(command);
      expect(second.code).toBe(2);
      expect(second.stderr).toContain(
        `error[folder-in-use]: another run writes to the report folder reports: process ${child.pid} on ${os.hostname()}, since 20`,
      );
    }
    expect(readFileSync(path.join(folder, 'reports/journal.jsonl'))).toEqual(journal);
    // Elsewhere its journal may be read.
    const elsewhere = await assay('report --reports elsewhere --quiet');
    expect(elsewhere).toMatchObject({ code: 130, stderr: '' });
    child.kill('SIGKILL');
    await ended;
    const taken = await assay('run --emulator --filter often --quiet');
    expect(taken).toEqual({ code: 1, stdout: '', stderr: '' });
    expect(existsSync(path.join(folder, 'reports/.assay.lock'))).toBe(false);
  }));

describe('a full disk', () => {
  const disk = {
    ...files,
    'suites/single.csv': csv(0, 150),
    'suites/talk.csv': csv(1000, 20),
    'suites/often.csv': csv(2000, 20),
  };
  const diskCalls = 150 + 40 + 60;

  test('stops the run and keeps what is written', () =>
    project(disk, async (own) => {
      const { folder, assay } = own;
      const { url, requests } = await serve();
      // No file may grow over 64 kB.
      const { code, stderr } = await start(folder, ['run', '--base-url', url, '--quiet'], 'ulimit -f 64')
        .ended;
      expect(stderr).toBe(
        `error[not-written]: reports/journal.jsonl could not be written: the file is too large for the file system (EFBIG)\n  = help: replies in the journal are kept; free some space, then continue with: assay run --resume --base-url ${url} --quiet\n\n1 error\n`,
      );
      expect(code).toBe(3);
      const before = requests.length;
      expect(before).toBeLessThan(diskCalls);
      const resumed = await assay(`run --base-url ${url} --resume`);
      expect(resumed.code, resumed.stderr).toBe(0);
      const kept = Number(/resumed: (\d+) trials/.exec(resumed.stderr)?.[1]);
      expect(kept).toBeGreaterThan(50);
      expect(requests.length - diskCalls).toBeLessThanOrEqual(16);
      await assay(`run --base-url ${url} --reports whole --quiet`);
      expect(stable(own)).toBe(stable(own, 'whole'));
    }));

  test('is reported before the first call', async (context) => {
    context.skip(!existsSync('/dev/full'));
    await project(files, async ({ folder, assay, write }) => {
      const { url, requests } = await serve();
      write('reports/keep', '');
      symlinkSync('/dev/full', path.join(folder, 'reports/journal.jsonl'));
      const ended = await assay(`run --base-url ${url}`);
      expect(ended.code).toBe(3);
      expect(ended.stderr).toContain(
        'error[not-written]: reports/journal.jsonl could not be written: the disk is full (ENOSPC)\n  = help: ',
      );
      expect(ended.stderr).not.toMatch(/internal|\.[jt]s:\d/);
      expect(requests).toEqual([]);
    });
  });

  test('keeps old reports that cannot be replaced', () =>
    project({ ...files, 'suites/often.csv': csv(2000, 1) }, async ({ folder, assay, read, write }) => {
      const { url } = await serve();
      const few = ['--filter', 'often'];
      await assay(['run', '--base-url', url, '--quiet', ...few]);
      write('reports/index.html', 'the page before');
      const { code, stderr } = await start(folder, ['report', '--reporter', 'html'], 'ulimit -f 1').ended;
      expect(code).toBe(3);
      expect(stderr).toContain('error[report-not-written]: the report html could not be written: EFBIG');
      expect(read('reports/index.html')).toBe('the page before');
      expect(existsSync(path.join(folder, 'reports/index.html.part'))).toBe(false);
    }));
});
