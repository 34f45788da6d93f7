import type { JsonValue } from '../lib/json.ts';
import { schemasIn } from '../lib/json-schema-walk.ts';
import type { ReportProblem } from './kind.ts';

type Path = readonly (string | number)[];

/**
 * Whole numbers that a double cannot tell from their neighbours (ECMA-262, Number.MAX_SAFE_INTEGER): what a reply holds is
 * read as doubles, so that another number would count as equal. From 1e21 on nobody writes one digit by digit.
 */
const isInexact = (value: JsonValue): boolean =>
  typeof value === 'number' &&
  Number.isInteger(value) &&
  !Number.isSafeInteger(value) &&
  Math.abs(value) < 1e21;

/** Reports the numbers in a value that replies cannot be compared with; true if there is one. */
export function reportInexactNumbers(
  value: JsonValue | undefined,
  path: Path,
  report: ReportProblem,
): boolean {
  if (value === undefined) return false;
  if (isInexact(value)) {
    report({
      severity: 'error',
      code: 'inexact-number',
      message: `numbers beyond ${Number.MAX_SAFE_INTEGER} cannot be compared: JSON's are read as doubles, which are exact only up to there`,
      path,
      help: "compare the text of the answer instead, for example matches: '\\b12345678901234567890\\b'",
    });
    return true;
  }
  if (typeof value !== 'object' || value === null) return false;
  const found = Object.entries(value).map(([key, inner]) =>
    reportInexactNumbers(inner, [...path, Array.isArray(value) ? Number(key) : key], report),
  );
  return found.includes(true);
}

/** As {@link reportInexactNumbers}, of the values that a JSON Schema compares with: those of `const` and `enum`. */
export function reportInexactInSchema(schema: JsonValue, path: Path, report: ReportProblem): boolean {
  let any = false;
  for (const { schema: inner, path: at } of schemasIn(schema, path))
    for (const key of ['const', 'enum'] as const)
      any = reportInexactNumbers(inner[key], [...at, key], report) || any;
  return any;
}

/** As {@link reportInexactNumbers}, of the numbers that a JSONPath names in its filters. */
export function reportInexactInPath(query: string, path: Path, report: ReportProblem): boolean {
  const bare = query.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '');
  return (bare.match(/(?<![\w.])\d{16,}(?![\w.])/g) ?? []).some((digits) =>
    reportInexactNumbers(Number(digits), path, report),
  );
}
