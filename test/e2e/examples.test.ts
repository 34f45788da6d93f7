/** Every example suite is green on the emulator, by itself, through the built command. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { assay, inFolder, root } from './assay.ts';

const suites = readdirSync(path.join(root, 'suites')).filter((file) => file.endsWith('.suite.yaml'));

test.for(suites)('%s', async (file) => {
  await inFolder(async (reports) => {
    const ended = await assay([
      'run',
      `suites/${file}`,
      '--emulator',
      '--script',
      'suites/emulator.yaml',
      '--reports',
      reports,
    ]);
    expect(ended, ended.stdout + ended.stderr).toMatchObject({ code: 0 });
    const name = file.replace('.suite.yaml', '');
    const { summary } = JSON.parse(readFileSync(path.join(reports, `${name}.json`), 'utf8')) as {
      summary: { cases: number; passed: number };
    };
    expect(summary.cases).toBeGreaterThan(0);
    expect(summary.passed).toBe(summary.cases);
    expect(readdirSync(reports).toSorted()).toEqual(
      ['index.html', 'journal.jsonl', 'junit.xml', `${name}.json`, 'run.json'].toSorted(),
    );
  });
});
