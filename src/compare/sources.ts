import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { openStored, type StoredFile } from './read.ts';

/** Files of Assay in a reports or baselines folder that are not results. */
const others = new Set(['run.json', 'compare.json', 'approved.json', 'ctrf.json']);

/**
 * The results files that a path names: itself, or those of a folder, in order of their suites' names. Throws a
 * DiagnosticError where there is none, or one that cannot be read.
 */
export async function findStored(absolute: string, displayPath: string): Promise<StoredFile[]> {
  const facts = await stat(absolute).catch(() => undefined);
  if (!facts)
    throw new DiagnosticError([
      sourceError('missing-results', `there is no file or folder ${JSON.stringify(displayPath)}`),
    ]);
  if (!facts.isDirectory()) {
    const only = await openStored(absolute, displayPath);
    if (!only)
      throw new DiagnosticError([sourceError('bad-results', `${displayPath} has no results of a suite`)]);
    return [only];
  }
  const found = await inFolder(absolute, displayPath);
  if (found.length === 0)
    throw new DiagnosticError([
      sourceError('missing-results', `the folder ${JSON.stringify(displayPath)} has no results of a suite`),
    ]);
  return found;
}

/** The results files of a folder; none if it does not exist. */
export async function findStoredIfAny(absolute: string, displayPath: string): Promise<StoredFile[]> {
  const facts = await stat(absolute).catch(() => undefined);
  return facts
    ? facts.isDirectory()
      ? inFolder(absolute, displayPath)
      : findStored(absolute, displayPath)
    : [];
}

/**
 * Refuses a folder in which a file bears the name of a suite and holds no results: it would count as a suite without
 * results. Other JSON files in the folder do not matter.
 */
export async function refuseEmptied(
  found: readonly StoredFile[],
  absolute: string,
  displayPath: string,
  suites: Iterable<string>,
): Promise<void> {
  for (const suite of new Set(suites)) {
    const name = `${suite}.json`;
    const file = path.join(absolute, name);
    if (found.some((each) => each.suite === suite || each.file === file)) continue;
    // A path is not the name of a suite.
    if (path.basename(name) !== name || others.has(name)) continue;
    if (!(await stat(file).catch(() => undefined))) continue;
    const where = path.posix.join(displayPath.replaceAll(path.sep, '/'), name);
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'bad-results',
        message: `${where} has no results of ${suite}`,
        path: where,
        help: 'results are written by assay run, and baselines by assay approve: make it again, bring it back from git, or remove it',
      },
    ]);
  }
}

async function inFolder(absolute: string, displayPath: string): Promise<StoredFile[]> {
  const names = (await readdir(absolute))
    .filter((name) => name.endsWith('.json') && !others.has(name))
    .toSorted();
  const found: StoredFile[] = [];
  for (const name of names) {
    const stored = await openStored(
      path.join(absolute, name),
      path.posix.join(displayPath.replaceAll(path.sep, '/'), name),
    );
    if (stored) found.push(stored);
  }
  refuseDuplicates(found, displayPath);
  return found.toSorted((a, b) => (a.suite < b.suite ? -1 : 1));
}

function refuseDuplicates(found: readonly StoredFile[], displayPath: string): void {
  const seen = new Map<string, string>();
  for (const { suite, file } of found) {
    const other = seen.get(suite);
    if (other !== undefined)
      throw new DiagnosticError([
        sourceError(
          'bad-results',
          `${path.basename(file)} and ${other} in ${displayPath} both hold results of ${suite}`,
        ),
      ]);
    seen.set(suite, path.basename(file));
  }
}

function sourceError(code: string, message: string): Diagnostic {
  return {
    severity: 'error',
    code,
    message,
    help: 'name a folder that assay run or assay approve wrote, or one of its <suite>.json',
  };
}
