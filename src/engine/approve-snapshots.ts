import { existsSync, realpathSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { textsToApprove } from '../compare/snapshots.ts';
import type { CaseRecord } from '../judge/case-record.ts';
import type { StoredSuite } from '../compare/read.ts';
import type { JsonValue } from '../lib/json.ts';
import { isSystemError } from '../lib/system-error.ts';
import { writeWhole } from '../report/write.ts';
import { isInside, rootOf } from '../suite/root.ts';
import { mostSnapshotBytes, snapshotPath, snapshotsText, textsOf } from '../suite/snapshots.ts';
import type { Write } from './approve-write.ts';
import { type DiagnosticError, usageError } from '../diagnostics/diagnostic.ts';
import type { Context } from './context.ts';
import { plural } from '../lib/words.ts';

/** The approved texts of a suite as they are to be. */
interface NewTexts {
  readonly suite: string;
  /** The path as messages show it. */
  readonly displayPath: string;
  readonly file: string;
  /** Absent where nothing is left. */
  readonly text?: string;
  /** What changes, in words. */
  readonly change: string;
}

/**
 * Works out what approving cases does to the approved texts beside their suites, and refuses what cannot be written.
 * Undefined where nothing changes.
 */
export async function newTextsOf(
  context: Context,
  suite: StoredSuite,
  selects: (each: CaseRecord) => boolean,
  narrowed: boolean,
): Promise<NewTexts | undefined> {
  const taken = new Map<string, readonly string[]>();
  const present = new Set<string>();
  for await (const each of suite.cases()) {
    const texts = textsToApprove(each);
    // A case that was skipped keeps what was approved.
    if (texts || each.verdict === 'skipped') present.add(each.id);
    if (texts && texts.length > 0 && selects(each)) taken.set(each.id, texts);
  }
  const { displayPath, file } = placeOf(context, suite);
  if (taken.size === 0 && !existsSync(file)) return undefined;
  refuseGone(context, suite);
  refuseOutside(context, suite, file);
  const old = await readOld(suite.suite, file, displayPath);
  const kept = [...old].filter(([id]) => narrowed || present.has(id));
  const texts = new Map<string, readonly string[]>([...kept, ...taken]);
  const same = (id: string): boolean => JSON.stringify(old.get(id)) === JSON.stringify(texts.get(id));
  const written = [...texts.keys()].filter((id) => !same(id)).length;
  const removed = [...old.keys()].filter((id) => !texts.has(id)).length;
  if (written + removed === 0) return undefined;
  const text = snapshotsText(suite.suite, texts);
  if (Buffer.byteLength(text) > mostSnapshotBytes)
    throw usageError(
      'snapshots-too-large',
      `the approved texts of ${suite.suite} would have ${Buffer.byteLength(text)} bytes, at most ${mostSnapshotBytes} are read`,
      'approve the texts of fewer cases, or split the suite',
    );
  const change = [
    ...(written > 0 ? [`${plural(written, 'case')} approved`] : []),
    ...(removed > 0 ? [`${plural(removed, 'obsolete case')} removed`] : []),
  ].join(', ');
  return { suite: suite.suite, displayPath, file, change, ...(texts.size > 0 ? { text } : {}) };
}

/** The removal of the approved texts of a suite that is gone; undefined where there are none. */
export async function goneTextsOf(context: Context, suite: StoredSuite): Promise<NewTexts | undefined> {
  const { displayPath, file } = placeOf(context, suite);
  // A suite that was only not run this time still wants them.
  if (!existsSync(file) || existsSync(path.resolve(context.cwd, suite.path))) return undefined;
  refuseOutside(context, suite, file);
  await readOld(suite.suite, file, displayPath);
  return { suite: suite.suite, displayPath, file, change: 'removed' };
}

function placeOf(
  { cwd }: Context,
  { suite, path: source }: StoredSuite,
): { displayPath: string; file: string } {
  const displayPath = path.posix.join(path.posix.dirname(source), snapshotPath(suite));
  return { displayPath, file: path.resolve(cwd, displayPath) };
}

/** What is to be done to the file of approved texts. */
export function writeOf({ displayPath, file, text }: NewTexts): Write {
  return {
    displayPath,
    file,
    folder: {
      displayPath: path.posix.dirname(displayPath),
      what: 'the folder of approved texts',
      help: 'they live beside their suite: make it one that this user may write to',
    },
    write: () => (text === undefined ? rm(file) : writeWhole(file, [text])),
  };
}

function refuseGone({ cwd }: Context, { suite, path: source }: StoredSuite): void {
  if (existsSync(path.resolve(cwd, source))) return;
  throw usageError(
    'suite-gone',
    `the suite ${suite} is not at ${source}, so its approved texts have no place`,
    'run assay approve where assay run was run',
  );
}

/** A results file names its suite; nothing may be written outside the project on its word. */
function refuseOutside({ cwd }: Context, { suite, path: source }: StoredSuite, file: string): void {
  const suiteFile = path.resolve(cwd, source);
  const root = rootOf(path.join(cwd, 'any.suite.yaml'), cwd);
  const folder = path.dirname(file);
  const real = existsSync(folder) ? realpathSync(folder) : realpathSync(path.dirname(folder));
  const realSuite = existsSync(suiteFile) ? realpathSync(suiteFile) : real;
  if (!isInside(root, real) || !isInside(root, realSuite))
    throw usageError(
      'outside-root',
      `the approved texts of ${suite} would be outside the root, at ${source}`,
      'run assay approve in the project that holds the suite',
    );
}

async function readOld(suite: string, file: string, displayPath: string): Promise<Map<string, string[]>> {
  if (!existsSync(file)) return new Map();
  let found: ReturnType<typeof textsOf>;
  try {
    found = textsOf(suite, JSON.parse(await readFile(file, 'utf8')) as JsonValue);
  } catch (error) {
    if (isSystemError(error)) throw badSnapshots(`${displayPath} cannot be read (${error.code})`);
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (found instanceof Map) return found;
  throw badSnapshots(
    found === undefined
      ? `${displayPath} does not hold approved texts`
      : `${displayPath} holds the approved texts of ${JSON.stringify(found.other)}, not of ${JSON.stringify(suite)}`,
  );
}

function badSnapshots(message: string): DiagnosticError {
  return usageError(
    'bad-snapshots',
    message,
    'assay validate shows what is wrong: bring it back from git, or remove it',
  );
}
