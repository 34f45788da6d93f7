/** Invisible characters are shown in all texts of a failed assertion, to distinguish texts that look equal. */
import { expect, test } from 'vitest';
import { showUnseen } from '../../src/lib/visible.ts';
import { answer, judged, judgedIn } from './judged.ts';

test.for<[string, string]>([
  ['10\u00A0000\u202F€', '10<U+00A0>000<U+202F>€'],
  ['order-\u200Bnumber', 'order-<U+200B>number'],
  ['\uFEFF{"a":1}', '<U+FEFF>{"a":1}'],
  ['Donau\u00ADdampf', 'Donau<U+00AD>dampf'],
  ['\u200Fשלום', '<U+200F>שלום'],
  ['❤\uFE0F ok', '❤<U+FE0F> ok'],
  ['positive\u0085', 'positive<U+0085>'],
  ['a\u0000b\r\n', 'a<U+0000>b<U+000D>\n'],
  ['\u{E0041}', '<U+E0041>'],
  ['half \uD83D', 'half <U+D83D>'],
  ['plain text,\n\ttabs too', 'plain text,\n\ttabs too'],
  // What joins letters or emoji can be seen.
  ['می\u200Cخواهم', 'می\u200Cخواهم'],
  ['क्\u200Dष', 'क्\u200Dष'],
  ['👩\u200D👧', '👩\u200D👧'],
  ['a\u200Db', 'a<U+200D>b'],
])('%j is shown as %s', ([text, shown]) => {
  expect(showUnseen(text)).toBe(shown);
  expect(showUnseen(shown)).toBe(shown);
});

async function missed(assertion: string, text: string) {
  const suite = `suite: s\nmodel: m\nprompts: { p: Hello. }\ntests: [ { name: t, assert: [ ${assertion} ] } ]\n`;
  const [only] = await judgedIn(await judged({ 's.suite.yaml': suite }, () => answer(text)));
  const [trial] = only?.trials ?? [];
  return { ...trial?.result.assertions[0], ...trial?.details[0] };
}

test('shows them in the message, the expected and the received text', async () => {
  expect(await missed('{ contains: "10\\u00a0000" }', '10 000 and \u200B')).toMatchObject({
    verdict: 'failed',
    message:
      'the text does not contain "10<U+00A0>000"; it differs only by U+00A0 (invisible, or looks like another character)',
    expected: '10<U+00A0>000',
    actual: '10 000 and <U+200B>',
  });
});

test('shows them at the place of a JSON error', async () => {
  expect(await missed('{ json: {} }', '{\u00A0}')).toMatchObject({
    message: 'the text is not JSON: unexpected "<U+00A0>" at line 1, column 2',
    actual: '{<U+00A0>}',
  });
});

test('`not` reports an answer that only looks like the text', async () => {
  expect(await missed('{ not: { contains: order-number } }', 'order-\u200Bnumber')).toMatchObject({
    verdict: 'passed',
    message:
      'the text does not contain "order-number"; it differs only by U+200B (invisible, or looks like another character)',
  });
});

test('shows the first difference of long texts with its context', async () => {
  const long = 'word '.repeat(500);
  const result = await missed(`{ equals: "${long}end" }`, `${long}End and more`);
  expect(result.message).toContain('{+received+}: …');
  expect(result.message).toMatch(/\[-end-\]\{\+End and more\+\}$/);
  expect(result.expected?.length).toBeLessThan(1100);
  expect(result.actual).toMatch(/^….*End and more$/);
});
