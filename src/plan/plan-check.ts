import type { Report } from '../diagnostics/diagnostic.ts';
import type { PromptPart, Row, Test } from '../suite/suite.ts';
import type { Case } from './case.ts';
import type { Scope } from './lookup.ts';
import type { Cell } from './matrix.ts';

/** Looks for likely mistakes in a plan: it sees the parts as they are laid out, and reports when all were seen. */
export interface PlanCheck {
  readonly test?: (test: Test, cells: readonly Cell[]) => void;
  /** `vars` are the variables of the row's cases. */
  readonly row?: (test: Test, row: Row, vars: Scope['vars']) => void;
  /** A file of a prompt whose path is a template. */
  readonly part?: (test: Test, part: PromptPart) => void;
  /** A case as it would be sent; `report` names it. */
  readonly case?: (testCase: Case, report: Report) => void;
  readonly end: (report: Report) => void;
}
