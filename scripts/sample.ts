/** Writes reports/sample, the committed sample of reports, from docs/sample; another folder may be named. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';

const folder = process.argv[2] ?? 'reports/sample';
rmSync(folder, { recursive: true, force: true });
const { status } = spawnSync(
  process.execPath,
  [
    'dist/cli.js',
    'run',
    'docs/sample',
    '--emulator',
    '--script',
    'docs/sample/emulator.yaml',
    '--reports',
    folder,
    '--quiet',
  ],
  { stdio: 'inherit' },
);
// The sample shows a failed call beside failed assertions: such a run ends with 3.
if (status !== 3) throw new Error(`expected exit code 3, received ${status}`);
// What a run needs to go on is no report.
rmSync(path.join(folder, 'journal.jsonl'));
