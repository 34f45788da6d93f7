import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import type { ArgumentFault, ReportFault } from './kind.ts';

type Path = readonly string[];

/** Bounds among the arguments of a kind, and the figures that there can be. */
interface Bounded {
  readonly limits: JsonObject;
  readonly pathTo: (limit: string) => Path;
  readonly least: number;
  readonly most: number;
  /** The least figure of a text that can be read, where it is more than `least`. */
  readonly reached?: number;
  /** Set where figures are counts. */
  readonly whole?: true;
  /** Set where the kind refuses limits outside the figures itself. */
  readonly refused?: true;
}

function bounded(bound: JsonValue | undefined, path: Path, least = 0, most = Infinity): Bounded[] {
  if (typeof bound === 'number') return [{ limits: { equals: bound }, pathTo: () => path, least, most }];
  return isObject(bound) ? [{ limits: bound, pathTo: (limit) => [...path, limit], least, most }] : [];
}

const byKey = (args: JsonValue): Bounded[] =>
  isObject(args) ? Object.entries(args).flatMap(([key, bound]) => bounded(bound, [key])) : [];

const counts = (found: readonly Bounded[]): Bounded[] => found.map((each) => ({ ...each, whole: true }));

const key = (args: JsonValue, name: string): Bounded[] => (isObject(args) ? bounded(args[name], [name]) : []);

/** The `min` and `max` that stand beside a reference text. */
function reference(args: JsonValue, most: number): Bounded[] {
  if (!isObject(args)) return [];
  const limits = Object.fromEntries(
    Object.entries(args).filter(([name]) => name === 'min' || name === 'max'),
  );
  return [{ limits, pathTo: (limit) => [limit], least: 0, most, refused: true }];
}

/** With one of these, `count: { min: 0 }` means: every selected value, if there is any. */
const conditions = ['equals', 'contains', 'matches', 'min', 'max'];
const selected = (args: JsonValue | undefined, path: Path = []): Bounded[] =>
  isObject(args) && !conditions.some((name) => args[name] !== undefined)
    ? counts(bounded(args.count, [...path, 'count']))
    : [];

const boundsOf: Readonly<Record<string, (args: JsonValue) => Bounded[]>> = {
  chunks: (args) => counts(bounded(args, [])),
  citations: (args) => counts(bounded(args, [])),
  cost: (args) => bounded(args, []),
  avgLogprobs: (args) => bounded(args, [], -Infinity, 0),
  // A text without anything to see in it cannot be judged.
  length: (args) => counts(byKey(args)).map((each) => ({ ...each, reached: 1 })),
  tokens: (args) => counts(byKey(args)),
  latency: byKey,
  embedding: byKey,
  contains: (args) => counts(key(args, 'count')),
  functionCall: (args) => [
    ...counts(key(args, 'count')),
    ...(isObject(args) ? selected(args.where, ['where']) : []),
  ],
  jsonPath: selected,
  response: selected,
  rouge: (args) => reference(args, 1),
  editDistance: (args) => reference(args, isObject(args) && args.variant === 'share' ? 1 : Infinity),
  snapshot: (args) =>
    isObject(args) && args.similarity !== undefined
      ? [
          {
            limits: { min: args.similarity },
            pathTo: () => ['similarity'],
            least: 0,
            most: 1,
            refused: true,
          },
        ]
      : [],
};

/** Reports bounds of an assertion that no figure can meet (an error), or that every figure meets (a warning). */
export function reportIdle(kind: string, args: JsonValue, report: ReportFault): void {
  const found = Object.hasOwn(boundsOf, kind) ? boundsOf[kind]?.(args) : undefined;
  for (const each of found ?? []) {
    const fault = impossible(kind, each) ?? idle(kind, each);
    if (fault) report(fault);
  }
}

function impossible(
  kind: string,
  { limits, pathTo, least: lowest, most, reached: least = lowest, whole, refused }: Bounded,
): ArgumentFault | undefined {
  if (refused) return undefined;
  const { min, max, equals } = limits;
  if (whole && typeof equals === 'number' && !Number.isInteger(equals))
    return {
      severity: 'error',
      code: 'out-of-range',
      message: `expected a whole number, received ${equals}: ${kind} can never hold`,
      path: pathTo('equals'),
      help: 'write a whole number, or a min and a max',
    };
  const isBelow = (value: JsonValue | undefined): boolean => typeof value === 'number' && value < least;
  const isAbove = (value: JsonValue | undefined): boolean => typeof value === 'number' && value > most;
  const limit =
    isBelow(equals) || isAbove(equals) ? 'equals' : isBelow(max) ? 'max' : isAbove(min) ? 'min' : undefined;
  if (limit === undefined) return undefined;
  const value = limits[limit];
  return {
    severity: 'error',
    code: 'out-of-range',
    message: isBelow(value)
      ? `expected ${least} or more, received ${JSON.stringify(value)}: ${kind} can never hold`
      : `expected ${most} or less, received ${JSON.stringify(value)}: ${kind} can never hold`,
    path: pathTo(limit),
    help: 'write a bound that a reply can meet',
  };
}

function idle(kind: string, { limits, pathTo, least, most, refused }: Bounded): ArgumentFault | undefined {
  const { min, max, equals } = limits;
  // A template may be any number.
  const isOpen = (limit: JsonValue | undefined, idleAt: (value: number) => boolean): boolean =>
    limit === undefined || (typeof limit === 'number' && idleAt(limit));
  if (equals !== undefined || (min === undefined && max === undefined)) return undefined;
  const isRefused = (value: JsonValue | undefined): boolean =>
    refused === true && typeof value === 'number' && (value < least || value > most);
  if (isRefused(min) || isRefused(max)) return undefined;
  if (!isOpen(min, (value) => value <= least) || !isOpen(max, (value) => value >= most)) return undefined;
  const limit = min === undefined ? 'max' : 'min';
  return {
    severity: 'warning',
    code: 'checks-nothing',
    message: `${kind} checks nothing: every figure is ${limit === 'min' ? 'at least' : 'at most'} ${JSON.stringify(limits[limit])}`,
    path: pathTo(limit),
    help:
      limit === 'min'
        ? `write a min above ${JSON.stringify(min)}, or a max`
        : `write a max below ${most}, or a min`,
  };
}
