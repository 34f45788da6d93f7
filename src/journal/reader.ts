import { closeSync, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { asWriteError } from '../lib/system-error.ts';
import { isObject } from '../lib/json.ts';
import { shellLine } from '../lib/shell-line.ts';
import { decodeLine, readLines, type Span } from './lines.ts';
import {
  journalVersion,
  type EndRecord,
  type ResumeRecord,
  type RunRecord,
  type TrialRecord,
  type TurnRecord,
} from './record.ts';

/** The parts of a journal beside its trials. */
export interface Journal {
  readonly run: RunRecord;
  /** The last time the run went on, if it ever did. */
  readonly resumed?: ResumeRecord;
  /** How the run ended the last time; absent if it was killed. */
  readonly end?: EndRecord;
  /** Calls whose replies were lost, of trials that had not settled when the run ended, each time it did. */
  readonly lost: number;
  /** Bytes up to the end of the last whole record; what a killed process left behind it is torn. */
  readonly soundBytes: number;
  readonly torn: boolean;
}

/**
 * Reads a journal back, trial by trial with their places. A torn end is left out; any other line that is no record is a
 * DiagnosticError that names the line.
 */
export async function readJournal(
  path: string,
  onTrial: (record: TrialRecord, span: Span) => unknown = () => undefined,
  onTurn: (record: TurnRecord) => unknown = () => undefined,
): Promise<Journal> {
  let run: RunRecord | undefined;
  let resumed: ResumeRecord | undefined;
  let end: EndRecord | undefined;
  let torn: number | undefined;
  let lost = 0;
  let soundBytes = 0;
  let number = 0;
  for await (const { line, span, whole } of readLines(path)) {
    number++;
    if (torn !== undefined) throw bad(path, torn, 'is torn or was changed, and records follow it');
    const text = line.toString('utf8');
    if (text === '') continue;
    const record = decodeLine(text);
    const problem = record ? versionProblem(record.v) : problemOf(text);
    if (problem !== undefined) throw bad(path, number, problem);
    // A line without its end was torn, even where nothing else of it is missing.
    if (!record || !whole) {
      torn = number;
      continue;
    }
    soundBytes = span.at + span.length + 1;
    if (run && record.type === 'run') throw bad(path, number, 'starts another journal');
    if (!run && record.type !== 'run') throw bad(path, number, 'is not the start of a journal');
    if (record.type === 'run') run = record;
    else if (record.type === 'end') {
      end = record;
      lost += record.lost ?? 0;
    } else if (record.type === 'trial') await onTrial(record, span);
    else if (record.type === 'turn') await onTurn(record);
    else {
      resumed = record;
      end = undefined;
    }
  }
  if (!run) throw bad(path, 1, 'is not the start of a journal');
  return {
    run,
    lost,
    soundBytes,
    torn: torn !== undefined,
    ...(resumed ? { resumed } : {}),
    ...(end ? { end } : {}),
  };
}

/** How every line of a journal begins. */
const lineStart = '{"v":';

/** True where there is no run to read: no journal, or its run was killed before the first line was whole. */
export async function isStillEmpty(path: string): Promise<boolean> {
  const file = await stat(path).catch(() => undefined);
  if (!file) return true;
  if (!file.isFile()) return false;
  for await (const { line, whole } of readLines(path)) {
    const text = line.toString('utf8');
    return !whole && (text.startsWith(lineStart) || lineStart.startsWith(text));
  }
  return true;
}

/** What is wrong with a line that is whole JSON and no record; undefined for one that was torn. */
function problemOf(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return 'is not a record';
  return (
    versionProblem(value.v) ??
    ('crc' in value ? 'was changed: its checksum does not match' : 'is not a record')
  );
}

function versionProblem(v: unknown): string | undefined {
  if (v === journalVersion) return undefined;
  return `has version ${JSON.stringify(v) ?? 'none'}, this Assay reads version ${journalVersion}`;
}

function bad(path: string, line: number, what: string): DiagnosticError {
  return new DiagnosticError([
    {
      severity: 'error',
      code: 'bad-journal',
      message: `line ${line} of the journal ${what}`,
      path,
      help:
        line > 1
          ? `to keep the ${line === 2 ? 'line' : `${line - 1} lines`} before it: head -n ${line - 1} ${shellLine([path])} > fixed.jsonl, then replace the journal with fixed.jsonl and use --resume`
          : 'a journal is written by assay run; name another, or run again',
    },
  ]);
}

/** Reads single trials of a journal by their places. */
export interface TrialReader {
  readonly read: (span: Span) => TrialRecord;
  readonly close: () => void;
}

/** Opens a journal, which may still grow, for reading trials by their places. Throws a WriteError where it is gone. */
export function openTrials(path: string): TrialReader {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw asWriteError(path, error);
  }
  return {
    // Synchronous: to hand so short a read to another thread takes several times as long.
    read: ({ at, length }) => {
      const buffer = Buffer.allocUnsafe(length);
      const read = readSync(file, buffer, 0, length, at);
      const record = decodeLine(buffer.toString('utf8', 0, read));
      if (record?.type !== 'trial') throw new Error(`the journal holds no trial at byte ${at}`);
      return record;
    },
    close: () => closeSync(file),
  };
}
