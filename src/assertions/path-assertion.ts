import { comparable } from '../lib/comparable.ts';
import { canonicalJson } from '../lib/canonical.ts';
import type { JsonValue } from '../lib/json.ts';
import type { Pattern } from '../lib/pattern.ts';
import { cut } from '../lib/redact.ts';
import { anything, flag, number, object, optional, text } from '../shape/shape.ts';
import { bounds, boundsInWords, within, type Bounds } from './bounds.ts';
import { quoted, verdict } from './evaluation.ts';
import { reportInexact, reportInexactPath } from './inexact.ts';
import type { Evaluation, ReportFault } from './kind.ts';
import { compileUserPattern } from './pattern-argument.ts';

/** What a JSONPath selects, and what must hold of it. */
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
  equals: optional(anything({ doc: 'Every selected value is this one.', example: 'Oslo' })),
  contains: optional(
    anything({ doc: 'Some selected value is this one, or a text or list that has it.', example: 'Oslo' }),
  ),
  matches: optional(
    text({ doc: 'Every selected value is a text in which this RE2 expression is found.', example: '^O' }),
  ),
  min: optional(
    number({ doc: 'Every selected value is a number of at least this.', example: 1, template: true }),
  ),
  max: optional(
    number({ doc: 'Every selected value is a number of at most this.', example: 10, template: true }),
  ),
  count: optional(bounds({ doc: 'How many values are selected.', example: { min: 1 } })),
  exists: optional(flag({ doc: 'Whether anything is selected.', example: true, template: true })),
});

const same = (a: JsonValue, b: JsonValue): boolean => canonicalJson(a) === canonicalJson(b);
const has = (value: JsonValue, wanted: JsonValue): boolean =>
  same(value, wanted) ||
  (typeof value === 'string' &&
    typeof wanted === 'string' &&
    comparable(value).includes(comparable(wanted))) ||
  (Array.isArray(value) && value.some((item) => same(item, wanted)));

/** Compiles a path with its conditions to a check on a JSON value; reports an invalid path or pattern. */
export async function compilePathArgs(
  args: PathArgs,
  report: ReportFault,
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
  const pattern =
    args.matches === undefined ? undefined : await compileUserPattern(args.matches, ['matches'], report);
  if (args.matches !== undefined && !pattern) return undefined;
  if (/\b(?:match|search)\s*\(/.test(args.path))
    (await import('./pattern-doubts.ts')).reportPathDoubts(args.path, ['path'], report);
  const inexact = [
    reportInexact(args.equals, ['equals'], report),
    reportInexact(args.contains, ['contains'], report),
    reportInexact(args.min, ['min'], report),
    reportInexact(args.max, ['max'], report),
    reportInexactPath(args.path, ['path'], report),
  ];
  if (inexact.includes(true)) return undefined;
  return (value) => judge(args, pattern, select(value));
}

function judge(args: PathArgs, pattern: Pattern | undefined, values: JsonValue[]): Evaluation {
  const actual =
    values.length === 0
      ? 'nothing'
      : values
          .slice(0, 20)
          .map((value) => JSON.stringify(value))
          .join('\n');
  const fail = (message: string, expected?: string): Evaluation =>
    verdict(false, message, { actual, ...(expected === undefined ? {} : { expected }) });
  if (args.exists === false) {
    return values.length === 0
      ? verdict(true, `${args.path} selects nothing`)
      : fail(`expected ${args.path} to select nothing, it selects ${values.length}`);
  }
  if (args.count !== undefined && !within(values.length, args.count)) {
    return fail(
      `expected ${args.path} to select ${boundsInWords(args.count)} values, it selects ${values.length}`,
    );
  }
  if (values.length === 0 && args.count === undefined) return fail(`${args.path} selects nothing`);
  if (args.contains !== undefined && !values.some((value) => has(value, args.contains ?? null))) {
    return fail(`no value at ${args.path} contains ${asJson(args.contains)}`, shown(args.contains));
  }
  for (const value of values) {
    const wrong = faultOf(args, pattern, value);
    if (wrong !== undefined) return fail(`${args.path}: ${wrong}`);
  }
  return verdict(true, `${args.path} holds`, { actual });
}

const shown = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A value as JSON, cut: "3" is a text, 3 a number. */
function asJson(value: JsonValue): string {
  const json = JSON.stringify(value);
  return json.length > 120 ? `${cut(json, 119)}…` : json;
}

function faultOf(args: PathArgs, pattern: Pattern | undefined, value: JsonValue): string | undefined {
  const received = asJson(value);
  if (args.equals !== undefined && !same(value, args.equals)) {
    const isText = typeof args.equals === 'string' && typeof value !== 'string';
    const hint = isText && shown(value) === args.equals ? ' (a text, as all values of CSV rows are)' : '';
    return `expected ${asJson(args.equals)}${hint}, received ${received}`;
  }
  if (pattern && (typeof value !== 'string' || !pattern.find(comparable(value))))
    return `expected a match of ${quoted(args.matches ?? '')}, received ${received}`;
  if (args.min !== undefined && (typeof value !== 'number' || value < args.min))
    return `expected at least ${args.min}, received ${received}`;
  if (args.max !== undefined && (typeof value !== 'number' || value > args.max))
    return `expected at most ${args.max}, received ${received}`;
  return undefined;
}
