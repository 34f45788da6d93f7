/** reports/sample is what `npm run sample` writes today, but for what varies from run to run. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { inFolder, root } from './assay.ts';

const sample = path.join(root, 'reports/sample');
/** Volatile files are compared without times, versions and addresses. */
const settle = (text: string): string =>
  text
    .replaceAll(/20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+Z| UTC)?/g, 'TIME')
    .replaceAll(
      /("(?:durationMs|totalMs|ms|trial|node|assay|endpoint|responseId)": ?)("[^"]*"|[\d.]+)/g,
      '$1"VARIES"',
    )
    .replaceAll(/time="[\d.]+"/g, 'time="VARIES"')
    .replaceAll(/\d+ ms\b/g, 'VARIES ms')
    .replaceAll(/\b\d+\.\d s\b/g, 'VARIES s')
    .replaceAll(/Assay \d+\.\d+\.\d+\S*/g, 'Assay VERSION');

test('the committed sample of reports is fresh', () =>
  inFolder(async (folder) => {
    const made = path.join(folder, 'sample');
    execFileSync(process.execPath, ['--import', 'tsx', 'scripts/sample.ts', made], {
      cwd: root,
      stdio: 'pipe',
    });
    const names = readdirSync(sample).toSorted();
    expect(readdirSync(made).toSorted()).toEqual(names);
    expect(names).toEqual(expect.arrayContaining(['index.html', 'junit.xml', 'run.json', 'weather.json']));
    for (const name of names) {
      const [kept, fresh] = [sample, made].map((from) => readFileSync(path.join(from, name), 'utf8'));
      // Of weather.json every byte counts.
      if (name === 'weather.json') expect(fresh).toBe(kept);
      else expect(settle(fresh ?? ''), name).toBe(settle(kept ?? ''));
    }
  }));
