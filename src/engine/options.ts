import { bareModel } from '../gemini/paths.ts';
import type { Selection } from '../plan/case.ts';

export { bareModel, isModelName } from '../gemini/paths.ts';
export { suiteSchema } from '../suite/schema.ts';

/** What selects cases: one entry of each list must match. */
export type SelectingOptions = Selection;

/** More machines than any run has. */
export const mostShards = 1000;

/** What is used where an option is left out. */
export const defaults = {
  paths: ['suites'],
  reports: 'reports',
  approved: 'baselines',
  reporters: ['json', 'html', 'junit'],
  concurrency: 8,
  retries: 5,
  /** Of an attempt of a run, in ms. */
  timeout: 120_000,
  /** Of a call that only asks about models or tokens, in ms. */
  shortTimeout: 30_000,
  /** Days after which approved results are old. */
  oldAfterDays: 90,
} as const;

/** The paths that were given; the usual ones where none were. */
export function pathsOf({ paths = [] }: { readonly paths?: readonly string[] }): readonly string[] {
  return paths.length > 0 ? paths : defaults.paths;
}

/** The selection that options ask for. */
export function selectionOf(options: SelectingOptions): Selection {
  const { filter, tag, test, prompt, config, model } = options;
  return {
    ...(filter ? { filter } : {}),
    ...(tag ? { tag } : {}),
    ...(test ? { test } : {}),
    ...(prompt ? { prompt } : {}),
    ...(config ? { config } : {}),
    ...(model ? { model: model.map(bareModel) } : {}),
  };
}
