import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import type { BodyValue } from '../gemini/request.ts';
import { isObject } from '../lib/json.ts';
import type { Located, Suite } from '../suite/suite.ts';
import type { Case, CaseRef, Plan, PlanOptions } from './case.ts';
import { defaultRowName, joinId } from './ids.ts';
import { checkRendered, materialize, scopeOf } from './materialize.ts';
import { cellsOf, rowsOf, type Cell } from './matrix.ts';
import { isSelected } from './select.ts';
import { renderString } from './template.ts';
import { loadParser } from './template-tree.ts';

/** Characters of rendered cases that a plan keeps for the run and the judge; what is beyond is rendered again, to bound the memory. */
const mostKept = 20_000_000;

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
  const cases: CaseRef[] = [];
  const chosen = new Map<string, CaseRef>();
  const ids = new Map<string, CaseRef>();
  let total = 0;
  const once = reportOnce(report);
  const kept = new Map<CaseRef, Case>();
  let room = mostKept;
  for (const test of suite.tests) {
    const cells = cellsOf(suite, test, once);
    for (const row of await rowsOf(test)) {
      for (const cell of cells) {
        const ref = refOf(suite, test, row, cell, options, once);
        const equal = ids.get(ref.id);
        if (equal) {
          once({
            severity: 'error',
            code: 'equal-cases',
            message: `two cases have the id ${JSON.stringify(ref.id)}`,
            place: row?.place ?? test.place,
            help: row
              ? 'to ask the same row several times, use repeats; to tell rows apart, use row'
              : 'give the tests different names',
          });
          continue;
        }
        ids.set(ref.id, ref);
        total++;
        if (!isSelected(ref, options.selection)) continue;
        cases.push(ref);
        chosen.set(ref.id, ref);
        if (ref.skip !== undefined) continue;
        const rendered = materialize(ref, options.env, once);
        if (rendered.assertions.some(({ constant }) => !constant)) await checkRendered(rendered, once);
        room -= weightOf(rendered);
        if (room > 0) kept.set(ref, rendered);
      }
    }
  }
  return {
    suite,
    cases,
    total,
    find: (id) => chosen.get(id),
    materialize: (ref) =>
      kept.get(ref) ??
      materialize(ref, options.env, (diagnostic: Diagnostic) => {
        // Every case was rendered while planning: a fault now is news, and must not pass as a request.
        if (diagnostic.severity === 'error') throw new DiagnosticError([diagnostic]);
      }),
  };
}

function refOf(
  suite: Suite,
  test: CaseRef['test'],
  row: CaseRef['row'],
  cell: Cell,
  options: PlanOptions,
  report: Report,
): CaseRef {
  const scope = scopeOf({ suite, test, ...(row ? { row } : {}) }, options.env, report);
  const text = ({ value, place }: Located<string>): string => renderString(value, scope, { place, report });
  const model = cell.model ? text(cell.model).replace(/^models\//, '') : undefined;
  const rowName = row ? (test.rowName ? text(test.rowName) : defaultRowName(row)) : undefined;
  const names = [
    test.name,
    ...(rowName === undefined ? [] : [rowName]),
    ...(cell.prompt ? [cell.prompt.name] : []),
    ...(cell.config && suite.configsDeclared ? [cell.config.name] : []),
    ...(cell.modelInId && model !== undefined ? [model] : []),
  ];
  const asked = model === undefined ? undefined : (options.useModel ?? model);
  return {
    id: joinId(names),
    suite,
    test,
    method: cell.method,
    modelInId: cell.modelInId,
    repeats: options.repeats ?? test.repeats ?? suite.repeats,
    passRate: test.passRate ?? suite.passRate,
    ...(row ? { row } : {}),
    ...(rowName === undefined ? {} : { rowName }),
    ...(cell.prompt ? { prompt: cell.prompt } : {}),
    ...(cell.config ? { config: cell.config } : {}),
    ...(asked === undefined ? {} : { model: asked }),
    ...(test.skip === undefined ? {} : { skip: test.skip }),
  };
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
