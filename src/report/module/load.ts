import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DiagnosticError, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { lineAt, placeOfLine } from '../../diagnostics/position.ts';
import type { Reporter } from '../reporter.ts';
import { plainResults } from './plain.ts';
import { errorCode } from '../../lib/system-error.ts';

/** True for what `--reporter` takes as the path of a module: `./mine.mjs`, `/a/mine.js`, `tools/mine.mjs`. */
export function isModulePath(name: string): boolean {
  return /[\\/]/.test(name) || /\.[cm]?js$/.test(name);
}

const help =
  'a reporter is a module whose default export is a function: (results, directory) => paths written';

/** Awaits what a user's module does; may give up where nothing is left that could settle it. */
export type Settled = (start: () => unknown) => Promise<unknown>;

/**
 * Loads a user's own reporter, `displayPath` being its path as the user gave it; throws a DiagnosticError with the place of
 * the error. Its default export is a function `(results, directory) => paths written`; results are PlainResults.
 */
export async function loadModule(
  displayPath: string,
  cwd: string,
  settled: Settled = async (start) => start(),
): Promise<Reporter> {
  const file = { absolute: path.resolve(cwd, displayPath), displayPath };
  const fail = async (code: string, message: string, error?: unknown): Promise<never> => {
    throw new DiagnosticError([await moduleError(file, { code, message, help }, error)]);
  };
  await access(file.absolute).catch((error: unknown) =>
    fail(
      'missing-reporter',
      `the reporter ${displayPath} cannot be read (${errorCode(error) ?? wordsOf(error)})`,
    ),
  );
  const loaded = (await settled(() => import(pathToFileURL(file.absolute).href)).catch((error: unknown) =>
    fail('bad-reporter', `the reporter ${displayPath} cannot be loaded: ${wordsOf(error)}`, error),
  )) as { default?: unknown };
  const report = loaded.default;
  if (typeof report !== 'function')
    return fail(
      'bad-reporter',
      `expected the default export of ${displayPath} to be a function, received ${typeof report}`,
    );
  return ({ results, directory }) => ({
    onEnd: async () => {
      try {
        checkPaths(await settled(() => report(plainResults(results), directory) as unknown));
      } catch (error) {
        await fail('reporter-failed', `the reporter ${displayPath} failed: ${wordsOf(error)}`, error);
      }
    },
  });
}

function checkPaths(written: unknown): void {
  if (written === undefined) return;
  if (Array.isArray(written) && written.every((one) => typeof one === 'string')) return;
  throw new Error('expected it to return a list of the paths it wrote, or nothing');
}

/** A user's module by its absolute path and as the user named it. */
interface ModuleFile {
  readonly absolute: string;
  readonly displayPath: string;
}

/** An error of a user's module as a diagnostic, at the line of it that the error names first. */
async function moduleError(
  { absolute, displayPath }: ModuleFile,
  what: Pick<Diagnostic, 'code' | 'message' | 'help'>,
  error: unknown,
): Promise<Diagnostic> {
  const diagnostic: Diagnostic = { severity: 'error', ...what, path: displayPath };
  const at = await lineOf(absolute, error);
  if (!at) return diagnostic;
  const file = { path: displayPath, absolute, text: await readFile(absolute, 'utf8') };
  if (at.column === undefined) return { ...diagnostic, place: placeOfLine(file, at.line) };
  const start = lineAt(file, at.line - 1).start + at.column - 1;
  return { ...diagnostic, place: { file, start, end: start + 1 } };
}

/** `TypeError: …`, or whatever was thrown. */
function wordsOf(error: unknown): string {
  const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return words.split('\n')[0] ?? words;
}

async function lineOf(
  absolute: string,
  error: unknown,
): Promise<{ line: number; column?: number } | undefined> {
  if (!(error instanceof Error)) return undefined;
  const text = error instanceof SyntaxError ? await checkedByNode(absolute) : (error.stack ?? '');
  for (const name of [pathToFileURL(absolute).href, absolute]) {
    const at = text.indexOf(`${name}:`);
    const found = at === -1 ? undefined : /^(\d+)(?::(\d+))?/.exec(text.slice(at + name.length + 1));
    if (found) return { line: Number(found[1]), ...(found[2] ? { column: Number(found[2]) } : {}) };
  }
  return undefined;
}

/** Node keeps the line of a syntax error to itself, unless it is asked to check the file. */
async function checkedByNode(absolute: string): Promise<string> {
  const { execFile } = await import('node:child_process');
  return new Promise((resolve) => {
    execFile(process.execPath, ['--check', absolute], (_error, _stdout, stderr) => resolve(stderr));
  });
}
