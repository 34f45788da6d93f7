/** Plain templates are read without the parser: it must see the same in them. */
import { parse } from '@handlebars/parser';
import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { isPlainTemplate } from '../../src/lib/template-syntax.ts';
import { loadParser, parseTemplate, type Node } from '../../src/plan/template-tree.ts';

beforeAll(loadParser);

test.for<[text: string, plain: boolean]>([
  ['no braces', true],
  ['{ one } }}', true],
  ['{{name}} and {{ a.b.c }}', true],
  ['{{#if x}}y{{/if}}', false],
  ['{{{name}}}', false],
  [String.raw`\{{name}}`, false],
  ['{{this}}', false],
  ['{{a.this}}', false],
  ['{{true}}', false],
  ['{{thistle}}', true],
  ['{{else}}', false],
  ['{{a b}}', false],
  ['{{@index}}', false],
  ['{{a.[0]}}', false],
  ['{{', false],
])('%s: plain %s', ([text, plain]) => {
  expect(isPlainTemplate(text)).toBe(plain);
});

const simple = (nodes: readonly Node[]): string[] =>
  nodes.map(({ type, value, path }) =>
    type === 'ContentStatement'
      ? `text ${value}`
      : `${type} ${path.original} ${path.parts.join('|')} ${path.depth}`,
  );

test('Assay and Handlebars parse plain templates alike', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '{{name}}',
      '{{ a.b }}',
      '{{a.b.c}}',
      '{{thing}}',
      '{',
      '}',
      '{{',
      '}}',
      '\\',
      '\n',
      ' ',
      'x',
      '~',
      '&',
      '{{trueish}}',
      '{{nully}}',
    ),
    fc.string({ maxLength: 3 }),
  );
  let plain = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const text = pieces.join('');
      if (!isPlainTemplate(text) || !text.includes('{{')) return;
      plain++;
      const own = parseTemplate(text);
      if (own instanceof Error) throw own;
      // The parser drops empty pieces and may cut a text in two.
      const theirs = (parse(text) as unknown as { body: Node[] }).body;
      const merged = (list: string[]): string =>
        list.map((each) => (each.startsWith('text ') ? each.slice(5) : `\0${each}\0`)).join('');
      expect(merged(simple(own))).toBe(merged(simple(theirs)));
    }),
    { numRuns: 2000 },
  );
  expect(plain).toBeGreaterThan(100);
});
