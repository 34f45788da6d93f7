import { writeSync } from 'node:fs';
import { redact } from '../lib/redact.ts';

/** A stream as commands use it: what is written to it has passed {@link redact}. */
export interface Output {
  readonly write: (text: string) => void;
  /** Why something of what was written so far got lost, as the system's code (ENOSPC); undefined where nothing did, or nobody reads. */
  readonly failure: () => Promise<string | undefined>;
  readonly isTTY: boolean;
  readonly columns: number | undefined;
}

/**
 * Puts the door before standard output or standard error through which nothing hidden passes. What it cannot take is lost;
 * the end of the command asks. Node's stream is opened only where it is needed, since that takes a tenth of a short command:
 * to ask about the terminal, where a reader is slow to take what a pipe holds, and on Windows, whose consoles take no UTF-8.
 *
 * @param fd 1 or 2
 * @param open gives Node's stream of it
 */
export function openOutput(fd: number, open: () => NodeJS.WriteStream): Output {
  let failure: string | undefined;
  let opened: NodeJS.WriteStream | undefined;
  let used = false;
  const note = ({ code, message }: NodeJS.ErrnoException): void => {
    // Whoever reads may stop reading (`assay plan | head`): that is no fault of the run.
    if (code !== 'EPIPE') failure ??= code ?? message;
  };
  const stream = (): NodeJS.WriteStream => (opened ??= open().on('error', note));
  if (process.platform === 'win32') stream();
  return {
    write: (text) => {
      used = true;
      const passed = redact(text);
      const left = opened ? passed : writeAtOnce(fd, passed, note);
      if (left.length > 0) stream().write(left);
    },
    failure: async () => {
      // A refusal comes after what was written; this comes after it.
      if (used && opened) await new Promise<void>((resolve) => void stream().write('', () => resolve()));
      return failure;
    },
    get isTTY() {
      // Undefined, whatever its type says, where the stream is no terminal.
      return (stream().isTTY as boolean | undefined) ?? false;
    },
    get columns() {
      // A terminal of 0 columns does not know how wide it is.
      return stream().columns || undefined;
    },
  };
}

/** Writes what can be written without waiting; gives back the rest where that is left to the stream, which waits. */
function writeAtOnce(fd: number, text: string, refused: (error: NodeJS.ErrnoException) => void): Buffer {
  let left = Buffer.from(text);
  try {
    while (left.length > 0) left = left.subarray(writeSync(fd, left));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return left;
    refused(error as NodeJS.ErrnoException);
  }
  return Buffer.alloc(0);
}
