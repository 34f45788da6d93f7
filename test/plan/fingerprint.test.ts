/** Equal requests have equal fingerprints in any order of keys; any change of the request changes it. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Media } from '../../src/gemini/media.ts';
import type { Body, Conversation } from '../../src/gemini/request.ts';
import { fingerprint } from '../../src/plan/fingerprint.ts';
import { planSound } from '../suites.ts';

const request = (body: unknown, more: Partial<Conversation> = {}): Conversation => ({
  method: 'generateContent',
  model: 'm',
  asks: [],
  body: body as Body,
  ...more,
});
const bodies = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 3 }));

/** The same value with every map's keys in the opposite order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, turned(inner)]),
  );
}

test('ignores the order of keys', () => {
  fc.assert(
    fc.property(bodies, (body) => {
      expect(fingerprint(request(turned(body)))).toBe(fingerprint(request(body)));
      expect(fingerprint(request(body))).toMatch(/^[0-9a-f]{64}$/);
    }),
  );
});

test('only equal bodies have equal fingerprints', () => {
  fc.assert(
    fc.property(bodies, bodies, (a, b) => {
      // JSON knows no -0: it is sent as 0.
      const [one, other] = [a, b].map((body) => JSON.parse(JSON.stringify(body)) as unknown);
      let equal = true;
      try {
        expect(one).toStrictEqual(other);
      } catch {
        equal = false;
      }
      expect(fingerprint(request(a)) === fingerprint(request(b))).toBe(equal);
    }),
  );
});

const base = request({ contents: [{ parts: [{ text: 'Hi' }] }] });
const media = (mimeType: string, digest: string): Conversation =>
  request({
    contents: [{ parts: [{ inlineData: { mimeType, data: new Media(mimeType, digest, 1, 'AA==') } }] }],
  });

test('depends on the method, the model and every part of the body', () => {
  const all = [
    base,
    request(base.body, { method: 'streamGenerateContent' }),
    request(base.body, { model: 'm2' }),
    request({ contents: [{ parts: [{ text: 'Hi ' }] }] }),
    request({ contents: [{ parts: [{ text: 'H' }, { text: 'i' }] }] }),
    request({ contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] }),
    request({ ...base.body, generationConfig: { temperature: 0 } }),
    request({ ...base.body, generationConfig: { temperature: '0' } }),
    media('image/png', 'aa'),
    media('image/png', 'ab'),
    media('image/webp', 'aa'),
    { method: 'models.list', asks: [] } as const,
  ];
  expect(new Set(all.map(fingerprint)).size).toBe(all.length);
});

test('depends on the request, not on its place in the suite', async () => {
  const prints = async (yaml: string): Promise<string[]> => {
    const plan = await planSound(`suite: s\nmodel: m\n${yaml}`);
    return plan.cases.map((ref) => plan.materialize(ref).fingerprint);
  };
  const same = await Promise.all(
    [
      'prompts: { p: Hi }\nconfigs: { c: { temperature: 0.2, topK: 3 } }',
      'prompts: { q: "{{a}}" }\nvars: { a: Hi }\nconfigs: { d: { topK: 3, temperature: 0.20 } }',
      'prompts: { p: [ Hi ] }\ndefaults: { topK: 3, topP: 1 }\nconfigs: { c: { generationConfig: { temperature: 0.2 }, topP: null } }',
      'prompts: { p: [ { text: Hi } ] }\nconfigs: { c: { temperature: 0.2, extra: { generationConfig: { topK: 3 } } } }',
    ].map(prints),
  );
  expect(new Set(same.flat()).size).toBe(1);
  const [other] = await prints('prompts: { p: Hi. }\nconfigs: { c: { temperature: 0.2, topK: 3 } }');
  expect(same.flat()).not.toContain(other);
});
