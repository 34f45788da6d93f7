import { findEscaped, seek, type Sought } from './escaped.ts';
import { quotePattern } from './quote-pattern.ts';
import { scoped } from './scope.ts';

/**
 * The one place that knows what must not be seen: whatever text leaves by (terminal, journal, cassettes, cache, reports)
 * passes it through {@link redact} or {@link seal}. Each session hides values of its own.
 */

interface Form {
  readonly text: string;
  /** What people see in its place. */
  readonly shown: string;
  /** What stands in its place where {@link reveal} is to find it again; as shown for what nobody may see again. */
  readonly sealed: string;
}

/** Shorter values would shred reports: they occur in ordinary words. */
const shortest = 8;

/** What a session hides. */
interface Hidden {
  forms: Form[];
  /** The values themselves, and what is shown where some of their characters are escaped. */
  readonly values: Map<string, string>;
  sought: Sought;
  pattern: RegExp | undefined;
  sealPattern: RegExp | undefined;
  readonly byText: Map<string, Form>;
  readonly bySeal: Map<string, string>;
}

const hidden = scoped((): Hidden => ({
  forms: [],
  values: new Map(),
  sought: new Map(),
  pattern: undefined,
  sealPattern: undefined,
  byText: new Map(),
  bySeal: new Map(),
}));

/** How seals begin; a text that only looks like one is written with an escape. */
const sealStart = '[env:';

/**
 * Hides a value from now on: as it is, as JSON, HTML, URLs and patterns write it, whichever of its characters they escape,
 * and inside base64. It is shown as
 * `[redacted:NAME]`, or with `reveal` as `[env:NAME]`, and {@link reveal} brings back what {@link seal} took. Values of
 * under eight characters are not hidden; true if this one is.
 */
export function hide(name: string, value: string, options: { readonly reveal?: boolean } = {}): boolean {
  if (value.length < shortest) return false;
  const all = hidden();
  const { values, byText, bySeal } = all;
  let number = 0;
  const add = (text: string, shown: string): void => {
    // Numbered by the value alone: another process that hides more or fewer values reads the same seals.
    const sealed = options.reveal ? `${sealStart}${name}${number > 0 ? `~${number}` : ''}]` : shown;
    number++;
    if (text.length < shortest) return;
    if (options.reveal) bySeal.set(sealed, text);
    if (byText.has(text)) return;
    const form = { text, shown, sealed };
    all.forms.push(form);
    byText.set(text, form);
  };
  const gone = `[redacted:${name}]`;
  const plain = options.reveal ? `${sealStart}${name}]` : gone;
  const addPart = (part: string): void => {
    for (const text of writtenForms(part)) add(text, part === value ? plain : gone);
    for (const text of urlForms(part)) add(text, gone);
    if (part.length >= shortest && !values.has(part)) values.set(part, gone);
  };
  // A report holds a long value line by line.
  const lines = [value, ...value.split(/\r?\n/)];
  for (const part of lines) addPart(part);
  for (const core of base64Cores(value)) add(core, gone);
  for (const part of lines) {
    const quotedPart = quotePattern(part);
    if (part.length >= shortest && quotedPart !== part) addPart(quotedPart);
  }
  all.sought = seek(values.keys());
  all.forms.sort((a, b) => b.text.length - a.text.length);
  const source = all.forms.map(({ text }) => escapePattern(text)).join('|');
  all.pattern = new RegExp(source, 'g');
  all.sealPattern = new RegExp(`${source}|${escapePattern(sealStart)}`, 'g');
  return true;
}

/** The text without what must not be seen, for people. */
export function redact(text: string): string {
  const { pattern, forms, byText } = hidden();
  if (!pattern) return text;
  if (!forms.some((form) => text.includes(form.text))) return withoutEscaped(text, false);
  return withoutEscaped(
    text.replace(pattern, (found) => byText.get(found)?.shown ?? found),
    false,
  );
}

/** A text as JSON files that were written have it: what must not be seen is hidden in them. */
export function asStored(text: string): string {
  if (!hidden().pattern) return text;
  const written = redact(JSON.stringify(text));
  try {
    return JSON.parse(written) as string;
  } catch {
    // The value began with the second half of an escape.
    return redact(text);
  }
}

