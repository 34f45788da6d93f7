import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { isObject } from '../lib/json.ts';

/** Who holds a folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** What tells this process from a later one with the same number, where the system says. */
  readonly born?: string;
}

/** A folder that is ours until it is released. */
export interface Lock {
  readonly release: () => Promise<void>;
}

const beatMs = 10_000;
/** A holder on another machine cannot be asked: it is gone when it has not touched its lock for so long. */
const silentMs = 60_000;

/**
 * Takes the lock of a reports folder, so that no two runs write one journal. A lock whose holder is gone is taken over;
 * one that is held is a DiagnosticError that says by whom.
 */
export async function lockFolder(directory: string, shown: string): Promise<Lock> {
  const file = path.join(directory, '.assay.lock');
  await mkdir(directory, { recursive: true });
  const born = birthOf(process.pid);
  const mine: Holder = {
    pid: process.pid,
    host: os.hostname(),
    since: new Date().toISOString(),
    ...(born === undefined ? {} : { born }),
  };
  for (let tries = 0; ; tries++) {
    if (await create(file, mine)) break;
    const other = await holderOf(file);
    if (other === 'none') continue;
    if (tries >= 5 || !other.gone) throw held(shown, file, other.holder);
    // Moved aside first: of two that take over, one finds it gone and tries again.
    const aside = `${file}.${process.pid}.stale`;
    try {
      await rename(file, aside);
      await rm(aside);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  const beat = setInterval(() => {
    const now = new Date();
    // A lock that cannot be touched is held all the same by the process that lives.
    utimes(file, now, now).catch(() => undefined);
  }, beatMs);
  beat.unref();
  return {
    release: async () => {
      clearInterval(beat);
      await rm(file, { force: true });
    },
  };
}

async function create(file: string, holder: Holder): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(`${JSON.stringify(holder)}\n`);
    await handle.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function holderOf(file: string): Promise<'none' | { holder: Holder | undefined; gone: boolean }> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    const silent = Date.now() - mtimeMs > silentMs;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // Being written this moment, or left half written by a power cut: only time tells.
      return { holder: undefined, gone: silent };
    }
    if (!isObject(value) || typeof value.pid !== 'number') return { holder: undefined, gone: silent };
    const holder = value as unknown as Holder;
    return { holder, gone: holder.host === os.hostname() ? !lives(holder) : silent };
  } catch (error) {
    if (isMissing(error)) return 'none';
    throw error;
  }
}

function lives({ pid, born }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const now = birthOf(pid);
  return born === undefined || now === undefined || born === now;
}

/** When a process began, in the kernel's ticks; undefined where there is no /proc. */
function birthOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold spaces; the 22nd field is the 20th behind it (proc(5)).
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    // No such file system here, or the process has just ended: its number alone must do.
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function held(shown: string, file: string, holder: Holder | undefined): DiagnosticError {
  const who = holder
    ? `process ${holder.pid} on ${holder.host}, since ${holder.since}`
    : 'a process that has not told its name';
  return new DiagnosticError([
    {
      severity: 'error',
      code: 'folder-in-use',
      message: `another run writes to the report folder ${shown}: ${who}`,
      help: `wait for it, or name another folder with --reports DIR; if it is surely gone, remove ${path.basename(file)} in that folder`,
    },
  ]);
}
