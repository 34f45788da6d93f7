import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { assay, builtCli, inFolder, type Ended } from './assay.ts';

/** A user's folder with helpers for tests. */
export interface Project {
  readonly folder: string;
  readonly write: (name: string, text: string) => void;
  readonly read: (name: string) => string;
  readonly assay: (args: string | readonly string[], env?: NodeJS.ProcessEnv) => Promise<Ended>;
  /** The same in a process of its own. */
  readonly spawned: (args: string | readonly string[], env?: NodeJS.ProcessEnv) => Promise<Ended>;
  readonly results: (suite: string, reports?: string) => StoredResults;
}

/** What tests read of a results file. */
interface StoredResults {
  readonly summary: Record<string, number>;
  readonly cases: {
    readonly id: string;
    readonly verdict: string;
    readonly model?: string;
    readonly request?: { readonly role?: string; readonly text?: string[] }[];
    readonly trials: {
      readonly verdict: string;
      readonly outcome: string;
      readonly error?: { readonly message: string; readonly transport?: string };
      readonly candidates: { readonly text: string[] }[];
    }[];
  }[];
}

/** Gives a test a folder of its own with these files. */
export function project<T>(files: Record<string, string>, use: (project: Project) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    const write = (name: string, text: string): void => {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    };
    for (const [name, text] of Object.entries(files)) write(name, text);
    const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
    const words = (args: string | readonly string[]): readonly string[] =>
      typeof args === 'string' ? args.split(' ') : args;
    return use({
      folder,
      write,
      read,
      assay: (args, env = {}) => assay(words(args), { cwd: folder, env }),
      spawned: (args, env = {}) => assay(words(args), { cwd: folder, env, cli: builtCli }),
      results: (suite, reports = 'reports') => JSON.parse(read(`${reports}/${suite}.json`)) as StoredResults,
    });
  });
}
