import { once } from 'node:events';
import type { Command } from 'commander';
import { usageError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { printDiagnostics, type Context, type Finish } from './context.ts';
import { nonEmpty, port as portNumber, wholeNumber } from './options.ts';
import { errorCode } from '../lib/system-error.ts';

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

/** Why the system refuses to listen, and what to do. */
const refusals: Readonly<Record<string, { readonly why: string; readonly help: string }>> = {
  EADDRINUSE: {
    why: 'another program uses this port',
    help: 'end that program, or choose another port; --port 0 takes a free one',
  },
  EACCES: {
    why: 'this user has no permission',
    help: 'ports below 1024 often need administrator rights: choose a higher one; --port 0 takes a free one',
  },
  EPERM: {
    why: 'the system does not allow it',
    help: 'choose another port; --port 0 takes a free one',
  },
  EADDRNOTAVAIL: {
    why: 'this machine has no such address',
    help: '127.0.0.1 is this machine alone; 0.0.0.0 is every address it has',
  },
  EAFNOSUPPORT: {
    why: 'this machine has no addresses of this kind',
    help: '127.0.0.1 is this machine alone; 0.0.0.0 is every address it has',
  },
  ENOTFOUND: {
    why: 'unknown host',
    help: 'name an address of this machine with --host; the default is 127.0.0.1',
  },
  EAI_AGAIN: {
    why: 'the host name could not be resolved',
    help: 'name an address of this machine with --host; the default is 127.0.0.1',
  },
};

/** The diagnostic for an address that the emulator cannot listen on. */
export function cannotListen(
  { host, port }: { readonly host: string; readonly port: number },
  error: unknown,
): unknown {
  const code = errorCode(error);
  if (code === undefined) return error;
  const refusal = refusals[code];
  const address = port === 0 ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return usageError(
    'cannot-listen',
    `cannot listen on ${address}: ${refusal ? `${refusal.why} (${code})` : code}`,
    refusal?.help ?? 'name another address with --host and --port',
  );
}
