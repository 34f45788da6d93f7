import type { OutsideReporter } from './reporter.ts';

/** Reporters by the names of `--reporter`, each loaded when it is asked for. */
export const reporters: Readonly<Record<string, () => Promise<OutsideReporter>>> = {
  json: async () => (await import('./json.ts')).json,
  html: async () => (await import('./html/page.ts')).html,
  junit: async () => (await import('./junit.ts')).junit,
  ctrf: async () => (await import('./ctrf.ts')).ctrf,
  markdown: async () => (await import('./markdown/markdown.ts')).markdown,
  github: async () => (await import('./github/github.ts')).github,
};
