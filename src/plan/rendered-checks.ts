import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { mapNode, type Source, type SourceNode } from '../diagnostics/source-node.ts';
import { fitsSchema, validateSuite } from '../suite/validate.ts';

/** Checks of the values of a case that came from templates: a text where a number is expected, for example. */
export class RenderedChecks {
  readonly #unfit: { readonly suite: SourceNode; readonly source: Source }[] = [];
  readonly #refused: Source[] = [];
  readonly #checks: ((report: Report) => void)[] = [];

  /** Validates a rendered key of a suite; what does not fit is kept for {@link run}. */
  validate(key: 'defaults' | 'assert', node: SourceNode, source = node.source): void {
    const suite = mapNode(
      [
        ['suite', node.with('rendered')],
        [key, node],
      ],
      node,
    );
    if (!fitsSchema(suite.value)) this.#unfit.push({ suite, source });
  }

  /** Keeps an error of the values at a source, which are then not checked further. */
  refuse(diagnostic: Diagnostic, source: Source): void {
    this.#refused.push(source);
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

  /** Whether what was written there turned out not to fit the language. */
  isUnfit(source: Source): boolean {
    return this.#refused.includes(source) || this.#unfit.some((unfit) => unfit.source === source);
  }

  /** Reports what is wrong. */
  run(report: Report): void {
    for (const { suite } of this.#unfit) validateSuite(suite, report);
    for (const check of this.#checks) check(report);
  }
}
