import type { SourceRange, Report } from '../diagnostics/diagnostic.ts';
import { Media } from '../gemini/media.ts';
import { canonicalJson } from '../lib/canonical.ts';
import type { JsonValue } from '../lib/json.ts';
import type { NamedConfig, NamedPrompt, Suite, Test } from './suite.ts';

/** Warns of two configs, or two prompts, of a test that send the same. */
export function checkEqual(suite: Suite, report: Report): void {
  warnAboutEqual('config', suite.configs, suite, (config) => keyOfConfig(config, suite), report);
  warnAboutEqual('prompt', suite.prompts, suite, keyOfPrompt, report);
}

function warnAboutEqual<T extends NamedConfig | NamedPrompt>(
  what: 'config' | 'prompt',
  all: readonly T[],
  { tests }: Suite,
  keyOf: (each: T) => string,
  report: Report,
): void {
  const first = new Map<string, T>();
  for (const each of all) {
    const key = keyOf(each);
    const other = first.get(key);
    if (!other) first.set(key, each);
    else if (tests.some((test) => chooses(test, what, each.name) && chooses(test, what, other.name)))
      reportEqual(what, each.name, other.name, each.place, report);
  }
}

function chooses({ prompts, configs }: Test, what: 'config' | 'prompt', name: string): boolean {
  const chosen = what === 'prompt' ? prompts : configs;
  return chosen === undefined || chosen.some(({ value }) => value === name);
}

/** What a config sends, as written: two that only come to the same by their templates are not found. */
function keyOfConfig({ fields, method, model, extra }: NamedConfig, suite: Suite): string {
  const all: Record<string, JsonValue> = { ...suite.defaults.value };
  // Maps are not merged with the defaults here, so some equal configs are not found.
  for (const [field, value] of Object.entries(fields.value)) {
    if (value === null) delete all[field];
    else all[field] = value;
  }
  return canonicalJson({
    fields: all,
    method: method ?? suite.method ?? 'generateContent',
    model: model?.value ?? (suite.models ? null : (suite.model?.value ?? null)),
    extra: extra?.value ?? {},
  });
}

function keyOfPrompt({ parts, turns }: NamedPrompt): string {
  return JSON.stringify({ parts, turns }, (key, value: unknown) =>
    key === 'place' || key === 'source' ? undefined : value instanceof Media ? value.digest : value,
  );
}

function reportEqual(what: string, name: string, other: string, place: SourceRange, report: Report): void {
  report({
    severity: 'warning',
    code: `equal-${what}s`,
    message: `the ${what} ${JSON.stringify(name)} sends the same as ${JSON.stringify(other)}`,
    place,
    help: `change or remove one; to send a request several times, use repeats`,
  });
}
