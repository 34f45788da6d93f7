import { ctrf } from './ctrf.ts';
import { github } from './github/github.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown/markdown.ts';
import type { OutsideReporter } from './reporter.ts';

const loaded = (reporter: OutsideReporter) => () => Promise.resolve(reporter);

/** Reporters by the names of `--reporter`; the page is loaded when it is asked for. */
export const reporters: Readonly<Record<string, () => Promise<OutsideReporter>>> = {
  json: loaded(json),
  html: async () => (await import('./html/page.ts')).html,
  junit: loaded(junit),
  ctrf: loaded(ctrf),
  markdown: loaded(markdown),
  github: loaded(github),
};
