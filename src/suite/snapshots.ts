import { existsSync } from 'node:fs';
import path from 'node:path';
import type { SourceRange, Report, SourceFile } from '../diagnostics/diagnostic.ts';
import { isObject, type JsonValue } from '../lib/json.ts';
import { textBytes, type SuiteFiles } from './files.ts';

const format = 'assay/snapshots/1';
/** Approved texts of more bytes are not read: the bound of every text that a suite consists of. */
export const mostSnapshotBytes = textBytes;

/** The approved texts of one case, and the place of its id. */
interface Snapshot {
  readonly texts: readonly string[];
  readonly place: SourceRange;
}
/** The approved texts of a suite, by case id. */
export type Snapshots = ReadonlyMap<string, Snapshot>;

/** Where the approved texts of a suite live, beside its file: `snapshots/story.json`. */
export function snapshotPath(suite: string): string {
  return `snapshots/${suite}.json`;
}

/** Reads the approved texts of a suite, if there are any; what is wrong with them is reported. */
export async function readSnapshots(
  suite: string,
  file: SourceFile,
  files: SuiteFiles,
  report: Report,
): Promise<Snapshots | undefined> {
  const reference = snapshotPath(suite);
  if (suite === '' || !existsSync(path.resolve(path.dirname(file.absolute), reference))) return undefined;
  const place = { file, start: 0, end: 0 };
  const source = await files.source(reference, place);
  const node = source && (await files.value(reference, place));
  if (!source || node === undefined) return undefined;
  const found = textsOf(suite, node.value);
  if (found && 'other' in found) {
    report({
      severity: 'error',
      code: 'bad-snapshots',
      message: `these are the approved texts of ${JSON.stringify(found.other)}, not of ${JSON.stringify(suite)}`,
      place: node.at('suite').place,
      help: `if they are meant for this suite, name it here; else bring its own back from git, or remove the file and approve again`,
    });
    return undefined;
  }
  if (!found) {
    report({
      severity: 'error',
      code: 'bad-snapshots',
      message: `expected the approved texts of a suite (${format}): cases by id, each a list of texts as lines`,
      place: { file: source, start: 0, end: 1 },
      help: 'they are written by assay approve: bring them back from git, or remove the file and approve again',
    });
    return undefined;
  }
  return new Map([...found].map(([id, texts]) => [id, { texts, place: node.at('cases').at(id).keyPlace }]));
}

/** The approved texts of a suite as stored, by case id; the name of the suite whose they are, if that is another; undefined for another value. */
export function textsOf(
  suite: string,
  value: JsonValue,
): Map<string, string[]> | { readonly other: string } | undefined {
  if (!isObject(value) || value.schema !== format || !isObject(value.cases)) return undefined;
  if (typeof value.suite !== 'string') return undefined;
  if (value.suite !== suite) return { other: value.suite };
  const found = new Map<string, string[]>();
  for (const [id, texts] of Object.entries(value.cases)) {
    if (!Array.isArray(texts) || !texts.every(isLines)) return undefined;
    found.set(
      id,
      texts.map((lines) => lines.join('\n')),
    );
  }
  return found;
}

function isLines(value: JsonValue): value is string[] {
  return Array.isArray(value) && value.every((line) => typeof line === 'string');
}

/** Approved texts as they are stored: ids in order, texts as lines, so that a changed word is a changed line. */
export function snapshotsText(suite: string, texts: ReadonlyMap<string, readonly string[]>): string {
  const sorted = [...texts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  // A plain object would put ids that look like numbers first.
  const cases = sorted.map(([id, own]) => {
    const lines = JSON.stringify(
      own.map((text) => text.split('\n')),
      null,
      2,
    ).replaceAll('\n', '\n    ');
    return `    ${JSON.stringify(id)}: ${lines}`;
  });
  return `{\n  "schema": ${JSON.stringify(format)},\n  "suite": ${JSON.stringify(suite)},\n  "cases": {${cases.length > 0 ? `\n${cases.join(',\n')}\n  ` : ''}}\n}\n`;
}
