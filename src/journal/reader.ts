import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { isObject } from '../lib/json.ts';
import type { EndRecord, JournalRecord, RunRecord, TrialRecord } from './record.ts';

/** What a journal holds beside its trials. */
export interface Journal {
  readonly run: RunRecord;
  readonly end?: EndRecord;
  /** The last line, if a killed process left it unfinished. */
  readonly torn?: string;
}

/** Reads a journal back, handing over trial by trial; a torn last line is left out and told, anything else that is no record is an error. */
export async function readJournal(
  path: string,
  onTrial: (record: TrialRecord) => unknown = () => undefined,
): Promise<Journal> {
  let run: RunRecord | undefined;
  let end: EndRecord | undefined;
  let torn: { line: number; text: string } | undefined;
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number++;
    if (torn) throw bad(path, torn.line, 'is not a record');
    if (line === '') continue;
    const record = parse(line);
    if (!record) {
      torn = { line: number, text: line };
      continue;
    }
    if (record.v !== 1)
      throw bad(path, number, `has version ${String(record.v)}, this Assay reads version 1`);
    if (record.type === 'run') run = record;
    else if (record.type === 'end') end = record;
    else await onTrial(record);
  }
  if (!run) throw bad(path, 1, 'is not the start of a journal');
  return { run, ...(end ? { end } : {}), ...(torn ? { torn: torn.text } : {}) };
}

function parse(line: string): JournalRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) && typeof value.type === 'string' && ['run', 'trial', 'end'].includes(value.type)
      ? (value as unknown as JournalRecord)
      : undefined;
  } catch {
    // Not JSON: a torn line, which the caller tells of.
    return undefined;
  }
}

function bad(path: string, line: number, what: string): DiagnosticError {
  return new DiagnosticError([
    {
      severity: 'error',
      code: 'bad-journal',
      message: `line ${line} of the journal ${what}`,
      path,
      help: 'a journal is written by assay run; name another, or run again',
    },
  ]);
}
