import { readFileSync } from 'node:fs';
import path from 'node:path';
import { measure } from './measure.ts';
import { folder, runArgs, serveEmulator, writeSuite } from './stage.ts';
import { row } from './table.ts';

interface Ran {
  readonly durationMs: number;
  readonly suites: readonly {
    readonly cases: readonly {
      readonly trials: readonly { readonly attempts: number }[];
    }[];
  }[];
}

/** How far a run with --rpm uses the quota of a server that counts, and how often it is refused. */
export async function benchQuota(rpm: number, seconds: number): Promise<void> {
  const burst = Math.max(2, rpm / 60);
  const calls = Math.floor(burst + (rpm * seconds) / 60);
  const suite = writeSuite(`quota-${rpm}`, calls);
  const server = await serveEmulator(['--rpm', String(rpm)]);
  try {
    const args = runArgs(
      suite,
      server.url,
      '--rpm',
      String(rpm),
      '--concurrency',
      '64',
      '--reporter',
      'json',
    );
    await measure(args, { cwd: folder, env: { GEMINI_API_KEY: 'bench' }, codes: [0, 1] });
    const ran = JSON.parse(readFileSync(path.join(folder, 'reports/run.json'), 'utf8')) as Ran;
    const trials = ran.suites.flatMap(({ cases }) => cases.flatMap((each) => each.trials));
    const attempts = trials.reduce((sum, trial) => sum + trial.attempts, 0);
    // What a server with this quota would have let through in the time of the run.
    const allowed = burst + (ran.durationMs * rpm) / 60_000;
    const what = `quota of ${rpm} a minute, ${calls} calls`;
    row(
      `${what}: used`,
      `${trials.length} calls`,
      `${allowed.toFixed(0)} allowed`,
      (100 * trials.length) / allowed,
      95,
      ' %',
      'least',
    );
    const refused = attempts - trials.length;
    row('… refused', `${refused} calls`, `${attempts} in all`, (100 * refused) / attempts, 1, ' %');
  } finally {
    server.stop();
  }
}
