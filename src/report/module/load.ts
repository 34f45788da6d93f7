import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DiagnosticError, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { lineAt, position } from '../../diagnostics/position.ts';
import type { Reporter } from '../reporter.ts';
import { plainResults } from './plain.ts';

/**
 * Loads a user's own reporter; throws a DiagnosticError with the place of the fault. Its default export is a function
 * `(results, directory) => paths written`.
 */
export async function loadModule(shown: string, cwd: string): Promise<Reporter> {
  const absolute = path.resolve(cwd, shown);
  const fail = async (code: string, message: string, error?: unknown): Promise<never> => {
    throw new DiagnosticError([await faultAt(absolute, shown, code, message, error)]);
  };
  await readFile(absolute).catch((error: unknown) =>
    fail('missing-reporter', `the reporter ${shown} cannot be read (${codeOf(error)})`),
  );
  const loaded = (await import(pathToFileURL(absolute).href).catch((error: unknown) =>
    fail('bad-reporter', `the reporter ${shown} cannot be loaded: ${wordsOf(error)}`, error),
  )) as { default?: unknown };
  const report = loaded.default;
  if (typeof report !== 'function')
    return fail(
      'bad-reporter',
      `expected the default export of ${shown} to be a function, received ${typeof report}`,
    );
  return async (results, directory) => {
    try {
      const written: unknown = await settled(
        (report as (...given: unknown[]) => unknown)(plainResults(results), directory),
      );
      return pathsOf(written);
    } catch (error) {
      return fail('reporter-failed', `the reporter ${shown} failed: ${wordsOf(error)}`, error);
    }
  };
}

/** A promise that nothing is left to settle would end the process without a word. */
async function settled(promise: unknown): Promise<unknown> {
  let forgotten: () => void = () => undefined;
  const never = new Promise((_, reject) => {
    forgotten = () => reject(new Error('its promise never settles'));
  });
  process.once('beforeExit', forgotten);
  try {
    return await Promise.race([promise, never]);
  } finally {
    process.off('beforeExit', forgotten);
  }
}

function pathsOf(written: unknown): string[] {
  if (written === undefined) return [];
  if (Array.isArray(written) && written.every((one) => typeof one === 'string')) return written;
  throw new Error('expected it to return a list of the paths it wrote, or nothing');
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
const wordsOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/** A fault of the module, at the line of it that the error's stack names first. */
async function faultAt(
  absolute: string,
  shown: string,
  code: string,
  message: string,
  error: unknown,
): Promise<Diagnostic> {
  const fault: Diagnostic = {
    severity: 'error',
    code,
    message: message.split('\n')[0] ?? message,
    path: shown,
    help: 'a reporter is a module whose default export is (results, directory) => paths written; see docs/reporters.md',
  };
  const url = pathToFileURL(absolute).href;
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const at = stack.indexOf(`${url}:`);
  const found = at === -1 ? undefined : /^(\d+)(?::(\d+))?/.exec(stack.slice(at + url.length + 1));
  if (!found) return fault;
  const file = { path: shown, absolute: fileURLToPath(url), text: await readFile(absolute, 'utf8') };
  const line = Number(found[1]);
  const start = lineAt(file, line - 1).start + (found[2] === undefined ? 0 : Number(found[2]) - 1);
  const place = { file, start, end: start + 1 };
  return position(place).line === line ? { ...fault, place } : fault;
}
