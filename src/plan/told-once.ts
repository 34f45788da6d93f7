import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import type { CaseRef } from './case.ts';

/** Faults of which each value is told: another value of a closed set is another slip. */
const byValue = new Set(['unknown-enum-value', 'unknown-value']);
/** Faults of which each row is told: another row needs another value. */
const byRow = new Set(['empty-expectation']);
/** So many values at one place are told; the rest are likely of a column that was not meant. */
const mostValues = 20;

/** The same fault of 1,000 rows is one fault; `part` is what tells faults of one code and place apart. */
export function reportOnce(report: Report, part: (diagnostic: Diagnostic) => string): Report {
  const seen = new Set<string>();
  return (diagnostic) => {
    const key = `${part(diagnostic)}\0${keyOf(diagnostic)}`;
    if (seen.has(key)) return;
    seen.add(key);
    report(diagnostic);
  };
}

function keyOf({ code, place }: Diagnostic): string {
  return `${code}\0${place?.file.path}\0${place?.start}`;
}

/** Tells what the values of a case make of a template: for the first case that has the fault, of closed sets each value once. */
export function reportFirst(report: Report): (ref: CaseRef) => Report {
  const seen = new Map<string, Set<string>>();
  return ({ id, row }) =>
    (diagnostic) => {
      const key = keyOf(diagnostic);
      const values = seen.get(key) ?? new Set();
      seen.set(key, values);
      const { code, message } = diagnostic;
      const value = byValue.has(code) ? message : byRow.has(code) ? `${message} ${row?.origin ?? ''}` : '';
      if (values.has(value) || values.size > mostValues) return;
      values.add(value);
      const fault =
        values.size > mostValues
          ? `${diagnostic.message}, and there are more such values, which are not told`
          : diagnostic.message;
      report({ ...diagnostic, message: `${fault} (in ${id}${row ? `, ${row.origin}` : ''})` });
    };
}
