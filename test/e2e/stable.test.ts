/** The stable files of two runs are the same bytes: other folder, port, delays, order of replies, concurrency. */
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from './assay.ts';
import { project, type Project } from './project.ts';

const script = readFileSync(path.join(root, 'test/e2e/every/emulator.yaml'), 'utf8');
const examples = readFileSync(path.join(root, 'suites/emulator.yaml'), 'utf8');

/** Runs all example suites and the suite of every method and kind in a folder of its own. */
function run(
  jitter: number,
  options: string,
  look: (project: Project, files: Map<string, string>) => Promise<void> | void,
): Promise<void> {
  expect(script).toContain('jitter: 40');
  return project({ 'every/script.yaml': script.replace('jitter: 40', `jitter: ${jitter}`) }, async (mine) => {
    cpSync(path.join(root, 'suites'), path.join(mine.folder, 'suites'), { recursive: true });
    cpSync(path.join(root, 'test/e2e/every'), path.join(mine.folder, 'every'), { recursive: true });
    mine.write('suites/script.yaml', `jitter: ${jitter}\n${examples}`);
    const first = await mine.assay(`run suites --emulator --script suites/script.yaml --quiet ${options}`);
    expect(first.code, first.stderr).toBe(0);
    const second = await mine.assay(
      `run every --emulator --script every/script.yaml --reports reports/every --quiet ${options}`,
    );
    expect(second.code, second.stderr).toBe(3);
    const files = new Map(
      ['reports', 'reports/every'].flatMap((folder) =>
        readdirSync(path.join(mine.folder, folder))
          .filter((name) => name.endsWith('.json') && name !== 'run.json')
          .map((name): [string, string] => [`${folder}/${name}`, mine.read(`${folder}/${name}`)]),
      ),
    );
    await look(mine, files);
  });
}

test('the same replies give the same bytes without volatile values', () =>
  run(30, '--concurrency 16', (one, files) => {
    expect(files.size).toBeGreaterThanOrEqual(15);
    const journal = `${one.read('reports/journal.jsonl')}${one.read('reports/every/journal.jsonl')}`;
    const ids = [...journal.matchAll(/"responseId":"([^"]+)"/g)].map(([, id = '']) => id);
    expect(ids.length).toBeGreaterThan(50);
    const { endpoint, assay, startedAt } = JSON.parse(one.read('reports/run.json')) as Record<string, string>;
    expect([endpoint, assay, startedAt].every((fact) => typeof fact === 'string' && fact !== '')).toBe(true);
    const volatile = [
      ...ids,
      endpoint ?? '',
      startedAt?.slice(0, 10) ?? '',
      one.folder,
      os.hostname(),
      `"${assay}"`,
    ];
    for (const [name, text] of files) {
      for (const fact of volatile) expect(text.includes(fact), `${name} has ${fact}`).toBe(false);
      expect(text).not.toMatch(/"(?:\w*(?:[mM]s|At|attempts|latency|endpoint|responseId|version))":/);
    }
    return run(1, '--concurrency 1', (_, others) => {
      expect([...others.keys()]).toEqual([...files.keys()]);
      for (const [name, text] of others) expect(text, name).toBe(files.get(name));
    });
  }));
