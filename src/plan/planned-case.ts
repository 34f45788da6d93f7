import type { Method } from '../gemini/methods.ts';
import type { NamedConfig, NamedPrompt, Row, Suite, Test } from '../suite/suite.ts';
import type { CaseRef } from './case.ts';
import type { Cell } from './matrix.ts';

/** What the cases of one cell have in common, whatever their rows. */
export interface Axes {
  readonly suite: Suite;
  readonly test: Test;
  readonly cell: Cell;
  readonly repeats: number;
  readonly passRate: number;
  /** `--use-model`. */
  readonly useModel: string | undefined;
}

/** A case as a plan holds it: its own names, and a reference to what it shares. */
export class PlannedCase implements CaseRef {
  readonly id: string;
  readonly row: Row | undefined;
  readonly rowName: string | undefined;
  readonly model: string | undefined;
  readonly #axes: Axes;

  constructor(
    id: string,
    axes: Axes,
    row: Row | undefined,
    rowName: string | undefined,
    model: string | undefined,
  ) {
    this.id = id;
    this.#axes = axes;
    this.row = row;
    this.rowName = rowName;
    this.model = model;
  }

  get suite(): Suite {
    return this.#axes.suite;
  }

  get test(): Test {
    return this.#axes.test;
  }

  get prompt(): NamedPrompt | undefined {
    return this.#axes.cell.prompt;
  }

  get config(): NamedConfig | undefined {
    return this.#axes.cell.config;
  }

  get method(): Method {
    return this.#axes.cell.method;
  }

  get modelInId(): boolean {
    return this.#axes.cell.modelInId;
  }

  get repeats(): number {
    return this.#axes.repeats;
  }

  get passRate(): number {
    return this.#axes.passRate;
  }

  get skip(): string | undefined {
    return this.#axes.test.skip;
  }
}
