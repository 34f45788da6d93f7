/**
 * The one place that knows what must not be seen: every door by which text leaves (terminal, journal, cassettes, cache,
 * reports) passes it through {@link redact}. Values are kept for the life of the process.
 */

interface Form {
  readonly text: string;
  readonly shown: string;
}

/** Shorter values would shred reports: they occur in ordinary words. */
const shortest = 8;

let forms: Form[] = [];
let pattern: RegExp | undefined;
const byText = new Map<string, string>();
const revealable = new Map<string, string>();

/**
 * Hides a value from now on: as it is, as JSON, HTML and URLs write it, and inside base64. It is shown as
 * `[redacted:NAME]`, or with `reveal` as `[env:NAME]`, which {@link revealEnv} turns back. Values of under eight
 * characters are not hidden; true if this one is.
 */
export function hide(name: string, value: string, { reveal = false } = {}): boolean {
  if (value.length < shortest) return false;
  const gone = `[redacted:${name}]`;
  const plain = reveal ? `[env:${name}]` : gone;
  const add = (text: string, shown: string): void => {
    if (text.length < shortest || byText.has(text)) return;
    byText.set(text, shown);
    forms.push({ text, shown });
  };
  add(value, plain);
  add(inJson(value), plain);
  add(
    value.replace(/[<>&"']/g, (c) => entities[c] ?? c),
    plain,
  );
  add(
    value.replace(/[<>&"']/g, (c) => (c === "'" ? '&apos;' : (entities[c] ?? c))),
    plain,
  );
  // A report holds a long value line by line.
  for (const line of value.split(/\r?\n/)) add(line, gone);
  add(encodeURIComponent(value), gone);
  for (const core of base64Cores(value)) add(core, gone);
  if (reveal) revealable.set(plain, inJson(value));
  forms = forms.toSorted((a, b) => b.text.length - a.text.length);
  pattern = new RegExp(
    forms.map(({ text }) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|'),
    'g',
  );
  return true;
}

/** The text without what must not be seen. */
export function redact(text: string): string {
  if (!pattern || !forms.some((form) => text.includes(form.text))) return text;
  return text.replace(pattern, (found) => byText.get(found) ?? found);
}

/** JSON text in which hidden environment values stand again, to be judged as they were answered. */
export function revealEnv(json: string): string {
  if (revealable.size === 0 || !json.includes('[env:')) return json;
  let text = json;
  for (const [shown, value] of revealable) text = text.replaceAll(shown, () => value);
  return text;
}

/** Credentials in the headers that a text may quote (an echoing proxy's page, debug output). */
export function redactHeaders(text: string): string {
  return redact(text).replace(
    /\b(authorization|proxy-authorization|x-goog-api-key)(["']?\s*[:=]\s*["']?)(?:(?:bearer|basic)\s+)?[^\s"'<>,]+/gi,
    '$1$2[redacted]',
  );
}

/** Forgets everything: for tests. */
export function forgetHidden(): void {
  forms = [];
  pattern = undefined;
  byText.clear();
  revealable.clear();
}

const entities: Record<string, string> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
};

function inJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** What base64 makes of a value wherever it begins in a group of three bytes, without the characters its neighbours share. */
function base64Cores(value: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]);
    const whole = Math.floor((bytes.length * 8) / 6);
    const core = bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), whole);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
