import { comparable } from '../lib/comparable.ts';
import { isObject, type JsonValue } from '../lib/json.ts';
import type { Pattern } from '../lib/pattern.ts';
import { anything, flag, number, object, optional, pattern, text } from '../shape/shape.ts';
import { bounds, boundsInWords, boundsOf, within, type Bounds } from './bounds.ts';
import { cannotTell, quotedPattern, verdict } from './evaluation.ts';
import { asJson, differences, differencesInWords, inJson } from './json-difference.ts';
import { reportInexactNumbers, reportInexactInPath } from './inexact-numbers.ts';
import type { Evaluation, Limits, ReportProblem } from './kind.ts';
import { limitsAt } from './limits.ts';
import { compileUserPattern } from './pattern-argument.ts';

/** A JSONPath, and the conditions for what it selects. */
export interface PathArgs {
  path: string;
  equals?: JsonValue;
  contains?: JsonValue;
  matches?: string;
  min?: number;
  max?: number;
  count?: Bounds;
  exists?: boolean;
}

export const pathShape = object({
  path: text({ doc: 'A JSONPath (RFC 9535).', example: '$.items[*].name', minLength: 1 }),
  equals: optional(anything({ doc: 'Every selected value equals this.', example: 'Oslo' })),
  contains: optional(
    anything({
      doc: 'A selected value equals this, or is a text or list that contains it.',
      example: 'Oslo',
    }),
  ),
  matches: optional(
    pattern({
      doc: 'Every selected value is a text that this regular expression (RE2 syntax) matches.',
      example: '^O',
    }),
  ),
  min: optional(
    number({ doc: 'Every selected value is a number and at least this.', example: 1, template: true }),
  ),
  max: optional(
    number({ doc: 'Every selected value is a number and at most this.', example: 10, template: true }),
  ),
  count: optional(bounds({ doc: 'How many values are selected.', example: { min: 1 } })),
  exists: optional(flag({ doc: 'Whether anything is selected.', example: true, template: true })),
});

const same = (a: JsonValue, b: JsonValue): boolean => differences(a, b).next().done === true;

/** Whether a value is the wanted one, or a text or list that has it; undefined where it is neither text nor list, or holds such. */
function has(value: JsonValue, wanted: JsonValue): boolean | undefined {
  if (same(value, wanted)) return true;
  if (typeof value === 'string' && typeof wanted === 'string')
    return comparable(value).includes(comparable(wanted));
  if (Array.isArray(value) && value.some((item) => same(item, wanted))) return true;
  const isNested = (inner: JsonValue): boolean => typeof inner === 'object' && inner !== null;
  const looksInside = typeof wanted !== 'object' || wanted === null;
  return looksInside && (isObject(value) || (Array.isArray(value) && value.some(isNested)))
    ? undefined
    : false;
}

