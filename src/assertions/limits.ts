import { isObject, type JsonValue } from '../lib/json.ts';
import type { ArgumentProblem, Figures, Limits } from './kind.ts';

/** The limits that a value gives: `{ min, max, equals }`, or a number for `equals`. */
export function limitsAt(bound: unknown, path: readonly string[] = [], figures: Figures = {}): Limits[] {
  if (typeof bound === 'number') return [{ limits: { equals: bound }, pathTo: () => path, ...figures }];
  return isObject(bound) ? [{ limits: bound, pathTo: (limit) => [...path, limit], ...figures }] : [];
}

/** {@link limitsAt} for each key of the arguments. */
export function limitsOfKeys(args: unknown, figures: Figures = {}): Limits[] {
  return isObject(args)
    ? Object.entries(args).flatMap(([key, bound]) => limitsAt(bound, [key], figures))
    : [];
}

/** Limits that nothing can meet (an error), or that every figure meets (a warning); undefined for all others. */
export function checkLimits(kind: string, limits: Limits): ArgumentProblem | undefined {
  return emptyRange(limits) ?? impossible(kind, limits) ?? idle(kind, limits);
}

function emptyRange({ limits, pathTo, refused }: Limits): ArgumentProblem | undefined {
  const { min, max, equals } = limits;
  if (refused) return undefined;
  if (typeof min === 'number' && typeof max === 'number' && min > max)
    return {
      severity: 'error',
      code: 'empty-range',
      message: `no number is at least ${min} and at most ${max}`,
      path: pathTo('min'),
      help: 'min is the lower bound, max the upper one',
    };
  const isBelow = typeof min === 'number' && Number(equals) < min;
  const isAbove = typeof max === 'number' && Number(equals) > max;
  if (typeof equals !== 'number' || !(isBelow || isAbove)) return undefined;
  return {
    severity: 'error',
    code: 'empty-range',
    message: `${equals} is not within the bounds beside it`,
    path: pathTo('equals'),
    help: 'with equals, remove min and max',
  };
}

function impossible(
  kind: string,
  { limits, pathTo, least: lowest = 0, most = Infinity, reached: least = lowest, whole, refused }: Limits,
): ArgumentProblem | undefined {
  if (refused) return undefined;
  const { min, max, equals } = limits;
  if (whole && typeof equals === 'number' && !Number.isInteger(equals))
    return {
      severity: 'error',
      code: 'out-of-range',
      message: `expected a whole number, received ${equals}: ${kind} can never pass`,
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
      ? `expected ${least} or more, received ${JSON.stringify(value)}: ${kind} can never pass`
      : `expected ${most} or less, received ${JSON.stringify(value)}: ${kind} can never pass`,
    path: pathTo(limit),
    help: 'write a limit that a reply can pass',
  };
}

function idle(
  kind: string,
  { limits, pathTo, least = 0, most = Infinity, refused }: Limits,
): ArgumentProblem | undefined {
  const { min, max, equals } = limits;
  if (equals !== undefined || (min === undefined && max === undefined)) return undefined;
  const isRefused = (value: JsonValue | undefined): boolean =>
    refused === true && typeof value === 'number' && (value < least || value > most);
  if (isRefused(min) || isRefused(max)) return undefined;
  const isOpen = (value: JsonValue | undefined, test: (value: number) => boolean): boolean =>
    value === undefined || (typeof value === 'number' && test(value));
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
