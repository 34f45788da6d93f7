import { argumentsOf } from '../assertions/compile.ts';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { placeOfPiece } from '../diagnostics/position.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { literalPattern } from '../lib/literal-pattern.ts';
import { entryOf, schemasFor, templateMode, type Described } from '../shape/walk.ts';
import { fieldShape } from '../suite/coerce-field.ts';
import type { AssertionEntry, NamedPrompt, Row, Suite, Test, VarMap } from '../suite/suite.ts';

/** A name in braces: head and what follows its first dot; a brace that is escaped is one on purpose. */
const names = /(?<!\\)\{\{\{?\s*\[?([^\s{}.\]#/^!>]+)\]?(?:\.([^\s{}]+))?\s*\}?\}\}/g;

/** A name in one pair of braces, as other template languages have it: `{name}`, `${name}`; `\p{L}` is none. */
const single = /(?<!\{|\\[pPx])\$?\{\s*([\p{L}_][\p{L}\p{N}_-]*)\s*\}/gu;

/**
 * Looks for names in braces where templates do not apply, which would be sent or compared as they stand. Only those of
 * variables that the suite has are worth a word: other braces are text.
 */
export class Literals {
  readonly #suite: Suite;
  readonly #names: Set<string>;
  readonly #columns = new Map<Test, Set<string>>();
  readonly #single: {
    readonly name: string;
    readonly piece: string;
    readonly place: Place;
    readonly allowAt?: Place;
  }[] = [];
  readonly #found: { readonly where: string; readonly piece: string; readonly place: Place }[] = [];

  constructor(suite: Suite) {
    this.#suite = suite;
    this.#names = new Set([...suite.vars.keys(), ...suite.tests.flatMap(({ vars }) => [...vars.keys()])]);
  }

  /** Looks at the values of a row among the variables it gives; a column that has such a name is told once. */
  row(test: Test, row: Row, vars: VarMap): void {
    let told = this.#columns.get(test);
    if (!told) {
      this.#columns.set(test, (told = new Set()));
      for (const name of vars.keys()) this.#names.add(name);
    }
    for (const [name, { value, place = row.place ?? test.place }] of vars) {
      if (!mayHold(value) || told.has(name)) continue;
      const piece = this.#pieceIn(value);
      if (piece === undefined || !row.values.has(name)) continue;
      told.add(name);
      this.#found.push({ where: `rows (${row.origin})`, piece, place: placeOfPiece(place, piece) });
    }
  }

  /** Warns of every place. */
  warn(report: Report): void {
    this.#lookAtSuite();
    for (const { where, piece, place } of this.#found)
      report({
        severity: 'warning',
        code: 'literal-braces',
        message: `${piece} stays as it is: templates do not apply in ${where}`,
        place,
        help: 'write the value itself, or leave it so if the braces are meant',
      });
    for (const { name, piece, place, allowAt } of this.#single)
      report({
        severity: 'warning',
        code: 'single-braces',
        message: `${piece} stays as it is: a variable stands in two pairs of braces`,
        place,
        help: `write {{${name}}}`,
        ...(allowAt ? { allowAt } : {}),
      });
  }

  #lookAtSuite(): void {
    const { defaults, configs, vars, assert, tests, prompts } = this.#suite;
    this.#fields({ fields: defaults });
    for (const config of configs) this.#fields(config);
    for (const prompt of prompts) this.#prompt(prompt);
    this.#vars(vars);
    this.#entries(assert);
    for (const test of tests) {
      this.#vars(test.vars);
      this.#entries(test.assert);
      if (test.extra) this.#value(test.extra, test.place);
    }
  }

  #fields({ fields, extra, place }: { fields: JsonObject; extra?: JsonObject; place?: Place }): void {
    for (const [field, value] of Object.entries(fields)) {
      const at = valuePlace(fields, field) ?? place;
      const shape = fieldShape(field);
      const isLiteral = shape !== undefined && templateMode(schemasFor(value, shape)) === 'literal';
      this.#value(value, at, shape, isLiteral ? field : undefined);
    }
    if (extra) this.#value(extra, place);
  }

  #prompt({ parts = [], turns = [], place }: NamedPrompt): void {
    for (const part of [...parts, ...turns.flatMap((turn) => turn.parts ?? [])]) {
      if (part.kind === 'api') this.#value(part.part, part.place);
      // In a longer text there is no room for a comment: the prompt's name may have it.
      if (part.kind === 'text' && part.template) this.#braces(part.text, part.place, place);
    }
  }

  #vars(vars: VarMap): void {
    for (const { value, template, place } of vars.values())
      if (!template && mayHold(value)) this.#value(value, place, undefined, 'a variable that is a file');
  }

  #entries(entries: readonly AssertionEntry[]): void {
    for (const { args, kind, entry, place } of entries)
      this.#value(args, valuePlace(entry, kind) ?? place, argumentsOf(kind));
  }

  /** Looks at keys, and at texts: those that are no templates stand in `where`. */
  #value(value: JsonValue, place: Place | undefined, described?: Described, where?: string): void {
    if (typeof value === 'string') {
      if (where !== undefined) this.#note(value, place, where);
      else this.#braces(value, place);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const schemas = described ? schemasFor(value, described) : [];
    for (const [name, inner] of Object.entries(value)) {
      const key = Array.isArray(value) ? Number(name) : name;
      if (typeof key === 'string') this.#note(key, keyPlace(value, key) ?? place, 'keys');
      const entry = entryOf(described, schemas, key);
      const isLiteral = entry !== undefined && templateMode(schemasFor(inner, entry)) === 'literal';
      this.#value(inner, valuePlace(value, key) ?? place, entry, where ?? (isLiteral ? name : undefined));
    }
  }

  #braces(text: string, place: Place | undefined, allowAt?: Place): void {
    if (!place || !text.includes('{')) return;
    for (const [piece, name = ''] of text.matchAll(single))
      if (this.#names.has(name))
        this.#single.push({
          name,
          piece,
          place: placeOfPiece(place, new RegExp(`(?<!\\{)${literalPattern(piece)}`)),
          ...(allowAt ? { allowAt } : {}),
        });
  }

  #note(text: string, place: Place | undefined, where: string): void {
    const piece = text.includes('{{') ? this.#piece(text) : undefined;
    if (piece === undefined || !place) return;
    const at = placeOfPiece(place, piece);
    const isTold = this.#found.some((each) => each.place.file === at.file && each.place.start === at.start);
    if (!isTold) this.#found.push({ where, piece, place: at });
  }

  #pieceIn(value: JsonValue): string | undefined {
    if (typeof value === 'string') return value.includes('{{') ? this.#piece(value) : undefined;
    if (typeof value !== 'object' || value === null) return undefined;
    for (const inner of Object.values(value)) {
      const piece = this.#pieceIn(inner);
      if (piece !== undefined) return piece;
    }
    return undefined;
  }

  /** The first name in braces that is one of the suite’s. */
  #piece(text: string): string | undefined {
    for (const [piece, head = '', rest = ''] of text.matchAll(names))
      if (this.#names.has(head) || (head === 'env' && this.#suite.env.includes(rest))) return piece;
    return undefined;
  }
}

/** Whether a value may hold braces: there may be 100,000 rows of them. */
function mayHold(value: JsonValue): boolean {
  return typeof value === 'string' ? value.includes('{{') : typeof value === 'object' && value !== null;
}
