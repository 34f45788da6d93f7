import { readFile } from 'node:fs/promises';
import type { JsonValue } from '../lib/json.ts';
import { reveal, seal } from '../lib/redact.ts';
import { replaceFile } from '../lib/replace-file.ts';
import { writing } from '../lib/system-error.ts';
import type { Exchange } from '../gemini/request.ts';
import type { Case } from '../plan/case.ts';
import { digestedBody } from '../plan/fingerprint.ts';
import { readCassette, type CassetteFile, type Recording } from './cassette-file.ts';
import { cassetteMiss } from './cassette-miss.ts';
import { isStorable, type ReplayStore } from './replay-store.ts';

/** Recorded replies in a file that is committed: stable, sorted, without keys. */
export interface Cassette extends ReplayStore {
  /** Writes the file anew if anything came to it or fell out; tells how many recordings it holds. */
  readonly save: () => Promise<{ readonly held: number; readonly added: number; readonly dropped: number }>;
}

export interface CassetteOptions {
  /** `replay`: what it does not hold is a failed call; `record`: it is asked, and added. */
  readonly mode: 'record' | 'replay';
  /** On saving, drop what this run did not use of its own suites. */
  readonly prune?: boolean;
}

/** Opens a cassette; `shown` is its path for messages. In record mode the file need not be there yet. A DiagnosticError tells what is wrong with one. */
export async function openCassette(
  path: string,
  shown: string,
  { mode, prune = false }: CassetteOptions,
): Promise<Cassette> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && mode === 'record') return undefined;
    throw error;
  });
  const held = new Map<string, Recording>();
  for (const each of text === undefined ? [] : readCassette(reveal(text), { path: shown, absolute: path }))
    held.set(keyOf(each.suite, each.case), each);
  const byFingerprint = new Map<string, Recording>();
  for (const each of held.values())
    if (!byFingerprint.has(each.fingerprint)) byFingerprint.set(each.fingerprint, each);
  const used = new Set<Recording>();
  const asking = new Set<string>();
  let added = 0;

  const find = (asked: Case, trial: number): readonly Exchange[] | undefined => {
    asking.add(asked.suite.name);
    const own = held.get(keyOf(asked.suite.name, asked.id));
    // A case that was renamed finds its replies by what it asks.
    const found = own?.fingerprint === asked.fingerprint ? own : byFingerprint.get(asked.fingerprint);
    if (found) used.add(found);
    return found?.trials.find((each) => each.trial === trial)?.exchanges;
  };
  return {
    lookup: async (asked, trial) => {
      const exchanges = find(asked, trial);
      if (exchanges) return { exchanges, from: 'cassette' };
      if (mode === 'record') return undefined;
      const message = cassetteMiss(asked, trial, [...held.values()]);
      return { exchanges: [{ failure: { kind: 'unrecorded', message }, totalMs: 0 }], from: 'cassette' };
    },
    store: async (asked, record, results) => {
      if (mode === 'replay' || !isStorable(asked, results)) return;
      const key = keyOf(record.suite, record.case);
      const before = held.get(key);
      const others =
        before?.fingerprint === record.fingerprint
          ? before.trials.filter(({ trial }) => trial !== record.trial)
          : [];
      const recording: Recording = {
        suite: record.suite,
        case: record.case,
        fingerprint: record.fingerprint,
        method: asked.method,
        ...(asked.model === undefined ? {} : { model: asked.model }),
        request: digestedBody(asked.request.body) as JsonValue,
        trials: [...others, { trial: record.trial, exchanges: record.exchanges }].toSorted(
          (a, b) => a.trial - b.trial,
        ),
      };
      held.set(key, recording);
      used.add(recording);
      added++;
    },
    save: async () => {
      const all = [...held.values()];
      const kept = prune ? all.filter((each) => used.has(each) || !asking.has(each.suite)) : all;
      const dropped = all.length - kept.length;
      if (mode === 'record' && (added > 0 || dropped > 0 || text === undefined)) {
        const file: CassetteFile = { schema: 'assay/cassette/1', recordings: kept.toSorted(inOrder) };
        await writing(path, () => replaceFile(path, seal(`${JSON.stringify(file, null, 2)}\n`)));
      }
      return { held: kept.length, added, dropped };
    },
  };
}

function inOrder(a: Recording, b: Recording): number {
  const [left, right] = [keyOf(a.suite, a.case), keyOf(b.suite, b.case)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function keyOf(suite: string, id: string): string {
  return `${suite}\0${id}`;
}
