/** The template language: a table of templates over the same variables. */
import { beforeAll, describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import type { SourceRange } from '../../src/diagnostics/diagnostic.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import type { RenderOptions, Scope } from '../../src/plan/lookup.ts';
import { renderNode, renderString } from '../../src/plan/template.ts';
import { loadParser } from '../../src/plan/template-tree.ts';
import {
  anything,
  list,
  literal,
  object,
  optional,
  pattern,
  text as anyText,
} from '../../src/shape/shape.ts';
import type { Described } from '../../src/shape/walk.ts';
import type { Variable } from '../../src/suite/suite.ts';
import { nodeOf } from '../node-of.ts';

const renderValue = (
  value: JsonValue,
  scope: Scope,
  { place, report }: RenderOptions,
  described?: Described,
): JsonValue => renderNode(nodeOf(value, place), scope, report, described).value;

const values: Record<string, JsonValue> = {
  object: 'lamp',
  empty: '',
  zero: 0,
  no: false,
  yes: true,
  none: null,
  list: ['a', 'b', 'c'],
  nothing: [],
  map: { city: 'Oslo', inner: { deep: [{ x: 'y' }] } },
  people: [
    { name: 'Ann', tags: ['x', 'y'] },
    { name: 'Bo', tags: [] },
  ],
  markup: '<b>&"\'',
  braces: '{{object}}',
  pattern: 'a.b*(c)',
};
const vars = new Map<string, Variable>(
  Object.entries(values).map(([name, value]) => [name, { value, template: false }]),
);
vars.set('year', { value: 123, text: '0123', template: false });
const scope = { vars, env: { BRAND: 'Acme', UNSET: undefined, SECRET: 'x' }, envNames: ['BRAND', 'UNSET'] };

function render(
  text: string,
  how: typeof renderString | typeof renderValue = renderValue,
): { value: JsonValue; problems: string[]; marked: string[] } {
  const file = { path: 'a.yaml', absolute: '/a.yaml', text };
  const place: SourceRange = { file, start: 0, end: text.length };
  const problems: string[] = [];
  const marked: string[] = [];
  const value = how(text, scope, {
    place,
    report: ({ code, place: at }) => {
      problems.push(code);
      marked.push(at ? at.file.text.slice(at.start, at.end) : '');
    },
  });
  return { value, problems, marked };
}

beforeAll(loadParser);

describe('a text', () => {
  test.for<[template: string, value: JsonValue]>([
    ['', ''],
    ['plain { text } }}', 'plain { text } }}'],
    ['a {{object}}.', 'a lamp.'],
    ['a {{ object }}.', 'a lamp.'],
    ['{{object}}{{object}}', 'lamplamp'],
    ['{{year}} and {{zero}}, {{no}}', '0123 and 0, false'],
    ['[{{none}}][{{empty}}]', '[][]'],
    ['in {{map.city}}', 'in Oslo'],
    ['{{map.inner.deep.[0].x}}!', 'y!'],
    ['{{list.[1]}}!', 'b!'],
    ['{{markup}}.', '<b>&"\'.'],
    ['{{{markup}}}.', '<b>&"\'.'],
    ['{{braces}}.', '{{object}}.'],
    [String.raw`\{{object}}`, '{{object}}'],
    ['a {{! a note }}b{{!-- }} --}}c', 'a bc'],
    ['a {{~object~}} b', 'alampb'],
    ['{{env.BRAND}}!', 'Acme!'],
    ['{{#if yes}}y{{else}}n{{/if}}', 'y'],
    ['{{#if missing}}y{{else}}n{{/if}}', 'n'],
    ['{{#if map.missing}}y{{else}}n{{/if}}', 'n'],
    ['{{#if list}}y{{/if}}{{#if nothing}}n{{/if}}', 'y'],
    ['{{#if zero}}y{{else if object}}{{object}}{{/if}}', 'lamp'],
    ['{{#unless empty}}y{{else}}n{{/unless}}', 'y'],
    ['{{#each list}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}', '0a,1b,2c'],
    ['{{#each map}}{{@key}} {{/each}}', 'city inner '],
    ['{{#each nothing}}x{{else}}none{{/each}}', 'none'],
    ['{{#each none}}x{{else}}none{{/each}}', 'none'],
    [
      '{{#each people}}{{name}}:{{#each tags}}{{this}}{{../name}}{{object}} {{/each}}{{/each}}',
      'Ann:xAnnlamp yAnnlamp Bo:',
    ],
    ['{{#each people}}{{#if @first}}{{name}}{{/if}}{{/each}}', 'Ann'],
    ['{{#each list as |item index|}}{{index}}{{item}}{{object}} {{/each}}', '0alamp 1blamp 2clamp '],
    ['{{#each map as |value key|}}{{key}} {{/each}}', 'city inner '],
    ['{{#each people as |p|}}{{#each p.tags as |tag|}}{{p.name}}{{tag}} {{/each}}{{/each}}', 'Annx Anny '],
    [
      '{{#each people as |name|}}{{this.name}}{{#each list}}{{../name}}{{/each}} {{/each}}',
      'AnnAnnAnnAnn BoBoBoBo ',
    ],
    ['{{#with map.inner as |i|}}{{i.deep.[0].x}}{{/with}}', 'y'],
    ['{{#with map}}{{city}} {{object}}{{/with}}', 'Oslo lamp'],
    ['{{#with none}}x{{else}}y{{/with}}', 'y'],
    ['{{"text"}} {{3}}', 'text 3'],
  ])('%s', ([template, value]) => {
    expect(render(template)).toEqual({ value, problems: [], marked: [] });
  });
});

describe('a value that is only a variable', () => {
  test.for<[template: string, value: JsonValue]>([
    ['{{list}}', ['a', 'b', 'c']],
    [' {{map.inner}} ', { deep: [{ x: 'y' }] }],
    ['{{year}}', 123],
    ['{{no}}', false],
    ['{{none}}', null],
  ])('%s', ([template, value]) => {
    expect(render(template)).toEqual({ value, problems: [], marked: [] });
  });

  test('becomes a text where a text is expected', () => {
    expect(render('{{year}}', renderString)).toEqual({ value: '0123', problems: [], marked: [] });
    expect(render('{{list}}', renderString).problems).toEqual(['not-a-scalar']);
  });
});

describe('reports an error', () => {
  test.for<[template: string, code: string, marked: string]>([
    ['a {{objct}}', 'undefined-variable', '{{objct}}'],
    ['a {{map.town}}', 'undefined-variable', '{{map.town}}'],
    ['a {{map.city.x}}', 'undefined-variable', '{{map.city.x}}'],
    ['a {{list.[3]}}', 'undefined-variable', '{{list.[3]}}'],
    ['a {{list}}', 'not-a-scalar', '{{list}}'],
    ['{{#each list as |a b c|}}x{{/each}}', 'unknown-helper', '{{#each list as |a b c|}}'],
    ['{{#with map as |a b|}}x{{/with}}', 'unknown-helper', '{{#with map as |a b|}}'],
    ['{{#if yes as |a|}}x{{/if}}', 'unknown-helper', '{{#if yes as |a|}}'],
    ['{{#with map as |item|}}{{itm}}{{/with}}', 'undefined-variable', '{{itm}}'],
    ['{{#each object}}x{{/each}}', 'not-a-list', '{{#each object}}'],
    ['{{#each zero}}x{{else}}y{{/each}}', 'not-a-list', '{{#each zero}}'],
    ['{{object x=1}}', 'unknown-helper', '{{object x=1}}'],
    ['a {{map.city x=yes y="b"}}', 'unknown-helper', '{{map.city x=yes y="b"}}'],
    ['{{#if yes x=1}}x{{/if}}', 'unknown-helper', '{{#if yes x=1}}'],
    ['{{#each missing}}x{{/each}}', 'undefined-variable', '{{#each missing}}'],
    ['{{#with missing}}x{{/with}}', 'undefined-variable', '{{#with missing}}'],
    ['a {{env.SECRET}}', 'undefined-variable', '{{env.SECRET}}'],
    ['a {{env.UNSET}}', 'unset-environment', '{{env.UNSET}}'],
    ['{{shout object}}', 'unknown-helper', '{{shout object}}'],
    ['{{#loop list}}x{{/loop}}', 'unknown-helper', '{{#loop list}}'],
    ['{{#if yes no}}x{{/if}}', 'unknown-helper', '{{#if yes no}}'],
    ['{{> part}}', 'unknown-helper', '{{> part}}'],
    ['{{#if yes}}x', 'bad-template', '{{#if'],
    ['x{{/if}}', 'bad-template', '{{/if}}'],
    ['{{#if yes}}x{{/each}}', 'bad-template', '{{/each'],
    ['{{object', 'bad-template', '{{object'],
    ['{{}}', 'bad-template', '{{}}'],
    ['{{list}} {{list.0}}', 'bad-template', '{{list.0}}'],
    ['{{list x}}', 'unknown-helper', '{{list x}}'],
  ])('%s: %s', ([template, code, marked]) => {
    expect(render(template)).toMatchObject({ problems: [code], marked: [marked] });
  });
});

test('the shape decides which texts are patterns and which are not templates', () => {
  const at = {
    place: { file: { path: 'a', absolute: '/a', text: '' }, start: 0, end: 0 },
    report: () => expect.fail(),
  };
  const each = object({
    expression: optional(pattern()),
    matches: optional(anyText()),
    nested: optional(list(object({ expression: pattern() }))),
    braces: optional(literal(anything())),
  });
  const described = { ...each, definitions: () => ({}) };
  const braces = { const: '{{object}}' };
  const value = {
    expression: '^{{pattern}}$',
    matches: '{{pattern}}',
    nested: [{ expression: '{{pattern}}' }],
    braces,
  };
  const rendered = renderValue(value, scope, at, described);
  expect(rendered).toEqual({
    expression: String.raw`^a\.b\*\(c\)$`,
    matches: 'a.b*(c)',
    nested: [{ expression: String.raw`a\.b\*\(c\)` }],
    braces,
  });
  expect(renderValue({ braces }, scope, at, described)).toEqual({ braces });
});

test('renders a text without braces unchanged and inserts a variable verbatim', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, value) => {
      fc.pre(!/[{\\]/.test(before));
      expect(render(before).value).toBe(before);
      const own = { ...scope, vars: new Map([['v', { value, template: false }]]) };
      const place = { file: { path: 'a', absolute: '/a', text: '' }, start: 0, end: 0 };
      expect(renderValue(`${before}{{v}}.`, own, { place, report: () => expect.fail() })).toBe(
        `${before}${value}.`,
      );
    }),
  );
});
