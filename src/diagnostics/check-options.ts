import { nearest } from '../lib/nearest.ts';
import { type Diagnostic, DiagnosticError } from './diagnostic.ts';

/** What an option takes. */
export interface Check {
  /** In words, after "expected". */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** It may not be left out. */
  readonly required?: true;
}

/** A check for each option of `O`: the compiler wants them all. */
export type Checks<O> = { readonly [Name in keyof Required<O>]: Check };

const isText = (value: unknown): boolean => typeof value === 'string';

export const boolean: Check = { expected: 'true or false', accepts: (value) => typeof value === 'boolean' };
export const text: Check = { expected: 'a text', accepts: isText };
export const texts: Check = {
  expected: 'a list of texts',
  accepts: (value) => Array.isArray(value) && value.every(isText),
};

export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): Check {
  return {
    expected:
      max === Number.MAX_SAFE_INTEGER
        ? `a whole number of at least ${min}`
        : `a whole number from ${min} to ${max}`,
    accepts: (value) =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max,
  };
}

export function required(check: Check): Check {
  return { ...check, required: true };
}

/** Takes what the check takes, or else what `accepts` takes. */
export function or(check: Check, expected: string, accepts: (value: unknown) => boolean): Check {
  return {
    expected: `${check.expected}, or ${expected}`,
    accepts: (value) => check.accepts(value) || accepts(value),
  };
}

/**
 * The options that were given, without those that are undefined. Throws a DiagnosticError with an error for each option
 * that is unknown or has a wrong value.
 */
export function checkOptions<O extends object>(checks: Checks<O>, given: O): O {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new DiagnosticError([badOption('an object', 'the options', given)]);
  const known = new Map<string, Check>(Object.entries(checks));
  const options = Object.entries(given).filter(([, value]) => value !== undefined);
  const errors: Diagnostic[] = [];
  for (const [name, value] of options) {
    const check = known.get(name);
    if (!check) errors.push(unknownOption(name, known.keys()));
    else if (!check.accepts(value)) errors.push(badOption(check.expected, name, value));
  }
  const present = new Set(options.map(([name]) => name));
  for (const [name, check] of known)
    if (check.required && !present.has(name)) errors.push(badOption(check.expected, name, undefined));
  if (errors.length > 0) throw new DiagnosticError(errors);
  return Object.fromEntries(options) as O;
}

function unknownOption(name: string, known: Iterable<string>): Diagnostic {
  const names = [...known];
  const near = nearest(name, names);
  return {
    severity: 'error',
    code: 'unknown-option',
    message: `unknown option ${JSON.stringify(name)}`,
    help: near === undefined ? `the options are ${names.join(', ')}` : `did you mean ${near}?`,
  };
}

function badOption(expected: string, name: string, value: unknown): Diagnostic {
  return {
    severity: 'error',
    code: 'bad-option',
    message: `expected ${expected} for ${name}, received ${describe(value)}`,
  };
}

/** A value in a message. What is in lists and objects is left out: it may be secret. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
