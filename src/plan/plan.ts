import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import type { BodyValue } from '../gemini/request.ts';
import { isObject } from '../lib/json.ts';
import type { Row, Suite, Test } from '../suite/suite.ts';
import type { Case, CaseRef, Plan, PlanOptions } from './case.ts';
import { defaultRowName, joinId } from './ids.ts';
import { checkRendered, materialize, scopeOf } from './materialize.ts';
import type { Scope } from './lookup.ts';
import { cellsOf, rowsOf, type Cell } from './matrix.ts';
import { PlannedCase, type Axes } from './planned-case.ts';
import { isSelected } from './select.ts';
import { asksForSnapshot, warnOfObsolete } from './snapshots.ts';
import { renderString } from './template.ts';
import { loadParser } from './template-tree.ts';

/** Characters of rendered cases that a plan keeps for the run and the judge; what is beyond is rendered again, to bound the memory. */
const mostKept = 20_000_000;
/** Cases of a suite from which on its memory is to be watched. */
const large = 20_000;

/** Roughly the characters that a rendered case holds for itself; files are shared. */
function weightOf({ request }: Case): number {
  const contents = request.body?.contents;
  const texts = Array.isArray(contents) ? contents.flatMap((content) => partsOf(content)) : [];
  return texts.reduce((sum, text) => sum + text.length, 2000);
}

function partsOf(content: BodyValue): string[] {
  const parts = isObject(content) && Array.isArray(content.parts) ? content.parts : [];
  return parts.flatMap((part) => (isObject(part) && typeof part.text === 'string' ? [part.text] : []));
}

/** Lays out the matrix of one suite and renders every case once, so that no fault is left for the run. */
export async function planSuite(suite: Suite, options: PlanOptions, report: Report): Promise<Plan> {
  if (!suite.plainTemplates) await loadParser();
  const chosen = new Map<string, CaseRef>();
  const passedOver = new Set<string>();
  const once = reportOnce(report);
  /** Cases whose text was approved, and that still ask for it. */
  const wanting = new Set<string>();
  const kept = new Map<CaseRef, Case>();
  let room = mostKept;
  for (const test of suite.tests) {
    const axes = cellsOf(suite, test, once).map((cell) => axesOf(suite, test, cell, options));
    for await (const row of rowsOf(test)) {
      const scope = scopeOf({ suite, test, row }, options.env, once);
      const rowName = row && nameOf(row, test, scope, once);
      for (const each of axes) {
        const ref = refOf(each, row, rowName, scope, once);
        if (chosen.has(ref.id) || passedOver.has(ref.id)) {
          tellEqual(ref, once);
          continue;
        }
        if (suite.snapshots?.has(ref.id) && asksForSnapshot(ref)) wanting.add(ref.id);
        if (!isSelected(ref, options.selection)) {
          passedOver.add(ref.id);
          continue;
        }
        chosen.set(ref.id, ref);
        if (chosen.size === large) options.onLarge?.();
        if (ref.skip !== undefined) continue;
        const rendered = materialize(ref, scope, once);
        if (rendered.assertions.some(({ constant }) => !constant)) await checkRendered(rendered, once);
        room -= weightOf(rendered);
        if (room > 0) kept.set(ref, rendered);
      }
    }
  }
  // Every case was rendered while planning: a fault now is news, and must not pass as a request.
  const refuse = (diagnostic: Diagnostic): void => {
    if (diagnostic.severity === 'error') throw new DiagnosticError([diagnostic]);
  };
  warnOfObsolete(suite, wanting, (id) => chosen.has(id) || passedOver.has(id), report);
  return {
    suite,
    cases: [...chosen.values()],
    total: chosen.size + passedOver.size,
    find: (id) => chosen.get(id),
    materialize: (ref) => kept.get(ref) ?? materialize(ref, scopeOf(ref, options.env, refuse), refuse),
  };
}

function tellEqual({ id, row, test }: CaseRef, report: Report): void {
  report({
    severity: 'error',
    code: 'equal-cases',
    message: `two cases have the id ${JSON.stringify(id)}`,
    place: row?.place ?? test.place,
    help: row
      ? 'to ask the same row several times, use repeats; to tell rows apart, use row'
      : 'give the tests different names',
  });
}

function nameOf(row: Row, test: Test, scope: Scope, report: Report): string {
  if (!test.rowName) return defaultRowName(row);
  const { value, place } = test.rowName;
  return renderString(value, scope, { place, report });
}

function axesOf(suite: Suite, test: Test, cell: Cell, options: PlanOptions): Axes {
  return {
    suite,
    test,
    cell,
    repeats: options.repeats ?? test.repeats ?? suite.repeats,
    passRate: test.passRate ?? suite.passRate,
    useModel: options.useModel,
  };
}

function refOf(
  axes: Axes,
  row: Row | undefined,
  rowName: string | undefined,
  scope: Scope,
  report: Report,
): CaseRef {
  const { suite, test, cell, useModel } = axes;
  const model =
    cell.model &&
    renderString(cell.model.value, scope, { place: cell.model.place, report }).replace(/^models\//, '');
  const names = [
    test.name,
    ...(rowName === undefined ? [] : [rowName]),
    ...(cell.prompt ? [cell.prompt.name] : []),
    ...(cell.config && suite.configsDeclared ? [cell.config.name] : []),
    ...(cell.modelInId && model !== undefined ? [model] : []),
  ];
  return new PlannedCase(
    joinId(names),
    axes,
    row,
    rowName,
    model === undefined ? undefined : (useModel ?? model),
  );
}

/** The same fault of 1,000 rows is one fault. */
function reportOnce(report: Report): Report {
  const seen = new Set<string>();
  return (diagnostic) => {
    const key = `${diagnostic.code}\0${diagnostic.message}\0${diagnostic.place?.file.path}\0${diagnostic.place?.start}`;
    if (seen.has(key)) return;
    seen.add(key);
    report(diagnostic);
  };
}
