import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import type { CaseRef } from './case.ts';

/** Errors that are reported for each value: another value of a closed set is another mistake. */
const byValue = new Set(['unknown-enum-value', 'unknown-value']);
/** Errors that are reported for each row: another row needs another value. */
const byRow = new Set(['empty-expectation']);
/** Most values reported at one place; the rest are likely of a column that was not meant. */
const mostValues = 20;

const placeOf = ({ code, place }: Diagnostic): string => `${code}\0${place?.file.path}\0${place?.start}`;

/** Reports each diagnostic once, however many cases have it. */
export function reportOnce(report: Report): Report {
  const seen = new Set<string>();
  return (diagnostic) => {
    // The rows of a large file all have the place of their test.
    const part = diagnostic.code === 'equal-cases' ? '' : diagnostic.message;
    const key = `${part}\0${placeOf(diagnostic)}`;
    if (seen.has(key)) return;
    seen.add(key);
    report(diagnostic);
  };
}

/** Reports what is wrong with rendered values, for the first case that has the error. */
export function reportFirst(report: Report): (ref: CaseRef) => Report {
  const seen = new Map<string, Set<string>>();
  return ({ id, row }) =>
    (diagnostic) => {
      const key = placeOf(diagnostic);
      const values = seen.get(key) ?? new Set();
      seen.set(key, values);
      const { code, message } = diagnostic;
      const value = byValue.has(code) ? message : byRow.has(code) ? `${message} ${row?.origin ?? ''}` : '';
      if (values.has(value) || values.size > mostValues) return;
      values.add(value);
      const text =
        values.size > mostValues ? `${message}, and there are more such values, not listed here` : message;
      report({ ...diagnostic, message: `${text} (in ${id}${row ? `, ${row.origin}` : ''})` });
    };
}
