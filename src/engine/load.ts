import { type Diagnostic, usageError } from '../diagnostics/diagnostic.ts';
import type { Plan, PlanOptions, Selection } from '../plan/case.ts';
import { planSuite } from '../plan/plan.ts';
import { isSelected } from '../plan/select.ts';
import { bareModel } from '../gemini/paths.ts';
import { loadSuites } from '../suite/load.ts';
import { warnAboutEnded } from '../suite/models.ts';
import { emit, refuseErrors, type Context } from './context.ts';
import { hideEnv } from './secrets.ts';

/**
 * Reads suites, plans their cases, and reports all warnings. Throws a DiagnosticError with all errors, or if no case is
 * selected.
 */
export async function loadPlans(
  context: Context,
  paths: readonly string[],
  options: PlanOptions,
): Promise<Plan[]> {
  const found: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void found.push(diagnostic);
  const suites = await loadSuites([...paths], { cwd: context.cwd, report });
  hideEnv(suites, context.env);
  const plans: Plan[] = [];
  const today = new Date().toISOString();
  const onLarge = (): void => context.on({ type: 'large' });
  for (const suite of suites) plans.push(await planSuite(suite, { today, ...options, onLarge }, report));
  if (options.useModel !== undefined) warnAboutEnded(bareModel(options.useModel), today, undefined, report);
  refuseErrors(context, found);
  refuseNone(plans, options.selection);
  emit(context, unmatched(plans, options.selection));
  return plans;
}

/** Warnings for values of a selecting option that match no case, where other values do. */
function unmatched(plans: readonly Plan[], selection: Selection): Diagnostic[] {
  const several = Object.entries(selection) as [keyof Selection, readonly string[] | undefined][];
  return several.flatMap(([option, values = []]) =>
    (values.length > 1 ? values : [])
      .filter(
        (value) => !plans.some(({ cases }) => cases.some((ref) => isSelected(ref, { [option]: [value] }))),
      )
      .map((value): Diagnostic => ({
        severity: 'warning',
        code: 'no-match',
        message: `no case matches --${option} ${value}`,
        help: 'assay plan without these options lists all ids and names',
      })),
  );
}

/** A selection as options of the command line: `--tag smoke --model m`. */
function optionsOf(selection: Selection): string {
  return Object.entries(selection)
    .flatMap(([option, values]: [string, readonly string[] | undefined]) =>
      (values ?? []).map((value) => `--${option} ${value}`),
    )
    .join(' ');
}

/** Throws a DiagnosticError if no case is selected. */
export function refuseNone(plans: readonly Plan[], selection: Selection): void {
  if (plans.some(({ cases }) => cases.length > 0)) return;
  const total = plans.reduce((sum, plan) => sum + plan.total, 0);
  throw usageError(
    'empty-selection',
    total > 0 ? `no case matches ${optionsOf(selection)}` : 'the suites have no cases',
    total > 0
      ? 'assay plan without these options lists all ids, names and tags'
      : 'give a suite prompts, or tests with data',
  );
}
