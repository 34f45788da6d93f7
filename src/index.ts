/** The library: what `import … from 'prompt-assay'` gives. */
export { createSession } from './engine/session.ts';
export { DiagnosticError } from './diagnostics/diagnostic.ts';
export { renderDiagnostics } from './diagnostics/render.ts';
export type { RunOutcome, Session, SessionOptions } from './engine/session.ts';
export type { Approved, ApproveOptions } from './engine/approve.ts';
export type { CompareOptions, ComparisonOutcome } from './engine/compare.ts';
export type { RunProgress, SessionEvent } from './engine/context.ts';
export type { JudgeOptions } from './engine/judge.ts';
export type { MergeOptions } from './engine/merge.ts';
export type { PlannedCase, PlanOptions, PlanOutcome, ValidateOptions } from './engine/plan.ts';
export type { ReportOptions } from './engine/report.ts';
export type { RunOptions } from './engine/run.ts';
export type { Comparison } from './compare/comparison.ts';
export type { Diagnostic } from './diagnostics/diagnostic.ts';
export type { PlainCase, PlainResults, PlainSuite } from './report/module/plain.ts';
