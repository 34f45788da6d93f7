import type { Diagnostic, Place, Report } from '../diagnostics/diagnostic.ts';
import { setPlace } from '../diagnostics/places.ts';
import type { JsonObject } from '../lib/json.ts';
import { fitsSchema, validateSuite } from '../suite/validate.ts';

/** What is wrong with the values of a case once its templates are rendered: a text where a number is due, say. */
export class RenderedChecks {
  readonly #unfit: { readonly value: JsonObject; readonly place: Place }[] = [];
  readonly #refused: Place[] = [];
  readonly #checks: ((report: Report) => void)[] = [];

  /** Looks at rendered keys of a suite; what does not fit the language is kept, to be told by {@link tell}. */
  hold(keys: JsonObject, place: Place): void {
    const value = { suite: 'rendered', ...keys };
    if (fitsSchema(value)) return;
    for (const key of Object.keys(keys)) setPlace(value, key, place);
    this.#unfit.push({ value, place });
  }

  /** Keeps what is wrong with the values at a place, which are then not looked at further. */
  refuse(diagnostic: Diagnostic, place: Place): void {
    this.#refused.push(place);
    this.later((tell) => tell(diagnostic));
  }

  /** Keeps a further check of rendered values for {@link tell}. */
  later(check: (report: Report) => void): void {
    this.#checks.push(check);
  }

  /** True if there is nothing to tell. */
  get isEmpty(): boolean {
    return this.#unfit.length + this.#checks.length === 0;
  }

  /** Whether what was written at a place turned out not to fit the language. */
  isUnfit(place: Place): boolean {
    return this.#refused.includes(place) || this.#unfit.some((unfit) => unfit.place === place);
  }

  /** Tells what is wrong. */
  tell(report: Report): void {
    for (const { value, place } of this.#unfit) validateSuite(value, place, report);
    for (const check of this.#checks) check(report);
  }
}
