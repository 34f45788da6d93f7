import { measure } from './measure.ts';
import { folder, runArgs, serve, writeSuite } from './stage.ts';
import { row } from './table.ts';

async function peak(cases: number): Promise<number> {
  const suite = writeSuite(`memory-${cases}`, cases);
  const server = await serve(0);
  try {
    const args = runArgs(
      suite,
      server.url,
      '--concurrency',
      '64',
      '--reporter',
      'json,html,junit',
      '--quiet',
    );
    const env = { GEMINI_API_KEY: 'bench' };
    return (await measure(args, { cwd: folder, env, watchMemory: true })).peakMb;
  } finally {
    server.stop();
  }
}

/** Peak memory of a run of 100,000 cases, beside one of 10,000. */
export async function benchMemory(): Promise<void> {
  const small = await peak(10_000);
  const large = await peak(100_000);
  const mb = (value: number): string => `${value.toFixed(0)} MB`;
  row('peak memory, 100,000 cases', mb(large), `${mb(small)} at 10,000`, large, 400, ' MB');
  row('… above 10,000 cases', mb(large), mb(small), large - small, 200, ' MB');
}
