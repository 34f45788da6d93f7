import { copyFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ownValue } from '../lib/json.ts';
import { approvedSuite } from '../compare/approve.ts';
import { approvalsText, readApprovals } from '../compare/approved.ts';
import { compareResults } from '../compare/compare.ts';
import type { StoredFile } from '../compare/read.ts';
import { digestOfFile, readRunFacts, type RunFacts } from '../compare/run-facts.ts';
import { findStored, findStoredIfAny, refuseEmptied } from '../compare/sources.ts';
import { textsToApprove, withTextsApproved } from '../compare/snapshots.ts';
import { type CaseRecord, olderFormat } from '../judge/case-record.ts';
import type { StoredSuite } from '../compare/read.ts';
import type { Comparison } from '../compare/comparison.ts';
import { warningsOf, type Approval } from '../compare/warnings.ts';
import { lockFolder } from '../journal/lock.ts';
import { fits, isNarrowed } from '../plan/select.ts';
import { writeResults } from '../report/json.ts';
import { writeWhole } from '../report/write.ts';
import { goneTextsOf, newTextsOf, writeOf } from './approve-snapshots.ts';
import { type DiagnosticError, usageError } from '../diagnostics/diagnostic.ts';
import { writeAll, type Write } from './approve-write.ts';
import { emit, type Context } from './context.ts';
import { defaults, selectionOf, type SelectingOptions } from './options.ts';
import { plural } from '../lib/words.ts';

export interface ApproveOptions extends SelectingOptions {
  /** The folder of a complete run. */
  readonly reports?: string;
  /** The folder of the approved results. */
  readonly baseline?: string;
  /** Remove the approved results of suites that the run no longer has. */
  readonly prune?: boolean;
}

/** What an approval has changed. */
export interface Approved {
  /** The approved results as they were, and as they are now. */
  readonly comparison: Comparison;
  /** The suites that were approved, and those whose approved results were removed. */
  readonly suites: readonly string[];
  readonly removed: readonly string[];
  /** Files of approved texts beside their suites: what became of each, in words. */
  readonly texts: readonly { readonly file: string; readonly change: string }[];
}

interface Folders {
  readonly reports: string;
  readonly baseline: string;
  readonly prune: boolean;
}

/** Whether this is a build server, by the variable they all set. */
function inCi({ env }: Context): boolean {
  const value = env.CI?.toLowerCase();
  return value !== undefined && value !== '' && value !== 'false' && value !== '0';
}

/** What is approved is a person's word: a build server may not give it. */
function refuseInCi(context: Context): void {
  if (inCi(context))
    throw usageError(
      'approve-in-ci',
      '`approve` is disabled in CI (CI is set)',
      'run assay approve on your own machine, look at what it changes, and commit it',
    );
}

/** Results of an earlier version are compared, but not rewritten: they lack fields of the current format. */
function refuseOlder(
  taken: readonly StoredSuite[],
  before: readonly StoredSuite[],
  { reports, baseline }: Folders,
): void {
  const results = taken.find(({ schema }) => schema === olderFormat);
  if (results)
    throw usageError(
      'older-results',
      `the results of ${results.suite} in ${reports} were written by an earlier version of Assay`,
      'run the suites again, or make the results again from the journal with assay judge',
    );
  const kept = before.find(
    ({ schema, suite }) => schema === olderFormat && taken.some((each) => each.suite === suite),
  );
  if (kept)
    throw usageError(
      'older-results',
      `the results of ${kept.suite} in ${baseline} were written by an earlier version of Assay, and a part of them would stay`,
      'approve a whole run of the suite once, without options that narrow it',
    );
}

