import type { Hash } from 'node:crypto';
import { closeSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { redact } from '../lib/redact.ts';

/** Characters that are gathered before they are written. */
const atOnce = 65_536;

/**
 * A file that is written piece by piece beside its place, and moved there when it is whole. Writes block: handing so short
 * a write to another thread costs several times the write. Secrets are redacted; a piece is never cut, so that each is
 * found whole.
 */
export interface OutputFile {
  readonly write: (piece: string) => void;
  /** Writes bytes that are redacted already. */
  readonly append: (bytes: Uint8Array) => void;
  /** Moves the file to its place. */
  readonly end: () => void;
  /** Removes what was written. */
  readonly discard: () => void;
}

/** Begins a file. `hash` gets its content; without a path nothing is written. */
export function openOutput(path: string | undefined, hash?: Hash): OutputFile {
  const beside = `${path}.part`;
  let file = path === undefined ? undefined : openSync(beside, 'w');
  let waiting = '';
  const append = (bytes: Uint8Array): void => {
    hash?.update(bytes);
    const to = file;
    if (to !== undefined) for (let done = 0; done < bytes.length;) done += writeSync(to, bytes, done);
  };
  const flush = (): void => {
    const text = redact(waiting);
    waiting = '';
    append(Buffer.from(text));
  };
  const close = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  return {
    write: (piece) => {
      waiting += piece;
      if (waiting.length >= atOnce) flush();
    },
    append: (bytes) => {
      flush();
      append(bytes);
    },
    end: () => {
      flush();
      close();
      if (path !== undefined) renameSync(beside, path);
    },
    discard: () => {
      close();
      if (path !== undefined) rmSync(beside, { force: true });
    },
  };
}

/** Writes a whole file; see {@link OutputFile}. */
export async function writeWhole(
  path: string,
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const file = openOutput(path);
  try {
    for await (const piece of pieces) file.write(piece);
    file.end();
  } catch (error) {
    file.discard();
    throw error;
  }
}

/**
 * Text that belongs behind what is not known yet: it waits on disk, in sections that are written in any order. Redacted as
 * an {@link OutputFile} is.
 */
export interface Spool {
  readonly write: (section: string, piece: string) => void;
  /** Writes the text of a section to a file. */
  readonly copy: (section: string, to: OutputFile) => void;
  /** Removes it. */
  readonly close: () => void;
}

/** Opens a spool at a path of its own. */
export function openSpool(path: string): Spool {
  const file = openSync(path, 'w+');
  const waiting = new Map<string, string>();
  const written = new Map<string, { readonly at: number; readonly length: number }[]>();
  let size = 0;
  const flush = (section: string, text: string): void => {
    const bytes = Buffer.from(redact(text));
    for (let done = 0; done < bytes.length;)
      done += writeSync(file, bytes, done, bytes.length - done, size + done);
    const places = written.get(section) ?? [];
    written.set(section, places);
    places.push({ at: size, length: bytes.length });
    size += bytes.length;
    waiting.delete(section);
  };
  return {
    write: (section, piece) => {
      const text = (waiting.get(section) ?? '') + piece;
      if (text.length >= atOnce) flush(section, text);
      else waiting.set(section, text);
    },
    copy: (section, to) => {
      for (const { at, length } of written.get(section) ?? []) {
        const bytes = Buffer.allocUnsafe(length);
        for (let done = 0; done < length;) done += readSync(file, bytes, done, length - done, at + done);
        to.append(bytes);
      }
      to.write(waiting.get(section) ?? '');
    },
    close: () => {
      closeSync(file);
      rmSync(path, { force: true });
    },
  };
}
