import type { Comparison } from '../compare/comparison.ts';
import { type Diagnostic, DiagnosticError, usageError } from '../diagnostics/diagnostic.ts';
import type { JudgedCase, Results } from '../judge/results.ts';
import { ownValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { compareJson } from '../report/compare/json.ts';
import { inGitHubActions } from '../report/github/command.ts';
import { digestResults } from '../report/json.ts';
import { collectFailures } from '../report/known.ts';
import { isModulePath, loadModule } from '../report/module/load.ts';
import { pushCases, type Running } from '../report/push.ts';
import { reporters } from '../report/registry.ts';
import type { Reporter, ReportInput } from '../report/reporter.ts';
import { runJson } from '../report/run-json.ts';
import { emit, type Context } from './context.ts';
import { isSystemError } from '../lib/system-error.ts';

/** A chosen reporter, by its name or the path of its module. */
export interface Chosen {
  readonly name: string;
  readonly reporter: Reporter;
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
      chosen.push({ name, reporter });
      continue;
    }
    const found = ownValue(reporters, name);
    if (!found) throw unknown(name);
    chosen.push({ name, reporter: found.reporter });
  }
  return chosen;
}

const known = (): string => `${Object.keys(reporters).join(', ')}, or the path of a module (./mine.mjs)`;

function unknown(name: string): DiagnosticError {
  const near = nearest(name, Object.keys(reporters));
  const help = near === undefined ? `there are ${known()}` : `did you mean ${JSON.stringify(near)}?`;
  return usageError('unknown-reporter', `unknown reporter ${JSON.stringify(name)}`, help);
}

/** What was written. */
export interface Written {
  /** False if a report could not be written. */
  readonly complete: boolean;
  /** The first cases that failed or errored and are not known failures. */
  readonly failures: readonly JudgedCase[];
}

/**
 * Writes the chosen reports, run.json, and where there is a comparison compare.json, in one pass over the cases. One that
 * cannot be written is reported, and keeps no other from being written. Files of suites that are gone are removed.
 */
export async function writeReports(
  context: Pick<Context, 'env' | 'on'>,
  results: Results,
  directory: string,
  chosen: readonly Chosen[],
  comparison?: Comparison,
): Promise<Written> {
  const diagnostics: Diagnostic[] = [];
  const bugs: unknown[] = [];
  const failures = collectFailures();
  const out = { write: (text: string) => context.on({ type: 'output', text }) };
  const input: ReportInput = {
    results,
    directory,
    digests: new Map(),
    env: context.env,
    out,
    ...(comparison ? { comparison } : {}),
  };
  const running = ({ name, reporter }: Chosen): Running => ({
    begin: async () => reporter(input),
    onError: (error) => {
      const found = diagnosticsOf(name, error);
      if (found) diagnostics.push(...found);
      else bugs.push(error);
    },
  });
  await pushCases(
    results,
    [
      ...chosen,
      ...(chosen.some(({ name }) => name === 'json') ? [] : [always('the digests', digestResults)]),
      always('failures', failures.reporter),
      always('compare.json', compareJson),
      always('run.json', runJson),
    ].map(running),
  );
  emit(context, diagnostics);
  if (bugs.length > 0) throw bugs[0];
  return { complete: diagnostics.length === 0, failures: failures.first };
}

const always = (name: string, reporter: Reporter): Chosen => ({
  name,
  reporter,
});

/** An error of a user's module, or one of this machine (a full disk); undefined for one of ours. */
function diagnosticsOf(name: string, error: unknown): readonly Diagnostic[] | undefined {
  if (error instanceof DiagnosticError) return error.diagnostics;
  if (!isSystemError(error)) return undefined;
  return [
    {
      severity: 'error',
      code: 'report-not-written',
      message: `the report ${name} could not be written: ${error.message}`,
      help: 'the other reports are written; assay report makes this one again from the journal',
    },
  ];
}
