import type { Results } from '../judge/results.ts';

/** Makes its files from results alone. `directory` exists and is writable. Returns the paths it wrote. */
export type Reporter = (results: Results, directory: string) => Promise<string[]>;

/** What a reporter to elsewhere than its folder may touch. */
interface Outside {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: { readonly write: (text: string) => unknown };
}

/** A {@link Reporter} that tells of a run outside its folder too. */
export type OutsideReporter = (results: Results, directory: string, outside: Outside) => Promise<string[]>;