/** The text without the values some of whose characters are escaped, one by one. */
function withoutEscaped(text: string, json: boolean): string {
  const { sought, values } = hidden();
  let shown = '';
  let from = 0;
  for (const { value, start, end } of findEscaped(text, sought, json)) {
    shown += text.slice(from, start) + (values.get(value) ?? '');
    from = end;
  }
  return from === 0 ? text : shown + text.slice(from);
}

/** How many characters may stand for one: `&amp;#x0000002f;`. */
const longestEscape = 16;

/** The first characters of a text, so many or a few less: where a cut would leave a part of what must not be seen, it comes before. */
export function cut(text: string, length: number): string {
  const { pattern, forms, sought } = hidden();
  if (text.length <= length || !pattern) return text.slice(0, length);
  const longest = forms[0]?.text.length ?? 0;
  const from = Math.max(0, length - longest);
  for (const { 0: found, index } of text.slice(from, length + longest).matchAll(pattern))
    if (from + index < length && from + index + found.length > length) return text.slice(0, from + index);
  const near = Math.max(0, length - longest * longestEscape);
  const around = text.slice(near, length + longest * longestEscape);
  for (const { start, end } of findEscaped(around, sought, false))
    if (near + start < length && near + end > length) return text.slice(0, near + start);
  return text.slice(0, length);
}

/** JSON text without what must not be seen, from which {@link reveal} brings back the values of environment variables. */
export function seal(json: string): string {
  const { sealPattern, forms, byText } = hidden();
  if (!sealPattern) return json;
  if (!json.includes(sealStart) && !forms.some((form) => json.includes(form.text)))
    return withoutEscaped(json, true);
  return withoutEscaped(
    json.replace(sealPattern, (found, at: number) => {
      // After half an escape stands something else: the n of a line break begins no value.
      if (/(?<!\\)(?:\\\\)*\\$/.test(json.slice(Math.max(0, at - 64), at))) return found;
      return byText.get(found)?.sealed ?? escapedStart;
    }),
    true,
  );
}

/** In JSON a bracket outside texts is followed by no such word: this one stands inside a text. */
const escapedStart = String.raw`\u005benv:`;

/** JSON text that was sealed, with hidden environment values again, to be judged as they were answered. */
export function reveal(json: string): string {
  const { bySeal } = hidden();
  if (bySeal.size === 0 || !json.includes(sealStart)) return json;
  return json.replace(/\[env:\w+(?:~\d+)?\]/g, (sealed) => bySeal.get(sealed) ?? sealed);
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
  const all = hidden();
  all.forms = [];
  all.sought = new Map();
  all.pattern = all.sealPattern = undefined;
  for (const each of [all.values, all.byText, all.bySeal]) each.clear();
}

const entities: Record<string, string> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A value as JSON (by the API too, which escapes what HTML minds), JSON within JSON, HTML and XML write it. */
function writtenForms(value: string): string[] {
  const json = inJson(value);
  const unicode = (text: string): string =>
    text.replace(/[<>&'=]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
  const inText = value.replace(/[<>&]/g, (c) => entities[c] ?? c);
  return [
    // First: its seal is `[env:NAME]`, and in JSON it is always the form of JSON that stands for a value.
    json,
    value,
    unicode(json),
    json.replaceAll('/', String.raw`\/`),
    inJson(json),
    // Messages quote a value as JSON before a page or JUnit's XML escapes it.
    ...[value, json].flatMap((text) => [
      text.replace(/[<>&"']/g, (c) => entities[c] ?? c),
      text.replace(/[<>&"']/g, (c) => (c === "'" ? '&apos;' : (entities[c] ?? c))),
    ]),
    inText,
    inJson(inText),
  ];
}

/** A value as URLs and forms write it, with hexadecimal digits of either case. */
function urlForms(value: string): string[] {
  const component = encodeURIComponent(value);
  const strict = component.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return [component, strict, strict.replaceAll('%20', '+'), encodeURI(value)].flatMap((text) => [
    text,
    text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
  ]);
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

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
