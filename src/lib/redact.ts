import { literalPattern } from './literal-pattern.ts';
import { scoped } from './scope.ts';

/**
 * The one place that knows what must not be seen. Whatever leaves the process (terminal, journal, cassettes, cache,
 * reports) passes {@link redact} or {@link redactJson}. Each session has secrets of its own.
 */

/** One way to write a secret. */
interface Form {
  readonly text: string;
  /** What people see instead. */
  readonly mask: string;
  /** What {@link restore} can find again; the same as `mask` for what nobody may see again. */
  readonly sealed: string;
}

/** Shorter values occur in ordinary words: hiding them would shred reports. */
const shortest = 8;

const hidden = scoped(() => ({
  /** By their texts. */
  forms: new Map<string, Form>(),
  /** The texts that {@link restore} brings back. */
  bySeal: new Map<string, string>(),
  pattern: undefined as RegExp | undefined,
  sealPattern: undefined as RegExp | undefined,
  /** Characters of the longest form. */
  longest: 0,
}));

/** How seals begin; a text that only looks like one is written with an escape. */
const sealStart = '[env:';

/**
 * Hides a value from now on: as it is, and as JSON, HTML, XML, URLs, patterns and base64 write it. It is shown as
 * `[redacted:NAME]`, or with `reveal` as `[env:NAME]`, and {@link restore} brings back what {@link redactJson} took. Values of
 * under eight characters are not hidden; true if this one is.
 */
export function addSecret(name: string, value: string, options: { readonly reveal?: boolean } = {}): boolean {
  if (value.length < shortest) return false;
  const all = hidden();
  let number = 0;
  const add = (text: string, mask: string): void => {
    // Numbered by the value alone: another process that hides more or fewer values reads the same seals. New forms are
    // added last, so that the seals of old journals keep their meaning.
    const sealed = options.reveal ? `${sealStart}${name}${number > 0 ? `~${number}` : ''}]` : mask;
    number++;
    if (text.length < shortest) return;
    if (options.reveal) all.bySeal.set(sealed, text);
    if (!all.forms.has(text)) all.forms.set(text, { text, mask, sealed });
  };
  const gone = `[redacted:${name}]`;
  const plain = options.reveal ? `${sealStart}${name}]` : gone;
  const addPart = (part: string): void => {
    for (const text of writtenForms(part)) add(text, part === value ? plain : gone);
    for (const text of urlForms(part)) add(text, gone);
  };
  // A report has a long value line by line.
  const lines = [value, ...value.split(/\r?\n/)];
  for (const part of lines) addPart(part);
  for (const core of base64Cores(value)) add(core, gone);
  for (const part of lines) {
    const quotedPart = literalPattern(part);
    if (part.length >= shortest && quotedPart !== part) addPart(quotedPart);
  }
  for (const part of lines) for (const text of otherForms(part)) add(text, gone);
  const texts = [...all.forms.keys()].toSorted((a, b) => b.length - a.length);
  const source = texts.map(literalPattern).join('|');
  all.longest = texts[0]?.length ?? 0;
  all.pattern = new RegExp(source, 'g');
  all.sealPattern = new RegExp(`${source}|${literalPattern(sealStart)}`, 'g');
  return true;
}

/** The text without what must not be seen, for people. */
export function redact(text: string): string {
  const { pattern, forms } = hidden();
  return pattern ? text.replace(pattern, (found) => forms.get(found)?.mask ?? found) : text;
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

/** The first `length` characters of a text, or fewer: a cut through a secret is made before it. */
export function cut(text: string, length: number): string {
  const { pattern, longest } = hidden();
  if (text.length <= length || !pattern) return text.slice(0, length);
  const from = Math.max(0, length - longest);
  for (const { 0: found, index } of text.slice(from, length + longest).matchAll(pattern))
    if (from + index < length && from + index + found.length > length) return text.slice(0, from + index);
  return text.slice(0, length);
}

/** JSON text without what must not be seen, from which {@link restore} brings back the values of environment variables. */
export function redactJson(json: string): string {
  const { sealPattern, forms } = hidden();
  if (!sealPattern) return json;
  return json.replace(sealPattern, (found, at: number) => {
    // After half an escape comes something else: the n of a line break begins no value.
    if (/(?<!\\)(?:\\\\)*\\$/.test(json.slice(Math.max(0, at - 64), at))) return found;
    return forms.get(found)?.sealed ?? escapedStart;
  });
}

/** In JSON a bracket outside texts is followed by no such word: this one is inside a text. */
const escapedStart = String.raw`\u005benv:`;

/** JSON text that was sealed, with the hidden environment values again: replies are judged as they were answered. */
export function restore(json: string): string {
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
export function forgetSecrets(): void {
  const all = hidden();
  all.pattern = all.sealPattern = undefined;
  all.forms.clear();
  all.bySeal.clear();
}

const entities: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A value as HTML writes it, with other references for the quotes where they are given. */
function inHtml(value: string, quotes: Readonly<Record<string, string>> = {}): string {
  return value.replace(/[<>&"']/g, (c) => quotes[c] ?? entities[c] ?? c);
}

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
    ...[value, json].flatMap((text) => [inHtml(text), inHtml(text, { "'": '&apos;' })]),
    inText,
    inJson(inText),
  ];
}

/** A value as the HTML of Python and Go writes it, and JSON in ASCII. */
function otherForms(value: string): string[] {
  const ascii = inJson(value).replace(
    /[\u0080-\uFFFF]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [inHtml(value, { "'": '&#x27;' }), inHtml(value, { '"': '&#34;' }), ascii, inJson(ascii)];
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
