import type { Reporter } from './reporter.ts';

/** Reporters by the names of `--reporter`, each loaded when it is asked for. */
export const reporters: Readonly<Record<string, () => Promise<Reporter>>> = {
  json: async () => (await import('./json.ts')).json,
  html: async () => (await import('./html/page.ts')).html,
  junit: async () => (await import('./junit.ts')).junit,
};
