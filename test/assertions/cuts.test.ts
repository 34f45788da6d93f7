/** What an assertion says of a hidden value: a message is cut before it leaves, and half a value would pass every door. */
import { afterEach, expect, test } from 'vitest';
import { forgetSecrets, addSecret, redact } from '../../src/lib/redact.ts';
import { answer, casesIn, judged } from '../judge/judged.ts';

afterEach(forgetSecrets);

const secret = 'planted-value-0123456789';
const suite = `suite: s
model: m
prompts: { p: Hello. }
tests:
  - name: t
    assert:
      - json: {}
      - jsonPath: { path: $.a, equals: x }
      - equals: other
`;

test.for(Array.from({ length: 30 }, (_, index) => 95 + index))(
  'truncation after %i characters leaves none of it',
  async (length) => {
    addSecret('KEY', secret);
    for (const text of [
      `${secret} and more`,
      'a'.repeat(length) + secret,
      JSON.stringify({ a: 'a'.repeat(length) + secret }),
    ]) {
      const [only] = await casesIn(await judged({ 's.suite.yaml': suite }, () => answer(text)));
      for (const { message } of only?.trials[0]?.assertions ?? [])
        expect(redact(message)).not.toContain('plant');
    }
  },
);
