import { ctrf } from './ctrf.ts';
import { github } from './github/github.ts';
import { html } from './html/page.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown/markdown.ts';
import type { Reporter } from './reporter.ts';

interface Entry {
  /** What it writes into the reports folder, where suites have these names. */
  readonly files: (suites: readonly string[]) => readonly string[];
  readonly reporter: Reporter;
}

const entry = (reporter: Reporter, ...files: string[]): Entry => ({
  files: () => files,
  reporter,
});

/** Reporters by the names of `--reporter`. */
export const reporters: Readonly<Record<string, Entry>> = {
  json: { ...entry(json), files: (suites) => suites.map((suite) => `${suite}.json`) },
  html: entry(html, 'index.html'),
  junit: entry(junit, 'junit.xml'),
  ctrf: entry(ctrf, 'ctrf.json'),
  markdown: entry(markdown, 'summary.md'),
  github: entry(github),
};

/** Every file that the reports of these suites may consist of. */
export const reportFiles = (suites: readonly string[]): string[] => [
  'run.json',
  'compare.json',
  ...Object.values(reporters).flatMap(({ files }) => files(suites)),
];
