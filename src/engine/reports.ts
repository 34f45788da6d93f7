import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Comparison } from '../compare/comparison.ts';
import { type Diagnostic, DiagnosticError, usageError } from '../diagnostics/diagnostic.ts';
import type { Results } from '../judge/results.ts';
import { nearest } from '../lib/nearest.ts';
import { inGitHubActions } from '../report/github/command.ts';
import { isModulePath } from '../report/module/path.ts';
import { reporters } from '../report/registry.ts';
import type { OutsideReporter } from '../report/reporter.ts';
import { writeRunJson } from '../report/run-json.ts';
import { removeComparison, removeStale } from '../report/stale.ts';
import { emit, type Context } from './context.ts';
import { loadModule } from '../report/module/load.ts';
import { compareJson } from '../report/compare/json.ts';
import { digestOfResults } from '../report/json.ts';

/** A chosen reporter, by its name or the path of its module. */
export interface Chosen {
  readonly name: string;
  readonly load: () => Promise<OutsideReporter>;
}

/**
 * Loads reporters by their names or paths; in GitHub Actions its reporter comes along. A user's module is loaded here, so
 * that no call is made for a report that cannot be written. Throws a DiagnosticError.
 */
export async function readReporters(
  { cwd, env, settled }: Pick<Context, 'cwd' | 'env' | 'settled'>,
  list: readonly string[],
): Promise<Chosen[]> {
  const names = new Set(list.map((name) => name.trim()));
  if (names.has(''))
    throw usageError(
      'unknown-reporter',
      names.size === 1
        ? '--reporter names no reporter'
        : `--reporter ${JSON.stringify(list.join(','))} has an empty name between its commas`,
      `there are ${known()}`,
    );
  if (inGitHubActions(env)) names.add('github');
  const chosen: Chosen[] = [];
  for (const name of names) {
    if (isModulePath(name)) {
      const reporter = await loadModule(name, cwd, settled);
      chosen.push({ name, load: () => Promise.resolve(reporter) });
      continue;
    }
    const load = Object.hasOwn(reporters, name) ? reporters[name] : undefined;
    if (!load) throw unknown(name);
    chosen.push({ name, load });
  }
  return chosen;
}

const known = (): string => `${Object.keys(reporters).join(', ')}, or the path of a module (./mine.mjs)`;

function unknown(name: string): DiagnosticError {
  const near = nearest(name, Object.keys(reporters));
  const help = near === undefined ? `there are ${known()}` : `did you mean ${JSON.stringify(near)}?`;
  return usageError('unknown-reporter', `unknown reporter ${JSON.stringify(name)}`, help);
}

/**
 * Writes the chosen reports, run.json, and where there is a comparison compare.json. One that cannot be written is reported, and keeps
 * no other from being written; false if there was one. Files of suites that are gone are removed.
 */
export async function writeReports(
  context: Pick<Context, 'env' | 'on'>,
  results: Results,
  directory: string,
  chosen: readonly Chosen[],
  comparison?: Comparison,
): Promise<boolean> {
  const diagnostics: Diagnostic[] = [];
  const bugs: unknown[] = [];
  const out = { write: (text: string) => context.on({ type: 'output', text }) };
  const outside = { env: context.env, out, ...(comparison ? { comparison } : {}) };
  const always: Chosen[] = [
    {
      name: 'run.json',
      load: () =>
        Promise.resolve(async () => writeRunJson(results, directory, await digestsOf(results, directory))),
    },
    {
      name: 'compare.json',
      load: () => Promise.resolve(comparison ? compareJson : forget),
    },
  ];
  for (const { name, load } of [...chosen, ...always]) {
    try {
      await (
        await load()
      )(results, directory, outside);
    } catch (error) {
      const found = diagnosticsOf(name, error);
      if (found) diagnostics.push(...found);
      else bugs.push(error);
    }
  }
  if (chosen.some(({ name }) => name === 'json'))
    await removeStale(
      directory,
      results.suites.map((suite) => `${suite.suite}.json`),
    );
  emit(context, diagnostics);
  if (bugs.length > 0) throw bugs[0];
  return diagnostics.length === 0;
}

/** The comparison of an earlier run says nothing of this one. */
const forget: OutsideReporter = async (_results, directory) => {
  await removeComparison(directory);
  return [];
};

/** The digests of the results files that stand there: what they hold, or where an earlier run wrote them would have had to hold. */
async function digestsOf({ suites }: Results, directory: string): Promise<Record<string, string>> {
  const found: [suite: string, digest: string][] = [];
  for (const suite of suites)
    if (existsSync(path.join(directory, `${suite.suite}.json`)))
      found.push([suite.suite, await digestOfResults(suite)]);
  return Object.fromEntries(found);
}

/** An error of a user's module, or one of this machine (a full disk); undefined for one of ours. */
function diagnosticsOf(name: string, error: unknown): readonly Diagnostic[] | undefined {
  if (error instanceof DiagnosticError) return error.diagnostics;
  if (!(error instanceof Error && 'syscall' in error)) return undefined;
  return [
    {
      severity: 'error',
      code: 'report-not-written',
      message: `the report ${name} could not be written: ${error.message}`,
      help: 'the other reports are written; assay report makes this one again from the journal',
    },
  ];
}
