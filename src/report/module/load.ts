import { access } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DiagnosticError } from '../../diagnostics/diagnostic.ts';
import type { Reporter } from '../reporter.ts';
import { moduleFault, wordsOf } from './fault.ts';
import { plainResults } from './plain.ts';
import { errorCode } from '../../lib/system-error.ts';

const help =
  'a reporter is a module whose default export is a function: (results, directory) => paths written';

/** Awaits what a user's module does; may give up where nothing is left that could settle it. */
export type Settled = (start: () => unknown) => Promise<unknown>;

/**
 * Loads a user's own reporter, `shown` being its path as the user gave it; throws a DiagnosticError with the place of
 * the fault. Its default export is a function `(results, directory) => paths written`; results are PlainResults.
 */
export async function loadModule(
  shown: string,
  cwd: string,
  settled: Settled = async (start) => start(),
): Promise<Reporter> {
  const file = { absolute: path.resolve(cwd, shown), shown };
  const fail = async (code: string, message: string, error?: unknown): Promise<never> => {
    throw new DiagnosticError([await moduleFault(file, { code, message, help }, error)]);
  };
  await access(file.absolute).catch((error: unknown) =>
    fail('missing-reporter', `the reporter ${shown} cannot be read (${errorCode(error) ?? wordsOf(error)})`),
  );
  const loaded = (await settled(() => import(pathToFileURL(file.absolute).href)).catch((error: unknown) =>
    fail('bad-reporter', `the reporter ${shown} cannot be loaded: ${wordsOf(error)}`, error),
  )) as { default?: unknown };
  const report = loaded.default;
  if (typeof report !== 'function')
    return fail(
      'bad-reporter',
      `expected the default export of ${shown} to be a function, received ${typeof report}`,
    );
  return ({ results, directory }) => ({
    onEnd: async () => {
      try {
        checkPaths(await settled(() => report(plainResults(results), directory) as unknown));
      } catch (error) {
        await fail('reporter-failed', `the reporter ${shown} failed: ${wordsOf(error)}`, error);
      }
    },
  });
}

function checkPaths(written: unknown): void {
  if (written === undefined) return;
  if (Array.isArray(written) && written.every((one) => typeof one === 'string')) return;
  throw new Error('expected it to return a list of the paths it wrote, or nothing');
}
