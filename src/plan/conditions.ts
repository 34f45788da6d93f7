import type { Diagnostic, SourceRange, Report } from '../diagnostics/diagnostic.ts';
import { placeOfPiece } from '../diagnostics/position.ts';
import { nearest } from '../lib/nearest.ts';
import type { VarMap } from '../suite/suite.ts';
import { mention, mentionOf } from './template-error.ts';

/**
 * The names in conditions of a suite. One that no row has may be a column that is left out, which is allowed; one that
 * resembles a known variable is more likely a mistake.
 */
export class Conditions {
  readonly #known = new Set<string>();
  readonly #texted = new Map<string, Diagnostic>();
  readonly #missed = new Map<string, { name: string; near: string; place: SourceRange } | undefined>();

  /** A name that a condition found. */
  found(name: string): void {
    this.#known.add(name);
  }

  /** The variables of a row whose conditions may not be looked at. */
  see(vars: Pick<VarMap, 'keys'>): void {
    for (const name of vars.keys()) this.#known.add(name);
  }

  /** A name that a condition did not find, as its template has it at a place. */
  missed(name: string, original: string, names: readonly string[], place: SourceRange): void {
    const key = `${original}\0${place.start}\0${place.file.path}`;
    if (this.#missed.has(key)) return;
    const near = resembling(name, names);
    this.#missed.set(
      key,
      near === undefined ? undefined : { name, near, place: placeOfPiece(place, mentionOf(original)) },
    );
  }

  /** A text that a condition takes for true, though it says the opposite. */
  texted(
    original: string,
    value: string,
    { row, dataAt }: { readonly row?: string; readonly dataAt?: SourceRange },
    place: SourceRange,
  ): void {
    const key = `${original}\0${place.start}\0${place.file.path}`;
    if (!looksFalse.test(value) || this.#texted.has(key)) return;
    const at = placeOfPiece(place, mentionOf(original));
    this.#texted.set(key, {
      severity: 'warning',
      code: 'text-condition',
      message: `${JSON.stringify(value)} in ${original} is a text, which a condition takes for true${row === undefined ? '' : ` (${row})`}`,
      place: at,
      help:
        row === undefined
          ? 'write the value without quotes: false'
          : `leave the cell of the column ${original} empty, or give the rows in JSON, JSONL or YAML, where false is no text`,
      ...(dataAt ? { allowAt: dataAt } : {}),
    });
  }

  /** Warns of the names that nothing has, and of texts that say the opposite of what they do. */
  warn(report: Report): void {
    for (const warning of this.#texted.values()) report(warning);
    for (const missed of this.#missed.values()) {
      if (!missed || this.#known.has(missed.name)) continue;
      report({
        severity: 'warning',
        code: 'undefined-condition',
        message: `there is no variable ${JSON.stringify(missed.name)}: this condition is always false`,
        place: missed.place,
        help: `did you mean ${mention(missed.near)}?`,
      });
    }
  }
}

/** Texts that people write for no. */
const looksFalse = /^\s*(?:false|0|no|off|n|f)\s*$/i;

/** A number or letter at the end distinguishes names: `choice_a` is not a misspelled `choice_b`. */
const ending = /\d+|[_-][a-z]$/gi;

/** The known name that a name resembles, closely: the name may well be meant. */
function resembling(name: string, names: readonly string[]): string | undefined {
  const others = names.filter((each) => each.replace(ending, '') !== name.replace(ending, ''));
  return nearest(name, others, 2, 0.26) ?? others.find((other) => isSwapped(name, other));
}

/** Whether two letters beside each other changed places. */
function isSwapped(name: string, other: string): boolean {
  const at = [...name].findIndex((letter, index) => letter !== other[index]);
  const swapped = `${name.slice(0, at)}${name[at + 1] ?? ''}${name[at] ?? ''}${name.slice(at + 2)}`;
  return at >= 0 && swapped === other;
}
