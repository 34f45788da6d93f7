import { stat } from 'node:fs/promises';
import path from 'node:path';
import { usageError } from '../diagnostics/diagnostic.ts';
import type { Context } from './context.ts';

/** A journal that a user named by itself or by its reports folder. */
export interface FoundJournal {
  /** Absolute. */
  readonly file: string;
  /** The journal and its folder, as the user would call them. */
  readonly displayPath: string;
  readonly folder: string;
}

/** Finds the journal at a path as it was typed. */
export async function findJournal({ cwd }: Pick<Context, 'cwd'>, given: string): Promise<FoundJournal> {
  const absolute = path.resolve(cwd, given);
  const found = await stat(absolute).catch(() => undefined);
  if (found?.isFile()) return { file: absolute, displayPath: given, folder: path.dirname(given) };
  const inside = path.join(absolute, 'journal.jsonl');
  if (found?.isDirectory() && (await stat(inside).catch(() => undefined))?.isFile())
    return { file: inside, displayPath: path.join(given, 'journal.jsonl'), folder: given };
  throw usageError(
    'missing-journal',
    `there is no journal at ${given}`,
    'name a reports folder that a run wrote, or its journal.jsonl',
  );
}
