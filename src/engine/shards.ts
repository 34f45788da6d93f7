import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { readJournal, type Journal } from '../journal/reader.ts';
import type { ResumeRecord, RunRecord, ShardRecord } from '../journal/record.ts';
import { canonicalJson } from '../lib/canonical.ts';
import type { Context } from './context.ts';
import { findJournal } from './find-journal.ts';

/** The journal of one shard. */
export interface ShardJournal extends Journal {
  /** As the user named it. */
  readonly displayPath: string;
  readonly journal: string;
  /** How the run went on the last time. */
  readonly last: RunRecord | ResumeRecord;
  readonly shard: ShardRecord;
}

/**
 * Reads the journals of shards, in their order. Throws a DiagnosticError with all reasons why they are not one whole run.
 */
export async function readShards(context: Context, given: readonly string[]): Promise<ShardJournal[]> {
  const parts: ShardJournal[] = [];
  const errors: Diagnostic[] = [];
  for (const displayPath of given) {
    const { file: journal } = await findJournal(context, displayPath);
    const read = await readJournal(journal);
    const last = read.resumed ?? read.run;
    if (last.shard) parts.push({ ...read, displayPath, journal, last, shard: last.shard });
    else
      errors.push(shardError('no-shard', `${displayPath} is not a shard: its run had no --shard`, shardHelp));
  }
  const [first] = parts;
  if (first) errors.push(...foreign(first, parts), ...incomplete(first.shard.count, parts));
  if (errors.length > 0) throw new DiagnosticError(errors);
  return parts.toSorted((a, b) => a.shard.index - b.shard.index);
}

/** Shards that belong to another run than the first. */
function foreign(first: ShardJournal, parts: readonly ShardJournal[]): Diagnostic[] {
  return parts.slice(1).flatMap((part) => {
    const other = difference(first, part);
    return other === undefined
      ? []
      : [
          shardError(
            'foreign-shard',
            `${part.displayPath} is a shard of another run than ${first.displayPath}: ${other}`,
            'run every shard from the same commit with the same options and variables',
          ),
        ];
  });
}

function difference(first: ShardJournal, part: ShardJournal): string | undefined {
  const [one, other] = [first.last, part.last];
  if (part.shard.count !== first.shard.count)
    return `it is shard ${nameOf(part)}, and not one of ${first.shard.count}`;
  const suites = suiteDifference(one, other);
  if (suites !== undefined) return suites;
  if (essence(one) !== essence(other)) return 'its options select or change other cases';
  if (canonicalJson(one.paths) !== canonicalJson(other.paths))
    return `it has the suites of ${other.paths.join(', ')}`;
  if (one.emulator !== other.emulator) return 'one used the emulator, the other did not';
  if (part.shard.plan !== first.shard.plan)
    return 'its plan differs (a variable of the environment, or the version of Assay)';
  return undefined;
}

/** What the options selected and changed, without the folders of earlier results. */
function essence({ options }: ShardJournal['last']): string {
  const { lastFailed: _, changed: __, ...selection } = options.selection;
  return canonicalJson({ ...options, selection });
}

function suiteDifference(one: ShardJournal['last'], other: ShardJournal['last']): string | undefined {
  const digests = new Map(one.suites.map(({ name, digest }) => [name, digest]));
  const more = other.suites.find(({ name }) => !digests.has(name));
  if (more) return `it has a suite ${more.name}`;
  const names = new Set(other.suites.map(({ name }) => name));
  const less = one.suites.find(({ name }) => !names.has(name));
  if (less) return `it has no suite ${less.name}`;
  const changed = other.suites.find(({ name, digest }) => digests.get(name) !== digest);
  return changed && `the suite ${changed.name} (${changed.path}) was different`;
}

/** Duplicate and missing shards. */
function incomplete(count: number, parts: readonly ShardJournal[]): Diagnostic[] {
  const ofCount = parts.filter(({ shard }) => shard.count === count);
  const errors: Diagnostic[] = [];
  const missing: string[] = [];
  for (let index = 1; index <= count; index++) {
    const [one, other] = ofCount.filter(({ shard }) => shard.index === index);
    if (!one) missing.push(`${index}/${count}`);
    if (one && other)
      errors.push(
        shardError(
          'shard-twice',
          `${one.displayPath} and ${other.displayPath} are both shard ${nameOf(one)}`,
          'leave one of them out',
        ),
      );
  }
  if (missing.length > 0)
    errors.push(
      shardError(
        'missing-shard',
        `${missing.length === 1 ? 'a shard is' : `${missing.length} shards are`} missing: ${listed(missing)}`,
        'name the folders of all shards; an empty shard has a folder too',
      ),
    );
  return errors;
}

const listed = (names: readonly string[]): string =>
  names.length > 10 ? `${names.slice(0, 10).join(', ')} (+${names.length - 10} more)` : names.join(', ');

const nameOf = ({ shard: { index, count } }: Pick<ShardJournal, 'shard'>): string => `${index}/${count}`;

const shardHelp = 'name folders of runs with --shard I/N; a complete run needs no merge';

function shardError(code: string, message: string, help: string): Diagnostic {
  return { severity: 'error', code, message, help };
}
