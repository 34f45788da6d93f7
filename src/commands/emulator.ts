import { once } from 'node:events';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { readScript } from '../emulator/script.ts';
import { startEmulator } from '../emulator/start.ts';
import { cannotListen } from './cannot-listen.ts';
import { printDiagnostics, type Context } from './context.ts';

interface EmulatorFlags {
  readonly port: number;
  readonly host: string;
  readonly script?: string;
  readonly rpm?: number;
  readonly tpm?: number;
  readonly seed?: number;
}

/** `assay emulator`: serves until it is interrupted, which is how it is meant to end: with 0. */
export async function emulator(context: Context, flags: EmulatorFlags): Promise<number> {
  const { script: path, ...options } = flags;
  const found: Diagnostic[] = [];
  const script =
    path === undefined
      ? undefined
      : await readScript(path, (diagnostic) => void found.push(diagnostic), context.cwd);
  if ((await printDiagnostics(context, found)) || (path !== undefined && !script)) return 2;
  let server;
  try {
    server = await startEmulator({ ...options, ...(script ? { script } : {}) });
  } catch (error) {
    throw cannotListen(flags, error);
  }
  const stop = new AbortController();
  // Before the first line: whoever reads it may interrupt at once.
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
