import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Diagnostic, SourceFile } from '../../src/diagnostics/diagnostic.ts';
import type { SourceNode } from '../../src/diagnostics/source-node.ts';
import { position } from '../../src/diagnostics/render.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import { placeOfRoot, readJson, readYaml } from '../../src/source/yaml.ts';

const fileOf = (text: string): SourceFile => ({ path: 'a.yaml', absolute: '/a.yaml', text });

function read(
  text: string,
  reader = readYaml,
): { root: SourceNode | undefined; value: JsonValue | undefined; problems: string[]; all: Diagnostic[] } {
  const all: Diagnostic[] = [];
  const root = reader(fileOf(text), (diagnostic) => all.push(diagnostic));
  const problems = all.map(({ code, place }) => {
    const at = place ? `${position(place).line}:${position(place).column}` : '-';
    return `${at} ${code} ${place ? place.file.text.slice(place.start, place.end) : ''}`.trim();
  });
  return { root, value: root?.value, problems, all };
}

const laughs = ['a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]'];
for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef'])
  laughs.push(`${to}: &${to} [${Array.from({ length: 10 }, () => `*${from}`).join(', ')}]`);

describe('reports every error of a file with its place', () => {
  test.for<[name: string, text: string, problems: string[]]>([
    ['a value that is only a template', 'g: {{x}}', ['1:4 unquoted-template {{x}}']],
    [
      'templates with more text, and what follows is still read',
      'g: {{x}} and more # note\nh: {{y}} {{z}}, foo\nk: 1\nk: 2',
      [
        '1:4 unquoted-template {{x}} and more',
        '2:4 unquoted-template {{y}} {{z}}, foo',
        '4:1 duplicate-key k',
      ],
    ],
    ['blocks', '- {{#if x}}y{{/if}}', ['1:3 unquoted-template {{#if x}}y{{/if}}']],
    ['a key', '{{x}}: 3', ['1:1 unquoted-template {{x}}']],
    [
      'templates in lists',
      'a: [{{x}}, {{y}} and {{z}}, b]\nb: {c: {{x}}}',
      [
        '1:5 unquoted-template {{x}}',
        '1:12 unquoted-template {{y}} and {{z}}',
        '2:8 unquoted-template {{x}}',
      ],
    ],
    ['duplicate keys', 'a: 1\nb: {c: 1, "c": 2}\na: 3', ['2:11 duplicate-key "c"', '3:1 duplicate-key a']],
    ['tabs', 'a:\n\tb: 1\n\tc: 2', ['2:1 tab-indentation', '3:1 tab-indentation']],
    ['unknown aliases', 'a: *x\nb: &xx 1', ['1:4 unknown-alias *x']],
    ['a circle', 'a: &x { b: [*x] }', ['1:13 circular-alias *x']],
    ['unknown tags', 'a: !foo 3\nb: !!set {c}', ['1:4 unknown-tag !foo', '2:4 unknown-tag !!set']],
    ['a key that is a list', '? [a]\n: 3', ['1:3 key-not-text [a]']],
    ['several documents', 'a: 1\n---\nb: 2', ['3:1 multiple-documents b']],
    ['an empty file', '', ['1:1 empty-file']],
    ['comments alone', '# nothing\n', ['1:1 empty-file']],
    ['an empty document', '---\n', ['1:1 empty-file']],
    ['infinity', 'a: .inf\nb: 1e999', ['1:4 not-finite .inf', '2:4 not-finite 1e999']],
    ['merging a number', '<<: 3', ['1:5 bad-merge 3']],
    [
      'syntax errors, one a line',
      'a: b: c\nc: @x\nd: "x',
      ['1:4 yaml-syntax b', '2:4 yaml-syntax @', '3:4 yaml-syntax "x'],
    ],
    ['a derailed parser says it once', 'a: "x" y\nb: {c: 1} }, ]\nd: 1', ['1:8 yaml-syntax y']],
    ['many aliases', laughs.join('\n'), ['5:36 alias-bomb *d']],
    ['nesting in brackets', '['.repeat(65), ['1:65 nesting [']],
    ['nesting by indentation', '- '.repeat(20_000), ['1:129 nesting -']],
    ['nesting that would end the process', '['.repeat(100_000), ['1:65 nesting [']],
    [
      'nesting through aliases',
      `a: &a ${'['.repeat(40)}${']'.repeat(40)}\nb: ${'['.repeat(30)}*a${']'.repeat(30)}`,
      ['2:34 nesting *'],
    ],
  ])('%s', ([, text, problems]) => {
    const found = read(text);
    expect(found.problems).toEqual(problems);
    if (!problems.every((problem) => / (?:duplicate-key|unquoted-template) /.test(problem)))
      expect(found.value).toBeUndefined();
    for (const { help } of found.all) expect(help).toBeTruthy();
  });
});

