import { closeSync, lstatSync, openSync, readSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { decodeLine, readLines } from '../journal/lines.ts';
import type { EndReason, RunRecord, TrialRecord, TurnRecord } from '../journal/record.ts';
import { shellLine } from '../lib/shell-line.ts';
import type { Context } from './context.ts';

/**
 * Makes room for a new journal in a reports folder (`shown` is the user's name of it). That of a run which broke off
 * holds answers that were paid for: it moves to a folder of its own, where the run can go on, and a note says so.
 */
export async function archiveJournal({ on }: Context, directory: string, shown: string): Promise<void> {
  const journal = path.join(directory, 'journal.jsonl');
  const run = await unfinishedRun(journal);
  if (!run) return;
  // Colons are no part of a name on every disk.
  const kept = path.join('unfinished', run.startedAt.replaceAll(':', '-'));
  await mkdir(path.join(directory, kept), { recursive: true });
  await rename(journal, path.join(directory, kept, 'journal.jsonl'));
  const folder = path.join(shown, kept);
  const resume = shellLine(['run', '--resume', '--reports', folder, ...run.paths]);
  on({
    type: 'note',
    text: `kept: the journal of an unfinished run is now in ${folder}; go on with it, beside its own options: assay ${resume}`,
  });
}

/** Reasons to end that leave nothing to go on with: a run that bailed did so on purpose. */
const finished: readonly EndReason[] = ['done', 'bailed'];
/** An end record is a line of few words: it stands within so many bytes of the end. */
const tailBytes = 65_536;

/**
 * The run whose journal stands at a path, if it broke off and holds answers that a service was asked for; undefined for
 * one that came to its end, and where there is no journal.
 */
async function unfinishedRun(path: string): Promise<RunRecord | undefined> {
  const file = lstatSync(path, { throwIfNoEntry: false });
  if (!file?.isFile() || finished.includes(endingOf(path, file.size) ?? 'interrupted')) return undefined;
  let run: RunRecord | undefined;
  for await (const { line } of readLines(path)) {
    const record = decodeLine(line.toString('utf8'));
    if (!run) {
      if (record?.type !== 'run' || record.emulator) return undefined;
      run = record;
    } else if (record?.type === 'trial' && isAsked(record)) return run;
    else if (record?.type === 'turn' && isAnswer(record.exchange)) return run;
  }
  return undefined;
}

function isAsked({ from, exchanges }: TrialRecord): boolean {
  return from === undefined && exchanges.some(isAnswer);
}

function isAnswer({ failure, status = 0 }: TurnRecord['exchange']): boolean {
  return !failure && status >= 200 && status < 300;
}

/** How the run of a journal ended; undefined if its last line does not say so. */
function endingOf(path: string, size: number): EndReason | undefined {
  const at = Math.max(0, size - tailBytes);
  const buffer = Buffer.alloc(size - at);
  const file = openSync(path, 'r');
  try {
    const text = buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, at));
    if (!text.endsWith('\n')) return undefined;
    const record = decodeLine(text.slice(text.lastIndexOf('\n', text.length - 2) + 1, -1));
    return record?.type === 'end' ? record.reason : undefined;
  } finally {
    closeSync(file);
  }
}
