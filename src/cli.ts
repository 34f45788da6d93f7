#!/usr/bin/env node
import * as nodeModule from 'node:module';
import { version } from './lib/version.ts';

const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout
    .on('error', ({ code }: NodeJS.ErrnoException) => {
      // The reader may have stopped; that is not an error.
      if (code === 'EPIPE') return;
      process.stderr.write(`error[output-not-written]: standard output could not be written: ${code}\n`);
      process.exitCode = 3;
    })
    .write(`${version}\n`);
} else {
  // Node ends a process that waits for what nothing is left to settle, and so may a module of the user, as if all were well.
  const tellEarlyEnd = (code: number): void => {
    // Errors of Assay itself were printed before.
    if ([2, 3, 130].includes(code)) return;
    process.stderr.write(
      'error[ended-early]: the command ended before its work was done\n' +
        '  = help: a module of your own may have ended the process, or waits for what never comes\n',
    );
    process.exitCode = 3;
  };
  process.once('exit', tellEarlyEnd);
  // From Node 22.8 on compiled code is kept for the next start. @types/node describes Node 20.
  (nodeModule as { enableCompileCache?: () => void }).enableCompileCache?.();
  // Loaded lazily so that a start nobody waits for costs nothing.
  import('./commands/program.ts')
    .then(async ({ main }) => {
      process.exitCode = await main(argv);
    })
    .catch((error: unknown) => {
      process.stderr.write(`error[internal]: ${error instanceof Error ? error.stack : String(error)}\n`);
      process.exitCode = 3;
    })
    .finally(() => process.off('exit', tellEarlyEnd));
}
