/** Every method and kind in one suite, against a server whose replies come out of order with random ids. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { kinds } from '../../src/assertions/registry.ts';
import { methods } from '../../src/gemini/methods.ts';
import { assay, inFolder } from './assay.ts';

const folder = path.join(import.meta.dirname, 'every');
const suite = path.join(folder, 'every.suite.yaml');
const script = path.join(folder, 'emulator.yaml');

interface Stored {
  summary: Record<string, number>;
  cases: { id: string; verdict: string; trials: { outcome: string }[] }[];
}

async function run(reports: string, concurrency: number): Promise<string> {
  const ended = await assay([
    'run',
    suite,
    '--emulator',
    '--script',
    script,
    '--reports',
    reports,
    '--concurrency',
    String(concurrency),
  ]);
  expect(ended.code, ended.stdout + ended.stderr).toBe(3);
  return readFileSync(path.join(reports, 'every.json'), 'utf8');
}

test('the suite names every method and kind', () => {
  const text = readFileSync(suite, 'utf8');
  const missing = Object.keys(kinds).filter((kind) => !new RegExp(`[ {]${kind}:`).test(text));
  expect(missing).toEqual([]);
  expect(methods.filter((method) => method !== 'generateContent' && !text.includes(method))).toEqual([]);
});

test('gives the expected verdicts and the same bytes at any concurrency', async () => {
  await inFolder(async (reports) => {
    const one = await run(path.join(reports, 'one'), 1);
    const many = await run(path.join(reports, 'many'), 32);
    const verdicts: Record<string, string> = {
      passes: 'passed',
      fails: 'failed',
      errors: 'errored',
      skips: 'skipped',
    };
    const { cases, summary } = JSON.parse(one) as Stored;
    for (const { id, verdict } of cases) expect(verdict, id).toBe(verdicts[id.split(' ')[0] ?? '']);
    expect(summary).toMatchObject({ skipped: 1, errored: 1 });
    expect(cases.find(({ id }) => id.startsWith('passes varying'))?.trials).toHaveLength(3);
    expect(many).toBe(one);
  });
});
