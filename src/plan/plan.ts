import { bareModel } from '../gemini/paths.ts';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { textLength } from '../gemini/request-facts.ts';
import { checkModelName, reportDuplicate, warnAboutEnded } from '../suite/models.ts';
import type { Located, Row, Suite, Test } from '../suite/suite.ts';
import type { Case, CaseRef, Plan, PlanOptions } from './case.ts';
import { defaultRowName, joinId } from './ids.ts';
import { checkRendered, hasRendered } from './bind.ts';
import { Conditions } from './conditions.ts';
import { filesOf, openFiles } from './contents.ts';
import { materialize, scopeOf } from './materialize.ts';
import type { Scope } from './lookup.ts';
import { cellsOf, rowsOf, type Cell } from './matrix.ts';
import { RenderedChecks } from './rendered-checks.ts';
import { isNarrowed, isSelected } from './select.ts';
import { asksForSnapshot, warnOfObsolete } from './snapshots.ts';
import { renderString } from './template.ts';
import { loadParser } from './template-tree.ts';
import { unassertedTests } from './unasserted-tests.ts';
import { undeclaredFunctions } from './undeclared-functions.ts';
import { unrenderedBraces } from './unrendered-braces.ts';
import { unusedAssertions } from './unused-assertions.ts';
import { unusedVariables } from './unused-variables.ts';
import { reportFirst, reportOnce } from './report-once.ts';

/** Characters of rendered cases that a plan keeps for the run and the judge; what is beyond is rendered again, to bound the memory. */
const mostKept = 20_000_000;
/** Cases of a suite from which on its memory is to be watched. */
const large = 20_000;

/** Roughly the characters of a rendered case beside its texts; files are shared. */
const caseWeight = 2000;

/** Lays out the matrix of one suite and renders every case once, so that no error is left for the run. */
export async function planSuite(suite: Suite, options: PlanOptions, report: Report): Promise<Plan> {
  const hasFiles = suite.prompts.some((prompt) => filesOf(prompt).length > 0);
  // A file that only rows name may contain anything.
  if (!suite.plainTemplates || hasFiles) await loadParser();
  const chosen = new Map<string, CaseRef>();
  const passedOver = new Set<string>();
  let sound = true;
  const watching = watched(report, () => (sound = false));
  const once = reportOnce(watching);
  const inCase = reportFirst(watching);
  const narrowed = isNarrowed(options.selection);
  const conditions = new Conditions();
  const planChecks = [
    unrenderedBraces(suite),
    unassertedTests(),
    unusedAssertions(suite),
    unusedVariables(suite, narrowed),
    undeclaredFunctions(narrowed),
  ];
  /** Cases whose text was approved, and that still ask for it. */
  const wanting = new Set<string>();
  const kept = new Map<CaseRef, Case>();
  let remaining = mostKept;
  for (const test of suite.tests) {
    const cells = cellsOf(suite, test, once);
    for (const check of planChecks) check.test?.(test, cells);
    const axes = cells.map((cell) => axesOf(suite, test, cell, options));
    for await (const row of rowsOf(test)) {
      let badVars = false;
      const reportVars = watched(once, () => (badVars = true));
      const scope = scopeOf({ suite, test, row }, options.env, reportVars, conditions);
      // Errors in what uses such a variable would only follow from it.
      if (badVars) continue;
      if (row) for (const check of planChecks) check.row?.(test, row, scope.vars);
      if (narrowed || test.skip !== undefined) conditions.see(scope.vars);
      const rowName = row && nameOf(row, test, scope, once);
      for (const [index, each] of axes.entries()) {
        const ref = refOf(each, row, rowName, scope, once);
        if (chosen.has(ref.id) || passedOver.has(ref.id)) {
          const twice = axes
            .slice(0, index)
            .some((other) => refOf(other, row, rowName, scope, once).id === ref.id);
          // Two templates may name one model.
          if (twice && each.named) reportDuplicate(ref.model ?? '', each.named.place, once);
          else reportEqual(ref, once);
          continue;
        }
        if (suite.snapshots && asksForSnapshot(ref)) wanting.add(ref.id);
        if (narrowed && !isSelected(ref, options.selection)) {
          passedOver.add(ref.id);
          continue;
        }
        chosen.set(ref.id, ref);
        if (chosen.size === large) options.onLarge?.();
        if (ref.skip !== undefined) continue;
        if (options.today !== undefined && ref.model !== undefined && options.useModel === undefined)
          warnAboutEnded(ref.model, options.today, each.named?.place, once);
        if (hasFiles)
          for (const part of await openFiles(ref, scope, once))
            for (const check of planChecks) check.part?.(test, part);
        const checks = new RenderedChecks();
        let failed = false;
        const rendered = materialize(
          ref,
          scope,
          watched(once, () => (failed = true)),
          checks,
        );
        // What a broken template leaves is no value to check.
        if (!failed) {
          if (!checks.isEmpty) checks.run(inCase(ref));
          if (hasRendered(rendered)) await checkRendered(rendered, checks, inCase(ref));
          for (const check of planChecks) check.case?.(rendered, inCase(ref));
        }
        remaining -= caseWeight + textLength(rendered.request.body);
        if (remaining > 0) kept.set(ref, rendered);
      }
    }
  }
  conditions.warn(once);
  // Beside errors, a warning may only follow from them.
  if (sound) {
    for (const check of planChecks) check.end(report);
    warnOfObsolete(suite, wanting, () => [...chosen.keys(), ...passedOver], report);
  }
  // Every case was rendered while planning: an error now is new, and must not pass as a request.
  const refuse = (diagnostic: Diagnostic): void => {
    if (diagnostic.severity === 'error') throw new DiagnosticError([diagnostic]);
  };
  return {
    suite,
    cases: [...chosen.values()],
    total: chosen.size + passedOver.size,
    find: (id) => chosen.get(id),
    materialize: (ref) => {
      // A case may be skipped because its templates lack something here; it is shown as far as possible.
      const onError = ref.skip === undefined ? refuse : () => undefined;
      return kept.get(ref) ?? materialize(ref, scopeOf(ref, options.env, onError), onError);
    },
  };
}

