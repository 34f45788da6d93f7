import { readFile } from 'node:fs/promises';
import type { JsonValue } from '../lib/json.ts';
import { restore, redactJson } from '../lib/redact.ts';
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
  /** Writes the file if it changed. `total` counts its recordings. */
  readonly save: () => Promise<{ readonly total: number; readonly added: number; readonly dropped: number }>;
}

export interface CassetteOptions {
  /** `replay`: a missing reply is a failed call; `record`: the call is made, and its reply added. */
  readonly mode: 'record' | 'replay';
  /** On saving, drop what this run did not use of its own suites. */
  readonly prune?: boolean;
}

/** Opens a cassette. In record mode the file may be missing. Throws a DiagnosticError where it is invalid. */
export async function openCassette(
  path: string,
  displayPath: string,
  { mode, prune = false }: CassetteOptions,
): Promise<Cassette> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && mode === 'record') return undefined;
    throw error;
  });
  const recordings = new Map<string, Recording>();
  for (const each of text === undefined
    ? []
    : readCassette(restore(text), { path: displayPath, absolute: path }))
    recordings.set(keyOf(each.suite, each.case), each);
  const byFingerprint = new Map<string, Recording>();
  for (const each of recordings.values())
    if (!byFingerprint.has(each.fingerprint)) byFingerprint.set(each.fingerprint, each);
  const used = new Set<Recording>();
  const suites = new Set<string>();
  let added = 0;

  const find = (testCase: Case, trial: number): readonly Exchange[] | undefined => {
    suites.add(testCase.suite.name);
    const own = recordings.get(keyOf(testCase.suite.name, testCase.id));
    // A case that was renamed finds its replies by what it asks.
    const found = own?.fingerprint === testCase.fingerprint ? own : byFingerprint.get(testCase.fingerprint);
    if (found) used.add(found);
    return found?.trials.find((each) => each.trial === trial)?.exchanges;
  };
  return {
    lookup: async (testCase, trial) => {
      const exchanges = find(testCase, trial);
      if (exchanges) return { exchanges, from: 'cassette' };
      if (mode === 'record') return undefined;
      const message = cassetteMiss(testCase, trial, [...recordings.values()]);
      return { exchanges: [{ failure: { kind: 'unrecorded', message }, totalMs: 0 }], from: 'cassette' };
    },
    store: async (testCase, record, results) => {
      if (mode === 'replay' || !isStorable(testCase, results)) return;
      const key = keyOf(record.suite, record.case);
      const before = recordings.get(key);
      const others =
        before?.fingerprint === record.fingerprint
          ? before.trials.filter(({ trial }) => trial !== record.trial)
          : [];
      const recording: Recording = {
        suite: record.suite,
        case: record.case,
        fingerprint: record.fingerprint,
        method: testCase.method,
        ...(testCase.model === undefined ? {} : { model: testCase.model }),
        request: digestedBody(testCase.request.body) as JsonValue,
        trials: [...others, { trial: record.trial, exchanges: record.exchanges }].toSorted(
          (a, b) => a.trial - b.trial,
        ),
      };
      recordings.set(key, recording);
      used.add(recording);
      added++;
    },
    save: async () => {
      const all = [...recordings.values()];
      const kept = prune ? all.filter((each) => used.has(each) || !suites.has(each.suite)) : all;
      const dropped = all.length - kept.length;
      if (mode === 'record' && (added > 0 || dropped > 0 || text === undefined)) {
        const file: CassetteFile = { schema: 'assay/cassette/1', recordings: kept.toSorted(inOrder) };
        await writing(path, () => replaceFile(path, redactJson(`${JSON.stringify(file, null, 2)}\n`)));
      }
      return { total: kept.length, added, dropped };
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
