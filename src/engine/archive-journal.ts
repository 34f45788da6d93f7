import { closeSync, lstatSync, openSync, readSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Exchange } from '../gemini/request.ts';
import { decodeLine, readLines } from '../journal/lines.ts';
import type { EndReason, RunRecord } from '../journal/record.ts';
import { shellLine } from '../lib/shell-line.ts';
import type { Context } from './context.ts';

/**
 * Moves the journal of an unfinished run to a folder of its own, where the run can be resumed, and says so in a note.
 */
export async function archiveJournal({ on }: Context, directory: string, displayPath: string): Promise<void> {
  const journal = path.join(directory, 'journal.jsonl');
  const run = await unfinishedRun(journal);
  if (!run) return;
  // Not every disk allows colons in a name.
  const kept = path.join('unfinished', run.startedAt.replaceAll(':', '-'));
  await mkdir(path.join(directory, kept), { recursive: true });
  await rename(journal, path.join(directory, kept, 'journal.jsonl'));
  const folder = path.join(displayPath, kept);
  const resume = shellLine(['run', '--resume', '--reports', folder, ...run.paths]);
  on({
    type: 'note',
    text: `kept: the journal of an unfinished run is now in ${folder}; to continue it, add its own options to: assay ${resume}`,
  });
}

/** Runs that end so cannot go on: one that bailed did so on purpose. */
const finished: readonly EndReason[] = ['done', 'bailed'];
/** An end record is short: it is within so many bytes of the end. */
const tailBytes = 65_536;

/** The run of a journal, if it broke off and has replies of a service; undefined where there is none. */
async function unfinishedRun(journal: string): Promise<RunRecord | undefined> {
  const file = lstatSync(journal, { throwIfNoEntry: false });
  if (!file?.isFile() || finished.includes(endOf(journal, file.size) ?? 'interrupted')) return undefined;
  let run: RunRecord | undefined;
  for await (const { line } of readLines(journal)) {
    const record = decodeLine(line.toString('utf8'));
    if (!run) {
      if (record?.type !== 'run' || record.emulator) return undefined;
      run = record;
    } else if (record?.type === 'trial' && record.from === undefined && record.exchanges.some(isAnswer))
      return run;
    else if (record?.type === 'turn' && isAnswer(record.exchange)) return run;
  }
  return undefined;
}

function isAnswer({ failure, status = 0 }: Exchange): boolean {
  return !failure && status >= 200 && status < 300;
}

/** How the run of a journal ended; undefined if its last line does not say so. */
function endOf(journal: string, size: number): EndReason | undefined {
  const at = Math.max(0, size - tailBytes);
  const buffer = Buffer.alloc(size - at);
  const file = openSync(journal, 'r');
  try {
    const text = buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, at));
    if (!text.endsWith('\n')) return undefined;
    const record = decodeLine(text.slice(text.lastIndexOf('\n', text.length - 2) + 1, -1));
    return record?.type === 'end' ? record.reason : undefined;
  } finally {
    closeSync(file);
  }
}
