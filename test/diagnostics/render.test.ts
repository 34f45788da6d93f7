import { expect, test } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import {
  codeFrame,
  isAllowed,
  position,
  renderDiagnostic,
  renderDiagnostics,
} from '../../src/diagnostics/render.ts';
import { nearest } from '../../src/lib/nearest.ts';

const plain = { color: false };
function at(text: string, word: string, path = 'suites/a.yaml'): NonNullable<Diagnostic['place']> {
  const start = text.indexOf(word);
  return { file: { path, absolute: `/${path}`, text }, start, end: start + word.length };
}
const text = 'suite: a\r\nconfigs:\r\n  careful:\r\n    temprature: 0.2\r\n';
const unknown: Diagnostic = {
  severity: 'error',
  code: 'unknown-key',
  message: 'unknown key "temprature" in a config',
  place: at(text, 'temprature'),
  help: 'did you mean "temperature"?',
};

test('renders headline, place, source line with carets, and help', () => {
  expect(renderDiagnostic(unknown, plain)).toBe(`error[unknown-key]: unknown key "temprature" in a config
 --> suites/a.yaml:4:5
  |
3 |   careful:
4 |     temprature: 0.2
  |     ^^^^^^^^^^
  = help: did you mean "temperature"?`);
  expect(renderDiagnostic(unknown, { color: true })).toContain('^^^^^^^^^^\u001b[39m');
});

test('columns count code points, carets count columns', () => {
  const place = at('a: 😀日本\tx', 'x');
  expect(position(place)).toEqual({ line: 1, column: 8 });
  expect(codeFrame(place, plain).split('\n').slice(2)).toEqual(['1 | a: 😀日本    x', '  |              ^']);
});

test('widens the gutter, marks the first line of a range, and gives an empty one a caret', () => {
  const lines = `${'\n'.repeat(8)}nine: 1\nten: [a,\n  b]`;
  expect(codeFrame(at(lines, '[a,\n  b]'), plain)).toBe(
    '  --> suites/a.yaml:10:6\n   |\n 9 | nine: 1\n10 | ten: [a,\n   |      ^^^',
  );
  const end = { ...at(lines, 'b]'), start: lines.length, end: lines.length };
  expect(codeFrame(end, plain)).toMatch(/11 \| {3}b\]\n {3}\| {5}\^$/);
});

test('cuts long lines around the caret', () => {
  const [, , line = '', carets = ''] = codeFrame(
    at(`${'x'.repeat(500)}HERE${'y'.repeat(500)}`, 'HERE'),
    plain,
  ).split('\n');
  expect(line.length).toBeLessThan(130);
  expect(line).toMatch(/^1 \| …x+HEREy+…$/);
  expect(carets.indexOf('^^^^')).toBe(line.indexOf('HERE'));
});

test('text cannot control the terminal', () => {
  const hostile = 'a: \u001b[2J\u202e\u0007b';
  const shown = renderDiagnostic(
    { ...unknown, message: hostile, help: hostile, place: at(hostile, 'b') },
    plain,
  );
  for (const char of ['\u001b', '\u0007', '\u202e']) expect(shown).not.toContain(char);
  expect(shown).toContain('a: ␛[2J\\u202e␇b');
});

test('sorts by file and place, prints each once, and counts', () => {
  const b: Diagnostic = { ...unknown, place: at('x: 1', 'x', 'b.yaml') };
  const warning: Diagnostic = {
    severity: 'warning',
    code: 'w',
    message: 'careful',
    place: at('x: 1', '1', 'b.yaml'),
  };
  const missing: Diagnostic = {
    severity: 'error',
    code: 'missing-file',
    message: 'no such file',
    path: 'c.yaml',
  };
  const flag: Diagnostic = {
    severity: 'error',
    code: 'usage',
    message: 'no such option',
    help: 'see\n--help',
  };
  const shown = renderDiagnostics([missing, warning, b, b, flag], plain);
  expect(shown.match(/^(error|warning)\[.*?\]/gm)).toEqual([
    'error[usage]',
    'error[unknown-key]',
    'warning[w]',
    'error[missing-file]',
  ]);
  expect(shown).toMatch(/ --> c\.yaml\n\n3 errors and 1 warning in 2 files$/);
  expect(renderDiagnostics([warning], plain)).toMatch(/\n\n1 warning in 1 file$/);
  expect(renderDiagnostics([], plain)).toBe('');
});

test.for<[line: string, allowed: boolean]>([
  ['temperature: 3 # assay: allow hot', true],
  ['temperature: 3 # assay: allow cold, hot', true],
  ['temperature: 3 # assay: allow hotter', false],
  ['temperature: 3 # hot', false],
  ['temperature: 3\n# assay: allow hot', false],
])('%s', ([line, allowed]) => {
  const warning: Diagnostic = { severity: 'warning', code: 'hot', message: 'hot', place: at(line, '3') };
  expect(isAllowed(warning)).toBe(allowed);
  expect(isAllowed({ ...warning, severity: 'error' })).toBe(false);
  expect(renderDiagnostics([warning], plain) === '').toBe(allowed);
});

test.for<[word: string, candidates: string[], expected: string | undefined]>([
  ['temprature', ['topP', 'temperature'], 'temperature'],
  ['STOPP', ['stop'], 'stop'],
  ['maxoutputtokens', ['maxOutputTokens'], 'maxOutputTokens'],
  ['x', ['y'], undefined],
  ['abc', ['xyz'], undefined],
  ['', ['a'], undefined],
])('nearest to %s', ([word, candidates, expected]) => expect(nearest(word, candidates)).toBe(expected));
