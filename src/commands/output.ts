import { redact } from '../lib/redact.ts';
import type { Scope } from '../lib/scope.ts';

/** A stream as commands use it: everything written to it passes {@link redact}. */
export interface Output {
  readonly write: (text: string) => void;
  /** Why some of the output was lost, as the system's code (ENOSPC); undefined if all was written, or the reader stopped reading. */
  readonly failure: () => Promise<string | undefined>;
  readonly isTTY: boolean;
  readonly columns: number | undefined;
}

/** Wraps standard output or standard error, so that no value is printed that the scope hides. */
export function openOutput(stream: NodeJS.WriteStream, scope: Scope): Output {
  let written = false;
  let failure: string | undefined;
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // A reader may stop reading (`assay plan | head`): that is no error of the run.
    if (code !== 'EPIPE') failure ??= code ?? message;
  });
  return {
    write: (text) => {
      written = true;
      stream.write(scope.run(() => redact(text)));
    },
    failure: async () => {
      // An error is emitted some ticks after the write that caused it.
      if (written) await new Promise<void>((resolve) => void stream.write('', () => setImmediate(resolve)));
      return failure;
    },
    // Undefined, not false, where the stream is no terminal.
    get isTTY() {
      return stream.isTTY || false;
    },
    get columns() {
      // A terminal that reports 0 columns does not know its width.
      return stream.columns || undefined;
    },
  };
}
