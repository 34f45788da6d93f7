import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { unfinishedRun } from '../journal/unfinished.ts';
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
