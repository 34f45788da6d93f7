import { addSecret } from '../lib/redact.ts';
import type { Context } from './context.ts';
import type { Suite } from '../suite/suite.ts';

/** Variables with an API key, used or not. */
const keys = ['GEMINI_API_KEY', 'GOOGLE_API_KEY'];

/** Hides the API keys of the environment from everything that is printed or written from now on. */
export function hideKeys(env: Context['env']): void {
  for (const name of keys) {
    const value = env[name]?.trim();
    if (value) addSecret(name, value);
  }
}

/** Hides the values of the environment variables that suites read; prompts contain them, and they may be secrets. */
export function hideEnv(suites: readonly Suite[], env: Context['env']): void {
  for (const name of new Set(suites.flatMap((suite) => suite.env))) {
    // A suite that names a key is refused, and a key is never brought back.
    if (keys.includes(name)) continue;
    const value = env[name];
    if (value !== undefined) addSecret(name, value, { reveal: true });
  }
}
