import { once } from 'node:events';
import type { Command } from 'commander';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { printDiagnostics, type Context, type Finish } from './context.ts';
import { nonEmpty, port as portNumber, wholeNumber } from './options.ts';
import { cannotListen } from '../emulator/cannot-listen.ts';

/** `assay emulator`: its options and help. */
export function addEmulator(program: Command, context: Context, finish: Finish): void {
  program
    .command('emulator')
    .description('Serve the Gemini API on this machine, to try suites and to test clients.')
    .option('--port <n>', 'port to listen on; 0 takes a free one', portNumber, 0)
    .option('--host <host>', 'address to listen on', nonEmpty, '127.0.0.1')
    .option('--script <file>', 'scripted replies and failures')
    .option('--rpm <n>', 'quota: requests a minute', wholeNumber(1))
    .option('--tpm <n>', 'quota: input tokens a minute', wholeNumber(1))
    .option('--seed <n>', 'seed of the pseudo-random values', wholeNumber(0))
    .addHelpText(
      'after',
      `
Example:
  assay emulator --port 8080 --script faults.yaml --rpm 300

The first line of output is the address. The emulator runs until it is interrupted (Ctrl-C, SIGTERM) and then exits
with 0. It exits with 2 if it cannot listen or its script is invalid.`,
    )
    .action(async (flags) => finish(await emulator(context, flags)));
}

interface EmulatorFlags {
  readonly port: number;
  readonly host: string;
  readonly script?: string;
  readonly rpm?: number;
  readonly tpm?: number;
  readonly seed?: number;
}

/** Serves until it is interrupted, the normal end: exit code 0. */
async function emulator(context: Context, flags: EmulatorFlags): Promise<number> {
  const { script: path, ...options } = flags;
  const [{ readScript }, { startEmulator }] = await Promise.all([
    import('../emulator/script.ts'),
    import('../emulator/server.ts'),
  ]);
  const found: Diagnostic[] = [];
  const script =
    path === undefined
      ? undefined
      : await readScript(path, (diagnostic) => void found.push(diagnostic), context.cwd);
  printDiagnostics(context, found);
  if (found.some(({ severity }) => severity === 'error')) return 2;
  let server;
  try {
    server = await startEmulator({ ...options, ...(script ? { script } : {}) });
  } catch (error) {
    throw cannotListen(flags, error);
  }
  const stop = new AbortController();
  // Before the first line: its reader may interrupt at once.
  const interrupted = Promise.race([
    once(process, 'SIGINT', { signal: stop.signal }),
    once(process, 'SIGTERM', { signal: stop.signal }),
  ]);
  context.out.write(`listening on ${server.url}\n`);
  await interrupted;
  stop.abort();
  await server.close();
  return 0;
}