/** Compiles a path with its conditions to a check on a JSON value; reports an invalid path or pattern. */
export async function compilePathArgs(
  args: PathArgs,
  report: ReportProblem,
): Promise<((value: JsonValue) => Evaluation) | undefined> {
  const { compilePath, PathError } = await import('../lib/json-path.ts');
  let select: (value: JsonValue) => JsonValue[];
  try {
    select = compilePath(args.path);
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    report({
      severity: 'error',
      code: 'invalid-json-path',
      message: `not a JSONPath (RFC 9535): ${error.message}`,
      path: ['path'],
      help: 'it begins with $: $.items[*].name, $["a key"], $.items[?@.price < 10]',
    });
    return undefined;
  }
  const compiled =
    args.matches === undefined ? undefined : await compileUserPattern(args.matches, ['matches'], report);
  if (args.matches !== undefined && !compiled) return undefined;
  if (/\b(?:match|search)\s*\(/.test(args.path))
    (await import('./pattern-warnings.ts')).warnOfPathPatterns(args.path, ['path'], report);
  if (reportContradiction(args, report)) return undefined;
  const inexact = [
    reportInexactNumbers(args.equals, ['equals'], report),
    reportInexactNumbers(args.contains, ['contains'], report),
    reportInexactNumbers(args.min, ['min'], report),
    reportInexactNumbers(args.max, ['max'], report),
    reportInexactInPath(args.path, ['path'], report),
  ];
  if (inexact.includes(true)) return undefined;
  return (value) => judge(args, compiled, select(value));
}

/** The limits of a path assertion: on the values that it selects, and on how many they are. */
export function pathLimits(args: PathArgs | undefined, path: string[] = []): Limits[] {
  if (!isObject(args)) return [];
  const { min, max } = args as PathArgs;
  const values = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  // With a condition, `count: { min: 0 }` means: each selected value, if there is any.
  const least = conditions.some((key) => args[key] !== undefined) ? -Infinity : 0;
  return [
    ...limitsAt(values, path, { least: -Infinity }),
    ...limitsAt(args.count, [...path, 'count'], { least, whole: true }),
  ];
}

/** Conditions on values that are selected. */
const conditions = ['equals', 'contains', 'matches', 'min', 'max'] as const;

/** Reports conditions that exclude each other, so that one of them is ignored, or none can pass. */
function reportContradiction(args: PathArgs, report: ReportProblem): boolean {
  const { exists, count } = args;
  const bound = typeof count === 'number' ? { equals: count } : (count ?? {});
  const { most, least } = { most: bound.equals ?? bound.max, least: bound.equals ?? bound.min ?? 0 };
  const none = exists === false ? 'exists: false' : most === 0 ? 'count: 0' : undefined;
  if (none === undefined) return false;
  const excluded =
    conditions.find((key) => args[key] !== undefined) ??
    (exists === false && least > 0 ? 'count' : exists === true ? 'exists' : undefined);
  if (excluded === undefined) return false;
  report({
    severity: 'error',
    code: 'empty-range',
    message: `${none} and ${excluded === 'exists' ? 'exists: true' : excluded} exclude each other`,
    path: [excluded],
    atKey: true,
    help: `remove one of them: with ${none} nothing may be selected`,
  });
  return true;
}

function judge(args: PathArgs, compiled: Pattern | undefined, values: JsonValue[]): Evaluation {
  const { path, exists, count, contains } = args;
  const actual =
    values.length === 0
      ? 'nothing'
      : values
          .slice(0, 20)
          .map((value) => JSON.stringify(value))
          .join('\n');
  const fail = (message: string, expected?: string): Evaluation =>
    verdict(false, message, { actual, ...(expected === undefined ? {} : { expected }) });
  const nothing = `${path} selects nothing`;
  if (exists === false)
    return values.length === 0
      ? verdict(true, nothing)
      : fail(`expected ${path} to select nothing, it selects ${values.length}`);
  if (count !== undefined && !within(values.length, count))
    return fail(`expected ${path} to select ${boundsOf(count, 'value')}, it selects ${values.length}`);
  if (values.length === 0) {
    const looksAt = conditions.some((key) => args[key] !== undefined);
    // Of nothing only `exists` and `count` can be judged.
    if (exists === true || !looksAt)
      return count === undefined || exists === true ? fail(nothing) : verdict(true, nothing);
    return cannotTell(`${nothing} to compare`, actual);
  }
  const unread: string[] = [];
  if (contains !== undefined) {
    const found = values.map((value) => has(value, contains));
    const message = `no value at ${path} contains ${asJson(contains)}`;
    if (!found.includes(true)) {
      if (!found.includes(undefined)) return fail(message, asText(contains));
      unread.push(`${message}, but contains does not look into maps`);
    }
  }
  for (const value of values) {
    const wrong = problemOf(args, compiled, value);
    if (wrong?.status === 'fails') return fail(`${path}: ${wrong.message}`);
    if (wrong) unread.push(`${path}: ${wrong.message}`);
  }
  const [first] = unread;
  return first === undefined
    ? verdict(true, `the value at ${path} is as expected`, { actual })
    : cannotTell(first, actual);
}

const asText = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What is wrong with a value; undefined if nothing is. Some values have no pattern or size to check. */
function problemOf(args: PathArgs, compiled: Pattern | undefined, value: JsonValue): Evaluation | undefined {
  const { equals, matches, min, max } = args;
  if (equals !== undefined && !same(equals, value)) {
    const isText = typeof equals === 'string' && typeof value !== 'string';
    const hint = isText && asText(value) === equals ? ' (a text, as all values of CSV rows are)' : '';
    const inside = typeof equals === 'object' && typeof value === 'object' ? differences(equals, value) : [];
    const where = differencesInWords(inside, 3);
    const [wanted, received] = inJson(equals, value);
    return verdict(false, `expected ${wanted}${hint}, received ${received}${where && `; ${where}`}`);
  }
  const received = asJson(value);
  const unfit = (wanted: string): Evaluation => cannotTell(`expected ${wanted}, received ${received}`);
  if (compiled) {
    const wanted = `a match of ${quotedPattern(matches ?? '')}`;
    if (typeof value !== 'string') return unfit(wanted);
    if (!compiled.find(comparable(value))) return verdict(false, `expected ${wanted}, received ${received}`);
  }
  const bound = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  if (min === undefined && max === undefined) return undefined;
  if (typeof value !== 'number') return unfit(`a number of ${boundsInWords(bound)}`);
  return within(value, bound)
    ? undefined
    : verdict(false, `expected ${boundsInWords(bound)}, received ${received}`);
}
