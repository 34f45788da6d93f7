import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonError } from '../../src/lib/parse-json.ts';

test.for<[text: string, message: string]>([
  ['', 'it ends too early at line 1, column 1'],
  ['hello secret-value', 'unexpected "h" at line 1, column 1'],
  ['{"a": 1,\n  "b": 🎒}', 'unexpected "🎒" at line 2, column 8'],
  ['{"a": tru}', 'unexpected "t" at line 1, column 7'],
  ['[1, 2', 'it ends too early at line 1, column 6'],
  ['[1, ]', 'unexpected "]" at line 1, column 5'],
  ['[1 2]', 'unexpected "2" at line 1, column 4'],
  ['{"a" 1}', 'unexpected "1" at line 1, column 6'],
  ['{a: 1}', 'unexpected "a" at line 1, column 2'],
  ['"🎒 \\x"', 'unexpected "\\\\" at line 1, column 4'],
  ['"a\nb"', 'unexpected "\\n" at line 1, column 3'],
  ['{} {}', 'unexpected "{" at line 1, column 4'],
  ['01', 'unexpected "1" at line 1, column 2'],
  ['[}', 'unexpected "}" at line 1, column 2'],
])('%j: %s', ([text, message]) => {
  expect(jsonError(text)?.message).toBe(message);
});

test('finds an error exactly if JSON.parse throws', () => {
  const parses = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      // The very question.
      return false;
    }
  };
  const written = fc.json({ depthSize: 'large' });
  const spoilt = fc
    .tuple(
      written,
      fc.nat(),
      fc.constantFrom('', '"', '{', '}', '[', ']', ',', ':', '\\', '0', 'e', '\n', '-'),
    )
    .map(([text, at, more]) => {
      const cut = at % (text.length + 1);
      return text.slice(0, cut) + more + text.slice(cut + 1);
    });
  fc.assert(
    fc.property(fc.oneof(written, spoilt, fc.string({ unit: 'binary' })), (text) => {
      expect(jsonError(text) === undefined).toBe(parses(text));
    }),
    { numRuns: 5000 },
  );
});

test('handles any depth and length', () => {
  expect(jsonError('['.repeat(1_000_000))?.offset).toBe(1_000_000);
  expect(jsonError(`"${'a\\n'.repeat(1_000_000)}`)?.offset).toBe(3_000_001);
});
