import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { lineAt, placeOfLine } from '../../diagnostics/position.ts';

/** A user's module by its absolute path and as the user named it. */
export interface ModuleFile {
  readonly absolute: string;
  readonly shown: string;
}

/** A fault of a user's module as a diagnostic, at the line of it that the error names first. */
export async function moduleFault(
  { absolute, shown }: ModuleFile,
  fault: Pick<Diagnostic, 'code' | 'message' | 'help'>,
  error: unknown,
): Promise<Diagnostic> {
  const diagnostic: Diagnostic = { severity: 'error', ...fault, path: shown };
  const at = await lineOf(absolute, error);
  if (!at) return diagnostic;
  const file = { path: shown, absolute, text: await readFile(absolute, 'utf8') };
  if (at.column === undefined) return { ...diagnostic, place: placeOfLine(file, at.line) };
  const start = lineAt(file, at.line - 1).start + at.column - 1;
  return { ...diagnostic, place: { file, start, end: start + 1 } };
}

/** `TypeError: …`, or whatever was thrown. */
export function wordsOf(error: unknown): string {
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
