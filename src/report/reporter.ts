import type { Comparison } from '../compare/comparison.ts';
import type { Results } from '../judge/results.ts';

/** Makes its files from results alone. `directory` exists and is writable. Returns the paths it wrote. */
export type Reporter = (results: Results, directory: string) => Promise<string[]>;

/** What a reporter may touch beside its folder, and tell beside its results. */
interface Outside {
  /** The results beside approved ones, where a baseline was named. */
  readonly comparison?: Comparison;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: { readonly write: (text: string) => unknown };
}

/** A {@link Reporter} that tells of a run outside its folder too, or of its comparison. */
export type OutsideReporter = (results: Results, directory: string, outside: Outside) => Promise<string[]>;
