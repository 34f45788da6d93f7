import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { openStored, type StoredFile } from './read.ts';

/** Files of a reports or baselines folder that are Assay's and hold no results. */
const others = new Set(['run.json', 'compare.json', 'approved.json', 'ctrf.json']);

/**
 * The results files that a path names: itself, or those of a folder, in order of their suites' names. Throws a
 * DiagnosticError where there is none, or one that cannot be read.
 */
export async function findStored(absolute: string, shown: string): Promise<StoredFile[]> {
  const facts = await stat(absolute).catch(() => undefined);
  if (!facts)
    throw new DiagnosticError([
      fault('missing-results', `there is no file or folder ${JSON.stringify(shown)}`),
    ]);
  if (!facts.isDirectory()) {
    const only = await openStored(absolute, shown);
    if (!only) throw new DiagnosticError([fault('bad-results', `${shown} holds no results of a suite`)]);
    return [only];
  }
  const found = await inFolder(absolute, shown);
  if (found.length === 0)
    throw new DiagnosticError([
      fault('missing-results', `the folder ${JSON.stringify(shown)} holds no results of a suite`),
    ]);
  return found;
}

/** The results files of a folder that may hold none, or not be there yet. */
export async function findStoredIfAny(absolute: string, shown: string): Promise<StoredFile[]> {
  const facts = await stat(absolute).catch(() => undefined);
  return facts ? (facts.isDirectory() ? inFolder(absolute, shown) : findStored(absolute, shown)) : [];
}

/**
 * Refuses a folder in which a file bears the name of a suite and holds no results: it would else pass for a suite that has
 * none. Other JSON files in it are somebody else's affair.
 */
export async function refuseEmptied(
  found: readonly StoredFile[],
  absolute: string,
  shown: string,
  suites: Iterable<string>,
): Promise<void> {
  for (const suite of new Set(suites)) {
    const name = `${suite}.json`;
    const file = path.join(absolute, name);
    if (found.some((each) => each.suite === suite || each.file === file)) continue;
    // A name that is a path is none of a suite.
    if (path.basename(name) !== name || others.has(name)) continue;
    if (!(await stat(file).catch(() => undefined))) continue;
    const where = path.posix.join(shown.replaceAll(path.sep, '/'), name);
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'bad-results',
        message: `${where} holds no results of ${suite}`,
        path: where,
        help: 'results are written by assay run, and baselines by assay approve: make it again, bring it back from git, or remove it',
      },
    ]);
  }
}

async function inFolder(absolute: string, shown: string): Promise<StoredFile[]> {
  const names = (await readdir(absolute))
    .filter((name) => name.endsWith('.json') && !others.has(name))
    .toSorted();
  const found: StoredFile[] = [];
  for (const name of names) {
    const stored = await openStored(
      path.join(absolute, name),
      path.posix.join(shown.replaceAll(path.sep, '/'), name),
    );
    if (stored) found.push(stored);
  }
  refuseTwice(found, shown);
  return found.toSorted((a, b) => (a.suite < b.suite ? -1 : 1));
}

function refuseTwice(found: readonly StoredFile[], shown: string): void {
  const seen = new Map<string, string>();
  for (const { suite, file } of found) {
    const other = seen.get(suite);
    if (other !== undefined)
      throw new DiagnosticError([
        fault('bad-results', `${path.basename(file)} and ${other} in ${shown} both hold results of ${suite}`),
      ]);
    seen.set(suite, path.basename(file));
  }
}

function fault(code: string, message: string): Diagnostic {
  return {
    severity: 'error',
    code,
    message,
    help: 'name a folder that assay run or assay approve wrote, or one of its <suite>.json',
  };
}
