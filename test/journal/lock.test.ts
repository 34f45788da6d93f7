import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts';
import { lockFolder } from '../../src/journal/lock.ts';
import { inFolder, root } from '../e2e/assay.ts';

const lockOf = (folder: string): string => path.join(folder, '.assay.lock');
const since = '2026-11-25T10:00:00.000Z';

/** What trying to take a folder comes to. */
async function trying(folder: string): Promise<string> {
  try {
    const lock = await lockFolder(folder, 'reports');
    lock.release();
    return 'taken';
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0]?.message ?? '';
    throw error;
  }
}

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '0']);
  await once(child, 'close');
  return child.pid ?? 0;
}

/** Makes a lock, last touched so many seconds ago. */
function plant(folder: string, holder: object | string, secondsAgo = 0): void {
  writeFileSync(lockOf(folder), typeof holder === 'string' ? holder : JSON.stringify(holder));
  const touched = Date.now() / 1000 - secondsAgo;
  utimesSync(lockOf(folder), touched, touched);
}

const here = os.hostname();
const refusal = (who: string): string => `another run writes to the report folder reports: ${who}`;

/** Takes the lock of folder after folder, at the same moment as the others. */
const taker = `
const { parentPort, workerData } = require('node:worker_threads');
(async () => {
  const { bundle, rounds, shared, takers } = workerData;
  const { lockFolder } = await import(bundle);
  const rows = [];
  for (const [round, folder] of rounds.entries()) {
    Atomics.add(shared, round, 1);
    while (Atomics.load(shared, round) < takers);
    rows.push(await lockFolder(folder, 'x').then(() => 'taken', (error) => error.diagnostics?.[0]?.code ?? String(error)));
  }
  parentPort.postMessage(rows);
})();
`;

describe('a folder', () => {
  test('is locked until it is released, also when it does not exist yet', () =>
    inFolder(async (parent) => {
      const folder = path.join(parent, 'new', 'reports');
      const lock = await lockFolder(folder, 'reports');
      const { pid, host } = JSON.parse(readFileSync(lockOf(folder), 'utf8')) as Record<string, unknown>;
      expect([pid, host]).toEqual([process.pid, here]);
      expect(await trying(folder)).toContain(refusal(`process ${process.pid} on ${here}, since `));
      lock.release();
      expect(await trying(folder)).toBe('taken');
      expect(readdirSync(folder)).toEqual([]);
    }));

  test.for<[string, () => Promise<object | string> | object | string, number, string]>([
    ['a process that has ended', async () => ({ pid: await deadPid(), host: here, since }), 0, 'taken'],
    [
      'a process that lives',
      () => ({ pid: process.ppid, host: here, since }),
      3600,
      refusal(`process ${process.ppid} on ${here}, since ${since}`),
    ],
    [
      'another machine that touched it just now',
      () => ({ pid: 1, host: 'elsewhere', since }),
      30,
      refusal(`process 1 on elsewhere, since ${since}`),
    ],
    ['another machine that is silent', () => ({ pid: 1, host: 'elsewhere', since }), 90, 'taken'],
    ['nobody knows whom, just now', () => '', 1, refusal('an unknown process')],
    ['nobody knows whom, long ago', () => '{"pid":', 90, 'taken'],
    ['somebody without a number, just now', () => ({ host: here }), 1, refusal('an unknown process')],
    ['somebody without a number, long ago', () => '[1]', 90, 'taken'],
  ])('locked by %s', ([, holder, secondsAgo, expected]) =>
    inFolder(async (folder) => {
      plant(folder, await holder(), secondsAgo);
      expect(await trying(folder)).toBe(expected);
    }),
  );

  test('whose lock names a process id that was reused is free', async (context) => {
    context.skip(!existsSync('/proc/self/stat'));
    await inFolder(async (folder) => {
      plant(folder, { pid: process.pid, host: here, since, born: '1' });
      expect(await trying(folder)).toBe('taken');
    });
  });

  test('with a stale lock is taken by exactly one of many processes', () =>
    inFolder(async (folder) => {
      const gone = await deadPid();
      const bundle = path.join(folder, 'lock.mjs');
      await build({
        entryPoints: [path.join(root, 'src/journal/lock.ts')],
        bundle: true,
        platform: 'node',
        format: 'esm',
        outfile: bundle,
        logLevel: 'silent',
      });
      const rounds = Array.from({ length: 60 }, (_, round) => path.join(folder, `round-${round}`));
      for (const each of rounds) {
        mkdirSync(each);
        plant(each, { pid: gone, host: here, since });
      }
      const takers = 4;
      // Threads take in parallel; they meet before each round.
      const shared = new Int32Array(new SharedArrayBuffer(4 * rounds.length));
      const workers = Array.from(
        { length: takers },
        () => new Worker(taker, { eval: true, workerData: { bundle, rounds, shared, takers } }),
      );
      const taken = await Promise.all(
        workers.map(async (worker) => {
          const [rows] = (await once(worker, 'message')) as [string[]];
          return rows;
        }),
      );
      for (const [round] of rounds.entries())
        expect(
          taken.map((rows) => rows[round]).toSorted((a = '', b = '') => a.localeCompare(b)),
          `round ${round}`,
        ).toEqual([...Array.from({ length: takers - 1 }, () => 'folder-in-use'), 'taken']);
    }));

  test('is taken over even when another process died taking it over', () =>
    inFolder(async (folder) => {
      plant(folder, { pid: await deadPid(), host: here, since });
      const guard = `${lockOf(folder)}.taking-over`;
      writeFileSync(guard, '');
      utimesSync(guard, 1, 1);
      expect(await trying(folder)).toBe('taken');
    }));

  test('is not released by a process that lost the lock', () =>
    inFolder(async (folder) => {
      const lock = await lockFolder(folder, 'reports');
      plant(folder, { pid: process.ppid, host: here, since });
      lock.release();
      expect(await trying(folder)).toBe(refusal(`process ${process.ppid} on ${here}, since ${since}`));
    }));
});