test('reports every duplicate key and every unquoted template', () => {
  const text = 'a: {{x}} and more # note\nb: {c: 1, "c": {{y}}, d: {{z}}}\na: 3\n{{k}}: [ {{l}}, 2 ]';
  const { value, all } = read(text);
  expect(all).toHaveLength(7);
  expect(value).toBeUndefined();
});

describe('values', () => {
  test.for<[text: string, value: JsonValue]>([
    ['a: "{{x}}"\nb: |\n  {{y}}\n', { a: '{{x}}', b: '{{y}}\n' }],
    ['1.10: a\n0x1: b\n~: c\ntrue: d', { '1.10': 'a', '0x1': 'b', '~': 'c', true: 'd' }],
    ['a: yes\nb: no\nc: 0o17\nd: 012', { a: 'yes', b: 'no', c: 15, d: 12 }],
    ['x: &x {a: 1, b: 1}\ny: {<<: [*x, {b: 2, c: 2}], a: 3}', { x: { a: 1, b: 1 }, y: { a: 3, b: 1, c: 2 } }],
    ['l: &l [{a: 1}, {a: 2, b: 2}]\ny: {<<: *l}', { l: [{ a: 1 }, { a: 2, b: 2 }], y: { a: 1, b: 2 } }],
    ['a: &k b\n*k : 3', { a: 'b', b: 3 }],
    ['a:\nb: ~', { a: null, b: null }],
  ])('%s', ([text, value]) => {
    const found = read(text);
    expect(found.problems).toEqual([]);
    expect(found.value).toEqual(value);
  });

  test('__proto__ is a key like any other', () => {
    const { value } = read('__proto__: {polluted: 1}');
    expect(Object.keys(value ?? {})).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test('an alias gives the same object as its anchor; entries keep their places', () => {
    const text = 'a: &a {k: 0123}\nb: *a\nc: {<<: *a}\nd: &n 1.10\ne: *n\nf: [x, *a]';
    const { root } = read(text);
    if (!root) throw new Error('expected a map');
    expect(root.at('b').value).toBe(root.at('a').value);
    const sourceOf = (...path: (string | number)[]): string[] => {
      const { keyPlace, place } = path.reduce((node, key) => node.at(key), root);
      return [keyPlace, place].map(({ start, end }) => text.slice(start, end));
    };
    expect(sourceOf('b')).toEqual(['b', '*a']);
    expect(sourceOf('a', 'k')).toEqual(['k', '0123']);
    expect(sourceOf('b', 'k')).toEqual(['k', '0123']);
    expect(sourceOf('c', 'k')).toEqual(['k', '0123']);
    expect(sourceOf('e')).toEqual(['e', '1.10']);
    expect(sourceOf('f', 1)).toEqual(['*a', '*a']);
    expect(sourceOf('c', 'none')).toEqual(['{<<: *a}', '{<<: *a}']);
    expect(root.at('a').at('k').text).toBe('0123');
    expect(root.at('e').text).toBe('1.10');
    const whole = placeOfRoot(fileOf('# x\n\nsuite: a  \nb: 1'));
    expect([whole.start, whole.end]).toEqual([5, 13]);
  });

  test('reads back what it prints', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (json) => {
        const value = JSON.parse(JSON.stringify(json)) as JsonValue;
        if (value === null) return;
        const printed = JSON.stringify(value, null, '\t');
        expect(read(printed, readJson)).toMatchObject({ value, problems: [], all: [] });
        expect(read(stringify(value, { aliasDuplicateObjects: false })).value).toEqual(value);
      }),
      { numRuns: 150 },
    );
  });
});

describe('JSON', () => {
  test.for<[text: string, problem: string]>([
    ['{"a": [1, 2,]}', '1:13 json-syntax ]'],
    ["{'a': 1}", "1:2 json-syntax '"],
    ['{"a": 1', '1:8 json-syntax'],
    ['a: 1', '1:1 json-syntax a'],
    ['', '1:1 json-syntax'],
    ['{"a": 1, "a": 2}', '1:10 duplicate-key "a"'],
    ['['.repeat(70), '1:65 nesting ['],
  ])('%s', ([text, problem]) => expect(read(text, readJson).problems).toEqual([problem]));
});
