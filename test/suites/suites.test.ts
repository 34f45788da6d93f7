/**
 * Suites as users write them, each run end to end on the emulator with its script: `verdicts` holds what each case comes
 * to, failing ones included, so that what is meant to fail does. ASSAY_UPDATE=1 writes what came out, for review.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { assay, inFolder } from '../e2e/assay.ts';

interface Stored {
  readonly suite: string;
  readonly cases: readonly { readonly id: string; readonly verdict: string }[];
}

const here = import.meta.dirname;
const folders = readdirSync(here, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

/** Runs a folder of suites on the emulator; what each case came to, one a line. */
async function verdicts(folder: string, reports: string): Promise<string> {
  const script = path.join(folder, 'emulator.yaml');
  const ended = await assay([
    'run',
    folder,
    '--emulator',
    ...(existsSync(script) ? ['--script', script] : []),
    '--reports',
    reports,
  ]);
  expect([0, 1], ended.stderr + ended.stdout).toContain(ended.code);
  const suites = readdirSync(folder).filter((file) => file.endsWith('.suite.yaml'));
  const lines = suites.flatMap((file) => {
    const text = readFileSync(path.join(reports, file.replace('.suite.yaml', '.json')), 'utf8');
    const { suite, cases } = JSON.parse(text) as Stored;
    return cases.map(({ id, verdict }) => `${verdict}  ${suite}: ${id}`);
  });
  return `${lines.join('\n')}\n`;
}

test('there are at least ten suites', () => {
  expect(folders.length).toBeGreaterThanOrEqual(10);
});

test.for(folders)('%s', async (name) => {
  await inFolder(async (reports) => {
    const found = await verdicts(path.join(here, name), reports);
    const file = path.join(here, name, 'verdicts');
    if (process.env.ASSAY_UPDATE) writeFileSync(file, found);
    expect(found).toBe(readFileSync(file, 'utf8'));
  });
});

test('a table of 1,000 rows gives 1,000 cases', async () => {
  await inFolder(async (folder) => {
    const rows = Array.from({ length: 1000 }, (_, index) => String(index + 1).padStart(4, '0'));
    const lines = rows.map(
      (code) => `${code},"part ""${code}"", large",${code.endsWith('00') ? 'is' : 'is no'}`,
    );
    writeFileSync(path.join(folder, 'parts.csv'), `code,part,never\n${lines.join('\n')}\n`);
    writeFileSync(
      path.join(folder, 'parts.suite.yaml'),
      `suite: parts
model: gemini-3.8-flash
prompts: { name: "Name the part {{code}}: {{part}}." }
tests:
  - name: names
    data: parts.csv
    row: "{{code}}"
    assert: [ { outcome: answered }, { not: { contains: "{{never}}" } } ]
`,
    );
    writeFileSync(
      path.join(folder, 'emulator.yaml'),
      `replies: [ { when: { prompt: { matches: 'part "\\d{4}", large' } }, reply: { text: This is it. } } ]\n`,
    );
    const found = (await verdicts(folder, path.join(folder, 'reports'))).trimEnd().split('\n');
    expect(found).toEqual(
      rows.map((code) => `${code.endsWith('00') ? 'failed' : 'passed'}  parts: names / ${code} / name`),
    );
  });
});
