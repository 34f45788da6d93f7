import type { Diagnostic, Place, Report } from '../diagnostics/diagnostic.ts';
import { setPlace } from '../diagnostics/places.ts';
import type { JsonObject } from '../lib/json.ts';
import { fitsSchema, validateSuite } from '../suite/validate.ts';

/** Checks of the values of a case that came from templates: a text where a number is expected, for example. */
export class RenderedChecks {
  readonly #unfit: { readonly value: JsonObject; readonly place: Place }[] = [];
  readonly #refused: Place[] = [];
  readonly #checks: ((report: Report) => void)[] = [];

  /** Checks rendered keys of a suite by its schema; {@link run} reports what does not fit. */
  validate(keys: JsonObject, place: Place): void {
    const value = { suite: 'rendered', ...keys };
    if (fitsSchema(value)) return;
    for (const key of Object.keys(keys)) setPlace(value, key, place);
    this.#unfit.push({ value, place });
  }

  /** Adds an error of the values at a place, which are then not checked further. */
  refuse(diagnostic: Diagnostic, place: Place): void {
    this.#refused.push(place);
    this.later((report) => report(diagnostic));
  }

  /** Adds a check for {@link run}. */
  later(check: (report: Report) => void): void {
    this.#checks.push(check);
  }

  /** True if there is nothing to report. */
  get isEmpty(): boolean {
    return this.#unfit.length + this.#checks.length === 0;
  }

  /** Whether what was written at a place turned out not to fit the language. */
  isUnfit(place: Place): boolean {
    return this.#refused.includes(place) || this.#unfit.some((unfit) => unfit.place === place);
  }

  /** Reports what is wrong. */
  run(report: Report): void {
    for (const { value, place } of this.#unfit) validateSuite(value, place, report);
    for (const check of this.#checks) check(report);
  }
}
