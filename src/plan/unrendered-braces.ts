import { argumentsOf } from '../assertions/compile.ts';
import type { Diagnostic, SourceRange } from '../diagnostics/diagnostic.ts';
import { placeOfPiece } from '../diagnostics/position.ts';
import { SourceNode } from '../diagnostics/source-node.ts';
import type { JsonValue } from '../lib/json.ts';
import { literalPattern } from '../lib/literal-pattern.ts';
import { entryOf, schemasFor, templateMode, textsIn, type Described } from '../shape/walk.ts';
import { fieldShape } from '../suite/coerce-field.ts';
import type { Suite, Test } from '../suite/suite.ts';
import type { PlanCheck } from './plan-check.ts';

/** A name in braces: head and what follows its first dot; an escaped brace is meant as one. */
const names = /(?<!\\)\{\{\{?\s*\[?([^\s{}.\]#/^!>]+)\]?(?:\.([^\s{}]+))?\s*\}?\}\}/g;

/** A name in one pair of braces, as other template languages have it: `{name}`, `${name}`; not `\p{L}`. */
const single = /(?<!\{|\\[pPx])\$?\{\s*([\p{L}_][\p{L}\p{N}_-]*)\s*\}/gu;

/**
 * Warns of names in braces that are sent or compared as they stand: where templates do not apply, and in one pair of
 * braces. Only names of variables are reported: other braces are text.
 */
export function unrenderedBraces(suite: Suite): PlanCheck {
  const variables = new Set([...suite.vars.keys(), ...suite.tests.flatMap(({ vars }) => [...vars.keys()])]);
  /** The columns that were reported, by their test. */
  const columns = new Map<Test, Set<string>>();
  const found = new Map<string, Diagnostic>();

  /** The first name in braces that is a variable. */
  const pieceOf = (text: string): string | undefined => {
    for (const [piece, head = '', rest = ''] of text.includes('{{') ? text.matchAll(names) : [])
      if (variables.has(head) || (head === 'env' && suite.env.includes(rest))) return piece;
    return undefined;
  };
  const warn = (
    code: string,
    message: string,
    place: SourceRange,
    help: string,
    allowAt?: SourceRange,
  ): void => {
    const key = `${code} ${place.file.path} ${place.start}`;
    if (!found.has(key))
      found.set(key, { severity: 'warning', code, message, place, help, ...(allowAt ? { allowAt } : {}) });
  };
  const warnOfLiteral = (piece: string, where: string, place: SourceRange): void =>
    warn(
      'literal-braces',
      `${piece} stays as it is: templates do not apply in ${where}`,
      placeOfPiece(place, piece),
      'write the value itself, or leave it so if the braces are meant',
    );

  return {
    row: (test, row, vars) => {
      let reported = columns.get(test);
      if (!reported) {
        columns.set(test, (reported = new Set()));
        for (const name of vars.keys()) variables.add(name);
      }
      for (const [name, { value, place = row.place ?? test.place }] of row.values) {
        if (reported.has(name)) continue;
        const piece = piecesIn(value, pieceOf)[0];
        if (piece === undefined) continue;
        reported.add(name);
        warnOfLiteral(piece, `rows (${row.origin})`, place);
      }
    },
    end: (report) => {
      for (const { text, place, where, allowAt } of textsOf(suite)) {
        const piece = where === undefined ? undefined : pieceOf(text);
        if (where !== undefined && piece !== undefined) warnOfLiteral(piece, where, place);
        if (where !== undefined || !text.includes('{')) continue;
        for (const [braces, name = ''] of text.matchAll(single)) {
          if (!variables.has(name)) continue;
          const at = placeOfPiece(place, new RegExp(`(?<!\\{)${literalPattern(braces)}`));
          const message = `${braces} stays as it is: a variable needs two pairs of braces`;
          warn('single-braces', message, at, `write {{${name}}}`, allowAt);
        }
      }
      for (const diagnostic of found.values()) report(diagnostic);
    },
  };
}

function piecesIn(value: JsonValue, pieceOf: (text: string) => string | undefined): string[] {
  // There may be 100,000 rows, of texts for the most part.
  if (typeof value === 'string') return [pieceOf(value) ?? []].flat();
  return [...textsIn(value)].flatMap(({ text }) => pieceOf(text) ?? []);
}

/** A text or key of a suite; `where` says where templates do not apply, undefined where they do. */
interface Written {
  readonly text: string;
  readonly place: SourceRange;
  readonly where?: string | undefined;
  readonly allowAt?: SourceRange;
}

function* textsOf({ file, defaults, configs, vars, assert, tests, prompts }: Suite): Generator<Written> {
  const whole: SourceRange = { file, start: 0, end: 0 };
  for (const fields of [defaults, ...configs.map((config) => config.fields)])
    for (const [field, node] of fields.entries()) yield* textsWithin(node, field, fieldShape(field));
  for (const { extra } of [...configs, ...tests]) if (extra) yield* textsWithin(extra);
  for (const { parts = [], turns = [], place } of prompts)
    for (const part of [...parts, ...turns.flatMap((turn) => turn.parts ?? [])]) {
      if (part.kind === 'api') yield* textsWithin(part.part);
      // A block text cannot have a comment: allow the warning at the prompt's name.
      if (part.kind === 'text' && part.template) yield { text: part.text, place: part.place, allowAt: place };
    }
  for (const all of [vars, ...tests.map((test) => test.vars)])
    for (const { value, template, place = whole, parts } of all.values())
      if (!template) {
        const node = new SourceNode(value, { place, keyPlace: place, parts });
        yield* textsWithin(node, '', undefined, 'a variable that is a file');
      }
  for (const { args, kind, entry } of [assert, ...tests.map((test) => test.assert)].flat())
    yield* textsWithin(entry.at(kind).with(args), kind, argumentsOf(kind));
}

/** The texts and keys in a value under `key`. */
function* textsWithin(node: SourceNode, key = '', described?: Described, where?: string): Generator<Written> {
  const { value, place } = node;
  const schemas = described ? schemasFor(value, described) : [];
  const literal = where ?? (templateMode(schemas) === 'literal' ? key : undefined);
  if (typeof value === 'string') yield { text: value, place, where: literal };
  for (const [name, inner] of node.entries()) {
    const step = Array.isArray(value) ? Number(name) : name;
    if (step === name) yield { text: name, place: inner.keyPlace, where: 'keys' };
    yield* textsWithin(inner, name, entryOf(described, schemas, step), literal);
  }
}