/** Makes the results of a complete run the baseline, and says what that changes. */
export async function approve(context: Context, options: ApproveOptions): Promise<Approved> {
  refuseInCi(context);
  const { reports: displayPath = defaults.reports, baseline = defaults.approved, prune = false } = options;
  const folders: Folders = { reports: displayPath, baseline, prune };
  const selection = selectionOf(options);
  const reports = path.resolve(context.cwd, folders.reports);
  if (reports === path.resolve(context.cwd, folders.baseline))
    throw usageError(
      'one-folder',
      `${folders.reports} cannot be both the results and the baseline`,
      'the next run writes over its reports: name another folder with --baseline DIR',
    );
  const run = await readRunFacts(reports, folders.reports);
  refuseUnfinished(run);
  const lock = await lockFolder(reports, folders.reports);
  try {
    const narrowed = isNarrowed(selection) || run.selection !== undefined;
    if (folders.prune && narrowed) throw pruneOfPart();
    return await take(context, folders, {
      run,
      narrowed,
      selects: (each) => fits(selection, each),
    });
  } finally {
    lock.release();
  }
}

interface Wanted {
  readonly run: RunFacts;
  /** Not all cases of the suites are approved: the others stay. */
  readonly narrowed: boolean;
  readonly selects: (each: CaseRecord) => boolean;
}

async function take(
  context: Context,
  folders: Folders,
  { run, narrowed, selects }: Wanted,
): Promise<Approved> {
  const reports = path.resolve(context.cwd, folders.reports);
  const folder = path.resolve(context.cwd, folders.baseline);
  const now = await findStored(reports, folders.reports);
  const before = await findStoredIfAny(folder, folders.baseline);
  const approvals = await readApprovals(folder, folders.baseline);
  await refuseEmptied(before, folder, folders.baseline, [
    ...approvals.keys(),
    ...now.map(({ suite }) => suite),
  ]);
  const taken = await selectedSuites(now, selects);
  await refuseOtherRun(run, taken, folders.reports);
  refuseOlder(taken, narrowed ? before : [], folders);
  const texts = [];
  for (const suite of taken) texts.push((await newTextsOf(context, suite, selects, narrowed)) ?? []);
  const comparison = await compareResults(
    { name: folders.baseline, suites: before },
    { name: folders.reports, suites: taken },
    {
      selects,
      goneSuites: folders.prune ? 'removed' : 'ignored',
      goneCases: narrowed ? 'ignored' : 'removed',
      oldAfterDays: Number.POSITIVE_INFINITY,
      now: Date.now(),
      headroomOf: 'after',
    },
  );
  // Approving puts these right.
  const doubts = comparison.warnings.filter(({ code }) => code !== 'no-baseline' && code !== 'older-results');
  emit(context, warningsOf({ ...comparison, warnings: doubts }));
  const gone = folders.prune ? before.filter(({ suite }) => !now.some((each) => each.suite === suite)) : [];
  for (const suite of gone) texts.push((await goneTextsOf(context, suite)) ?? []);
  const inBaseline = (name: string, write: Write['write']): Write => ({
    displayPath: path.posix.join(folders.baseline, name),
    file: path.join(folder, name),
    folder: {
      displayPath: folders.baseline,
      what: 'the baselines folder',
      help: 'name another with --baseline DIR',
    },
    write,
  });
  // Texts first: a baseline whose snapshots could not be written would pardon what the next run misses.
  const writes = texts.flat().map(writeOf);
  for (const suite of taken) {
    const old = before.find((each) => each.suite === suite.suite);
    const approved = await approvedSuite(old, suite, { selects, keepsGone: narrowed });
    const file = path.join(folder, `${suite.suite}.json`);
    writes.push(
      inBaseline(`${suite.suite}.json`, () =>
        narrowed || suite.rejudged ? writeResults(approved, file) : copyWhole(suite.file, file),
      ),
    );
    approvals.set(
      suite.suite,
      stamp(approvals.get(suite.suite), approved.models, narrowed && old !== undefined),
    );
  }
  for (const { suite, file } of gone) {
    writes.push(inBaseline(path.basename(file), () => rm(file)));
    approvals.delete(suite);
  }
  writes.push(
    inBaseline('approved.json', () =>
      writeWhole(path.join(folder, 'approved.json'), [approvalsText(approvals)]),
    ),
  );
  await writeAll(writes);
  return {
    comparison,
    suites: taken.map(({ suite }) => suite),
    removed: gone.map(({ suite }) => suite),
    texts: texts.flat().map(({ displayPath, change }) => ({ file: displayPath, change })),
  };
}

