import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimes,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { isObject } from '../lib/json.ts';
import { isSystemError } from '../lib/write-error.ts';

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
  readonly release: () => void;
}

const lockName = '.assay.lock';
const beatMs = 10_000;
/** A holder on another machine cannot be asked: it is gone when it has not touched its lock for so long. */
const silentMs = 60_000;
/** Taking over is a matter of milliseconds: who began it so long ago has died over it. */
const takeOverMs = 5000;
const takeOverTries = 100;

/**
 * Takes the lock of a reports folder, so that no two runs write one journal. A lock whose holder is gone is taken over;
 * one that is held is a DiagnosticError that says by whom.
 */
export async function lockFolder(directory: string, shown: string): Promise<Lock> {
  try {
    return await take(directory, shown);
  } catch (error) {
    throw isSystemError(error) ? cannotLock(shown, error.code) : error;
  }
}

async function take(directory: string, shown: string): Promise<Lock> {
  const file = path.join(directory, lockName);
  mkdirSync(directory, { recursive: true });
  const born = birthOf(process.pid);
  const mine: Holder = {
    pid: process.pid,
    host: os.hostname(),
    since: new Date().toISOString(),
    ...(born === undefined ? {} : { born }),
  };
  for (let tries = 0; ; tries++) {
    if (create(file, mine)) break;
    const other = holderOf(file);
    if (other === 'none') continue;
    if (tries >= takeOverTries || !other.gone) throw held(shown, other.holder);
    await removeStale(file);
  }
  const beat = setInterval(() => {
    const now = new Date();
    // A lock that cannot be touched is held all the same by the process that lives.
    utimes(file, now, now, () => undefined);
  }, beatMs);
  beat.unref();
  return {
    release: () => {
      clearInterval(beat);
      // Another machine may have taken it over while this one slept.
      if (textIn(file) === textOf(mine)) rmSync(file, { force: true });
    },
  };
}

const textOf = (holder: Holder): string => `${JSON.stringify(holder)}\n`;

function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Gone, or out of reach: not ours any more.
    return undefined;
  }
}

function create(file: string, holder: Holder): boolean {
  let opened: number;
  try {
    opened = openSync(file, 'wx', 0o600);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
  try {
    writeFileSync(opened, textOf(holder));
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(opened);
  }
  return true;
}

/**
 * Removes a lock whose holder is gone, one process at a time: of two that find the same stale lock the slower would
 * else remove the one that the quicker has made since.
 */
async function removeStale(file: string): Promise<void> {
  const guard = `${file}.taking-over`;
  try {
    closeSync(openSync(guard, 'wx', 0o600));
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    const begun = statSync(guard, { throwIfNoEntry: false });
    if (begun && Date.now() - begun.mtimeMs > takeOverMs) rmSync(guard, { force: true });
    await sleep(10);
    return;
  }
  try {
    const now = holderOf(file);
    if (now !== 'none' && now.gone) rmSync(file, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

function holderOf(file: string): 'none' | { holder: Holder | undefined; gone: boolean } {
  try {
    const text = readFileSync(file, 'utf8');
    const { mtimeMs } = statSync(file);
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
    if (isCode(error, 'ENOENT')) return 'none';
    throw error;
  }
}

function lives({ pid, born }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return isCode(error, 'EPERM');
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

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function cannotLock(shown: string, code: string): DiagnosticError {
  const why = code === 'EISDIR' || code === 'ERR_FS_EISDIR' ? `${lockName} in it is a folder` : code;
  return new DiagnosticError([
    {
      severity: 'error',
      code: 'cannot-lock',
      message: `the report folder ${shown} cannot be locked for this run: ${why}`,
      help: `name another folder with --reports DIR; or remove ${lockName} in that folder, if surely no run writes there`,
    },
  ]);
}

function held(shown: string, holder: Holder | undefined): DiagnosticError {
  const who = holder
    ? `process ${holder.pid} on ${holder.host}, since ${holder.since}`
    : 'an unknown process';
  return new DiagnosticError([
    {
      severity: 'error',
      code: 'folder-in-use',
      message: `another run writes to the report folder ${shown}: ${who}`,
      help: `wait for it, or name another folder with --reports DIR; if it is surely gone, remove ${lockName} in that folder`,
    },
  ]);
}
