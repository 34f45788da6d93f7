#!/usr/bin/env node
import { version } from './lib/version.ts';

const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout
    .on('error', ({ code }: NodeJS.ErrnoException) => {
      // Whoever reads may have stopped: that is no fault.
      if (code === 'EPIPE') return;
      process.stderr.write(`error[output-not-written]: standard output could not be written: ${code}\n`);
      process.exitCode = 3;
    })
    .write(`${version}\n`);
} else {
  // Loaded lazily so that a start nobody waits for costs nothing.
  void import('./commands/program.ts').then(async ({ main }) => {
    process.exitCode = await main(argv);
  });
}