/** The very bytes of the results: a reader of the baseline sees what the run wrote. */
async function copyWhole(from: string, to: string): Promise<void> {
  await copyFile(from, `${to}.part`);
  await rename(`${to}.part`, to);
}

/** A suite with a case that is approved, judged as the next run will judge it. */
interface Taken extends StoredFile {
  /** Snapshot assertions pass by this approval, so these results differ from those of the run. */
  readonly rejudged: boolean;
}

/** The suites with a case that is approved. Refuses, with their ids, cases that errored or were not run. */
async function selectedSuites(
  suites: readonly StoredFile[],
  selects: (each: CaseRecord) => boolean,
): Promise<Taken[]> {
  const taken: Taken[] = [];
  const errored: string[] = [];
  for (const suite of suites) {
    let selected = 0;
    let rejudged = false;
    for await (const each of suite.cases()) {
      if (!selects(each)) continue;
      selected++;
      rejudged ||= (textsToApprove(each)?.length ?? 0) > 0;
      if (each.verdict === 'errored') errored.push(`${suite.suite}: ${each.id}`);
    }
    async function* cases(): AsyncGenerator<CaseRecord> {
      for await (const each of suite.cases()) yield selects(each) ? withTextsApproved(each) : each;
    }
    if (selected > 0) taken.push(rejudged ? { ...suite, cases, rejudged } : { ...suite, rejudged });
  }
  if (errored.length > 0)
    throw incomplete(
      `${plural(errored.length, 'case')} errored: ${[...errored.slice(0, 3), ...(errored.length > 3 ? [`+${errored.length - 3} more`] : [])].join('; ')}`,
    );
  if (taken.length === 0)
    throw usageError(
      'empty-selection',
      'no case of the results matches the options',
      'leave the options out to approve all cases',
    );
  return taken;
}

/** run.json says that a run came to its end: of results that another run wrote it says nothing. */
async function refuseOtherRun(
  { results }: RunFacts,
  taken: readonly Taken[],
  displayPath: string,
): Promise<void> {
  for (const { suite, file } of results ? taken : [])
    if (ownValue(results ?? {}, suite) !== (await digestOfFile(file)))
      throw usageError(
        'other-run',
        `${path.posix.join(displayPath, path.basename(file))} was not written by the run of ${path.posix.join(displayPath, 'run.json')}`,
        'make the reports of that run again (assay report, assay judge), or run again',
      );
}

function refuseUnfinished({ ended, message, judged }: RunFacts): void {
  if (judged && judged.lacking > 0)
    throw incomplete(
      `${plural(judged.lacking, 'case')} had no reply, or too few, when they were judged again`,
    );
  if (ended !== 'done')
    throw incomplete(`it ended early (${ended})${message === undefined ? '' : `: ${message}`}`);
}

function incomplete(why: string): DiagnosticError {
  return usageError(
    'incomplete-run',
    `the run is incomplete, and nothing was approved: ${why}`,
    'complete it (assay run --resume), or approve only cases that were judged (such as --filter)',
  );
}

function pruneOfPart(): DiagnosticError {
  return usageError(
    'prune-of-part',
    '--prune needs the results of a whole run, and these are a part',
    'run all suites without narrowing options, and approve with --prune then',
  );
}

/** When a suite is approved in part, the rest of it grows older all the same. */
function stamp(old: Approval | undefined, models: readonly string[], partly: boolean): Approval {
  const at = new Date().toISOString();
  return partly && old ? { approvedAt: old.approvedAt, partlyAt: at, models } : { approvedAt: at, models };
}
