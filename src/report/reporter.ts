import type { Results } from '../judge/results.ts';

/** Makes its files from results alone. `directory` exists and is writable. Returns the paths it wrote. */
export type Reporter = (results: Results, directory: string) => Promise<string[]>;
