import { existsSync, realpathSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { textsToApprove } from '../compare/snapshots.ts';
import type { StoredCase, StoredSuite } from '../compare/stored.ts';
import type { JsonValue } from '../lib/json.ts';
import { writeWhole } from '../report/write.ts';
import { isInside, rootOf } from '../suite/root.ts';
import { mostSnapshotBytes, snapshotPath, snapshotsText, textsOf } from '../suite/snapshots.ts';
import { UsageError, type Context } from './context.ts';
import { count } from './validate.ts';

/** The approved texts of a suite as they are to be. */
interface NewTexts {
  readonly suite: string;
  /** As users are shown it. */
  readonly shown: string;
  readonly file: string;
  /** Absent where nothing is left. */
  readonly text?: string;
  /** What changes, in words. */
  readonly told: string;
}

/**
 * Works out what approving cases does to the approved texts beside their suites, and refuses what cannot be written.
 * Undefined where nothing changes.
 */
export async function newTextsOf(
  context: Context,
  suite: StoredSuite,
  selects: (each: StoredCase) => boolean,
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
  const shown = path.posix.join(path.posix.dirname(suite.path), snapshotPath(suite.suite));
  const file = path.resolve(context.cwd, shown);
  if (taken.size === 0 && !existsSync(file)) return undefined;
  refuseOutside(context, suite, file);
  const old = await readOld(file, shown);
  const kept = [...old].filter(([id]) => narrowed || present.has(id));
  const texts = new Map<string, readonly string[]>([...kept, ...taken]);
  const same = (id: string): boolean => JSON.stringify(old.get(id)) === JSON.stringify(texts.get(id));
  const written = [...texts.keys()].filter((id) => !same(id)).length;
  const removed = [...old.keys()].filter((id) => !texts.has(id)).length;
  if (written + removed === 0) return undefined;
  const text = snapshotsText(suite.suite, texts);
  if (Buffer.byteLength(text) > mostSnapshotBytes)
    throw new UsageError(
      'snapshots-too-large',
      `the approved texts of ${suite.suite} would have ${Buffer.byteLength(text)} bytes, at most ${mostSnapshotBytes} are read`,
      'approve the texts of fewer cases, or split the suite',
    );
  const told = [
    ...(written > 0 ? [`${count(written, 'case')} approved`] : []),
    ...(removed > 0 ? [`${count(removed, 'obsolete case')} removed`] : []),
  ].join(', ');
  return { suite: suite.suite, shown, file, told, ...(texts.size > 0 ? { text } : {}) };
}

/** Writes approved texts; resolves with what is said of it. */
export async function writeTexts({ file, shown, text, told }: NewTexts): Promise<string> {
  if (text === undefined) await rm(file);
  else {
    await mkdir(path.dirname(file), { recursive: true });
    await writeWhole(file, [text]);
  }
  return `${shown}: ${told}`;
}

/** A results file names its suite; nothing may be written outside the project on its word. */
function refuseOutside({ cwd }: Context, { suite, path: source }: StoredSuite, file: string): void {
  const suiteFile = path.resolve(cwd, source);
  if (!existsSync(suiteFile))
    throw new UsageError(
      'suite-gone',
      `the suite ${suite} is not at ${source}, so its approved texts have no place`,
      'run assay approve where assay run was run',
    );
  const root = rootOf(path.join(cwd, 'any.suite.yaml'), cwd);
  const folder = path.dirname(file);
  const real = existsSync(folder) ? realpathSync(folder) : realpathSync(path.dirname(folder));
  if (!isInside(root, real) || !isInside(root, realpathSync(suiteFile)))
    throw new UsageError(
      'outside-root',
      `the approved texts of ${suite} would stand outside the root, at ${source}`,
      'run assay approve in the project that holds the suite',
    );
}

async function readOld(file: string, shown: string): Promise<Map<string, string[]>> {
  if (!existsSync(file)) return new Map();
  let texts: Map<string, string[]> | undefined;
  try {
    texts = textsOf(JSON.parse(await readFile(file, 'utf8')) as JsonValue);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (texts) return texts;
  throw new UsageError(
    'bad-snapshots',
    `${shown} does not hold approved texts`,
    'assay validate shows what is wrong: bring it back from git, or remove it',
  );
}