function reportEqual({ id, row, test }: CaseRef, report: Report): void {
  report({
    severity: 'error',
    code: 'equal-cases',
    message: `two cases have the id ${JSON.stringify(id)}`,
    place: row?.place ?? test.place,
    help: row
      ? 'to send the same row several times, use repeats; to distinguish rows, use row'
      : 'give the tests different names',
  });
}

/** A row's name in ids: one line, and never empty. */
function nameOf(row: Row, test: Test, scope: Scope, report: Report): string {
  if (!test.rowName) return defaultRowName(row);
  const { value, place } = test.rowName;
  let failed = false;
  const watching = watched(report, () => (failed = true));
  const name = renderString(value, scope, { place, report: watching }).replace(/\s+/g, ' ').trim();
  if (name === '' && !failed) {
    const isSame = !value.includes('{{');
    report({
      severity: 'error',
      code: 'empty-row-name',
      message: isSame ? 'row gives all rows an empty name' : `the row at ${row.origin} has an empty name`,
      place: isSame ? place : (row.place ?? place),
      help: 'give row a text that says more, or leave it out: rows are then named by their values',
    });
  }
  // Rows without a name of their own are not equal for that.
  return failed || name === '' ? defaultRowName(row) : name;
}

/** Passes diagnostics on, and calls back at an error. */
function watched(report: Report, onError: () => void): Report {
  return (diagnostic) => {
    if (diagnostic.severity === 'error') onError();
    report(diagnostic);
  };
}

/** What the cases of one cell have in common, whatever their rows. */
interface Axes {
  readonly shared: Omit<CaseRef, 'id' | 'row' | 'rowName' | 'model'>;
  readonly named: Located<string> | undefined;
  readonly useModel: string | undefined;
}

function axesOf(suite: Suite, test: Test, { model, ...cell }: Cell, options: PlanOptions): Axes {
  return {
    shared: {
      suite,
      test,
      ...cell,
      repeats: options.repeats ?? test.repeats ?? suite.repeats,
      passRate: test.passRate ?? suite.passRate,
      skip: test.skip,
    },
    named: model,
    useModel: options.useModel,
  };
}

function refOf(
  { shared, named, useModel }: Axes,
  row: Row | undefined,
  rowName: string | undefined,
  scope: Scope,
  report: Report,
): CaseRef {
  const { suite, test, prompt, config, modelInId } = shared;
  const model = named && modelOf(named, scope, report);
  const names = [
    test.name,
    ...(rowName === undefined ? [] : [rowName]),
    ...(prompt ? [prompt.name] : []),
    ...(config && suite.configsDeclared ? [config.name] : []),
    ...(modelInId && model !== undefined ? [model] : []),
  ];
  return {
    ...shared,
    id: joinId(names),
    row,
    rowName,
    model: model === undefined ? undefined : (useModel ?? model),
  };
}

/** The bare id of a model, which may be a template. */
function modelOf({ value, place }: Located<string>, scope: Scope, report: Report): string {
  if (!value.includes('{{')) return bareModel(value);
  let failed = false;
  const name = renderString(value, scope, { place, report: watched(report, () => (failed = true)) });
  // A plain text was checked when it was read.
  if (name !== value && !failed) checkModelName(name, place, report);
  // Two that cannot be rendered are not one.
  return failed ? value : bareModel(name);
}
