/** What others must know of an assertion kind is a flag on it: no other file names a kind. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { kinds } from '../../src/assertions/registry.ts';

const src = path.join(import.meta.dirname, '../../src');

/** Kinds whose names are also words of the API or of reports, which other files use as such. */
const otherMeanings = new Set(
  `all blockReason chunks citations cost embedding error finishReason functionCall json modelVersion outcome response
  safety tokens`.split(/\s+/),
);

/** Files that use the name of a kind, each with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  'assertions/kind.ts': 'nested assertions of which all, any or none must hold',
  'assertions/nested-list.ts': 'nested assertions of which all, any or none must hold',
  'assertions/path-assertion.ts': 'keys of the arguments of path assertions',
  'assertions/limits.ts': 'the key equals of bounds',
  'plan/empty-arguments.ts': 'the argument contains of path assertions',
  'judge/case-record.ts': 'an example in a schema',
  'shape/explain.ts': 'keywords of JSON Schema',
  'suite/migration-hint.ts': 'the words of other tools, each with the kind that does the same',
};

/** Folders that know nothing of assertions. */
const without = ['assertions/kinds', 'generated', 'lib', 'gemini', 'journal', 'emulator'];

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => /\.tsx?$/.test(file) && file !== 'assertions/registry.ts')
  .filter((file) => !without.some((folder) => file.startsWith(`${folder}/`)));

const codeOf = (file: string): string =>
  readFileSync(path.join(src, file), 'utf8').replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '');

test('only files of the kinds and their registry name a kind', () => {
  const named = Object.keys(kinds).filter((kind) => !otherMeanings.has(kind));
  const text = new RegExp(`'(?:${named.join('|')})'`);
  const found = files.filter((file) => text.test(codeOf(file)));
  expect(found.filter((file) => !Object.hasOwn(exceptions, file))).toEqual([]);
});

test('no other file compares or looks up a kind by its name', () => {
  const every = Object.keys(kinds).join('|');
  const comparison = new RegExp(
    `\\bkind\\b(?:name)? (?:===|!==) '(?:${every})'|\\bkinds(?:\\.|\\[')(?:${every})\\b`,
  );
  const ofOtherThings = new Set(['judge/trial.ts', 'judge/parts.ts', 'report/parts.ts']);
  const found = files.filter((file) => comparison.test(codeOf(file)));
  expect(found.filter((file) => !ofOtherThings.has(file))).toEqual([]);
});
