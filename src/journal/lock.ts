import { mkdirSync, readFileSync, rmSync, statSync, utimes, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { isObject } from '../lib/json.ts';
import { parseJson } from '../lib/parse-json.ts';
import { isSystemError } from '../lib/system-error.ts';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** Tells this process from a later one with the same number, where the system says when it began. */
  readonly born?: string | undefined;
}

/** A folder that is ours until it is released. */
export interface Lock {
  readonly release: () => void;
}

const lockName = '.assay.lock';
const beatMs = 10_000;
/** A process on another machine cannot be looked up: it is gone when it has not touched its lock for so long. */
const silentMs = 60_000;
/** Taking over takes milliseconds: a process that began it so long ago has died. */
const takeOverMs = 5000;
const takeOverTries = 100;

/**
 * Locks a reports folder, so that no two runs write one journal. The lock of a process that is gone is taken over; one
 * of a process that lives is a DiagnosticError that names it.
 */
export async function lockFolder(directory: string, displayPath: string): Promise<Lock> {
  const file = path.join(directory, lockName);
  const holder: Holder = {
    pid: process.pid,
    host: os.hostname(),
    since: new Date().toISOString(),
    born: birthOf(process.pid),
  };
  const text = `${JSON.stringify(holder)}\n`;
  try {
    mkdirSync(directory, { recursive: true });
    for (let tries = 0; !create(file, text); tries++) {
      const other = readLock(file);
      if (other && (tries >= takeOverTries || !other.isGone)) throw inUse(displayPath, other.holder);
      if (other) await removeStale(file);
    }
  } catch (error) {
    throw isSystemError(error) ? cannotLock(displayPath, error.code) : error;
  }
  const beat = setInterval(() => {
    const now = new Date();
    // A lock that cannot be touched is still ours on this machine.
    utimes(file, now, now, () => undefined);
  }, beatMs);
  beat.unref();
  return {
    release: () => {
      clearInterval(beat);
      try {
        // Another machine may have taken it over while this one slept.
        if (textIn(file) === text) rmSync(file, { force: true });
      } catch {
        // Out of reach: no longer ours.
      }
    },
  };
}

/** Makes a file; false where there is one. */
function create(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (isSystemError(error) && error.code === 'EEXIST') return false;
    // A full disk leaves an empty file.
    rmSync(file, { force: true });
    throw error;
  }
}

function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** One process at a time: of two that find the same stale lock, the slower would remove the new lock of the quicker. */
async function removeStale(file: string): Promise<void> {
  const guard = `${file}.taking-over`;
  if (!create(guard, '')) {
    const begun = statSync(guard, { throwIfNoEntry: false });
    if (begun && Date.now() - begun.mtimeMs > takeOverMs) rmSync(guard, { force: true });
    await sleep(10);
    return;
  }
  try {
    if (readLock(file)?.isGone) rmSync(file, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

/** The owner of a lock, if it can be read; undefined if there is none. */
function readLock(file: string): { holder: Holder | undefined; isGone: boolean } | undefined {
  const text = textIn(file);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (text === undefined || !stats) return undefined;
  const isSilent = Date.now() - stats.mtimeMs > silentMs;
  const holder = readHolder(text);
  // Without an owner it is being written now, or a power cut left it half written; wait to find out.
  const isHere = holder?.host === os.hostname();
  return { holder, isGone: holder && isHere ? !isAlive(holder) : isSilent };
}

function readHolder(text: string): Holder | undefined {
  try {
    const value: unknown = parseJson(text);
    return isObject(value) && typeof value.pid === 'number' ? (value as unknown as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, born }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return isSystemError(error) && error.code === 'EPERM';
  }
  const now = birthOf(pid);
  return born === undefined || now === undefined || born === now;
}

/** When a process began, in the kernel's ticks; undefined where there is no /proc, or the process has just ended. */
function birthOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may contain spaces; the 22nd field is the 20th behind it (proc(5)).
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function lockError(code: string, message: string, help: string): DiagnosticError {
  return new DiagnosticError([{ severity: 'error', code, message, help }]);
}

function cannotLock(displayPath: string, code: string): DiagnosticError {
  const why = code === 'EISDIR' || code === 'ERR_FS_EISDIR' ? `${lockName} in it is a folder` : code;
  return lockError(
    'cannot-lock',
    `the report folder ${displayPath} cannot be locked for this run: ${why}`,
    `name another folder with --reports DIR; or remove ${lockName} in that folder, if surely no run writes there`,
  );
}

function inUse(displayPath: string, holder: Holder | undefined): DiagnosticError {
  const who = holder
    ? `process ${holder.pid} on ${holder.host}, since ${holder.since}`
    : 'an unknown process';
  return lockError(
    'folder-in-use',
    `another run writes to the report folder ${displayPath}: ${who}`,
    `wait for it, or name another folder with --reports DIR; if it is surely gone, remove ${lockName} in that folder`,
  );
}
