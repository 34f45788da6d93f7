/** Makes a text that fits the string keywords of a schema. */
import { ownValue, plainText, type JsonObject } from '../lib/json.ts';
import { matching } from './made-match.ts';

const formats: Record<string, string> = {
  'date-time': '2026-01-02T03:04:05Z',
  date: '2026-01-02',
  time: '03:04:05Z',
  duration: 'PT5M',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/page',
  url: 'https://example.com/page',
  'uri-reference': '/page',
  uuid: '3f2b8c1e-5d4a-4e6f-8a7b-9c0d1e2f3a4b',
};

/** Longer texts are not made, whatever a schema asks for. */
const longest = 10_000;

/** A text for a schema; `name` is the property it is for, `names` are words of the prompt, each used once. */
export function makeString(schema: JsonObject, name: string, names: string[] = []): string {
  const format = ownValue(formats, plainText(schema.format));
  if (format !== undefined) return format;
  if (typeof schema.pattern === 'string') {
    const made = matching(schema.pattern);
    if (made !== undefined) return made;
  }
  const least = Math.min(Number(schema.minLength ?? 0), longest);
  const most = Number(schema.maxLength ?? Infinity);
  const given = names.findIndex(({ length }) => length >= least && length <= most);
  let text = given >= 0 ? (names.splice(given, 1)[0] ?? name) : name;
  while ([...text].length < least) text += text === '' ? 'text' : ` ${text}`;
  // Cut where it is too long or was drawn out too far: lengths count characters, not units.
  return [...text]
    .slice(0, Math.max(least, Math.min(most, [...text].length)))
    .slice(0, most)
    .join('');
}
