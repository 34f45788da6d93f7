import { once } from 'node:events';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { readScript } from '../emulator/script.ts';
import { startEmulator } from '../emulator/start.ts';
import { printDiagnostics, UsageError, type Context } from './context.ts';

interface EmulatorFlags {
  readonly port: number;
  readonly host: string;
  readonly script?: string;
  readonly rpm?: number;
  readonly tpm?: number;
  readonly seed?: number;
}

/** `assay emulator`: serves until it is interrupted. */
export async function emulator(context: Context, flags: EmulatorFlags): Promise<number> {
  const { script: path, ...options } = flags;
  const found: Diagnostic[] = [];
  const script =
    path === undefined ? undefined : await readScript(path, (diagnostic) => void found.push(diagnostic));
  if ((await printDiagnostics(context, found)) || (path !== undefined && !script)) return 2;
  let server;
  try {
    server = await startEmulator({ ...options, ...(script ? { script } : {}) });
  } catch (error) {
    throw new UsageError(
      'cannot-listen',
      `cannot listen on ${flags.host}:${flags.port}: ${error instanceof Error ? error.message : String(error)}`,
      'another program may hold the port; --port 0 takes a free one',
    );
  }
  context.out.write(`listening on ${server.url}\n`);
  const stop = new AbortController();
  await Promise.race([
    once(process, 'SIGINT', { signal: stop.signal }),
    once(process, 'SIGTERM', { signal: stop.signal }),
  ]);
  stop.abort();
  await server.close();
  return 0;
}
