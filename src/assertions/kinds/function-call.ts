import {
  undeclaredIn,
  undeclaredInPath,
  type DeclaredFunctions,
  type Undeclared,
} from '../../gemini/declared-functions.ts';
import type { AnswerPart, FunctionCall } from '../../gemini/reply.ts';
import type { JsonObject } from '../../lib/json.ts';
import { plural as times } from '../../lib/words.ts';
import { nearest } from '../../lib/nearest.ts';
import { anything, describe, mapOf, object, optional, text, type Shape } from '../../shape/shape.ts';
import { bounds, boundsOf, within, type Bounds } from '../bounds.ts';
import { cannotTell, compared, generating, isWhole, outcomeOf } from '../evaluation.ts';
import { differences, differencesInWords as inWords } from '../json-difference.ts';
import { reportInexactNumbers } from '../inexact-numbers.ts';
import type { ArgumentProblem, Check, Kind } from '../kind.ts';
import { limitsAt } from '../limits.ts';
import { compilePathArgs, pathLimits, pathShape, type PathArgs } from '../path-assertion.ts';

interface Args {
  name?: string;
  args?: JsonObject;
  where?: PathArgs;
  count?: Bounds;
}

/** A call that names no function. */
const isNameless = (part: AnswerPart): boolean => part.kind === 'other' && 'functionCall' in part.part;

export const functionCall: Kind<Args> = {
  name: 'functionCall',
  doc: 'A function call of the candidate matches: by name, by some of its args, or by a JSONPath on its args (where). `count` limits how many match.',
  shape: object({
    name: optional(text({ doc: 'The function’s name.', example: 'getWeather' })),
    args: optional(
      mapOf(anything(), {
        doc: 'Arguments that the call must have; it may have more.',
        example: { city: 'Oslo' },
        template: true,
      }),
    ),
    where: optional(
      describe(pathShape as Shape<PathArgs>, {
        doc: 'A JSONPath on the call’s arguments, with a condition.',
        example: { path: '$.city', equals: 'Oslo' },
      }),
    ),
    count: optional(bounds({ doc: 'How many calls match. Default: at least one.', example: 1 })),
  }),
  example: { name: 'getWeather', args: { city: 'Oslo' } },
  fits: generating,
  neverEmpty: { parts: ['where.path', 'where.contains', 'where.matches'], wholes: ['name', 'args'] },
  limits: ({ where, count }) => [
    ...limitsAt(count, ['count'], { whole: true }),
    ...pathLimits(where, ['where']),
  ],
  checkTools: undeclared,
  excludes: ({ count }) => (typeof count === 'object' ? (count.equals ?? count.max) : count) === 0,
  compile: async (args, { report }): Promise<Check | undefined> => {
    const where =
      args.where &&
      (await compilePathArgs(args.where, (problem) =>
        report({ ...problem, path: ['where', ...problem.path] }),
      ));
    if (args.where && !where) return undefined;
    if (reportInexactNumbers(args.args, ['args'], report)) return undefined;
    const bound = args.count ?? { min: 1 };
    const expected = JSON.stringify(args);
    /** Whether a call matches; undefined if its arguments cannot be checked; and why not. */
    const check = (call: FunctionCall): { matches: boolean | undefined; why: string } => {
      if (args.name !== undefined && call.name !== args.name) return { matches: false, why: '' };
      const why = args.args === undefined ? '' : inWords(differences(args.args, call.args, true), 3);
      if (why !== '') return { matches: false, why };
      const { status = 'holds', message = '' } = where?.(call.args) ?? {};
      return { matches: status === 'unknown' ? undefined : status === 'holds', why: message };
    };
    return (subject) => {
      const calls = subject.candidate?.functionCalls ?? [];
      const checked = calls.map((call) => ({ name: call.name, ...check(call) }));
      const matching = checked.filter(({ matches }) => matches === true).length;
      const nameless = subject.candidate?.parts.filter(isNameless).length ?? 0;
      const unclear = checked.filter(({ matches }) => matches === undefined).length + nameless;
      const actual =
        calls.map((call) => `${call.name}(${JSON.stringify(call.args)})`).join('\n') ||
        `no call: ${outcomeOf(subject)}`;
      const missed = checked.filter(({ matches, why }) => matches !== true && why !== '');
      const found = `${times(matching, 'matching call')} of ${calls.length}`;
      const message = [
        `expected ${boundsOf(bound, 'matching call')}, received ${matching} of ${calls.length}`,
        ...(within(matching, bound) ? [] : missed.slice(0, 3).map(({ name, why }) => `${name}: ${why}`)),
      ].join('; ');
      const counts = Array.from({ length: unclear + 1 }, (_, more) => within(matching + more, bound));
      if (matching === 0 && !isWhole(subject)) return cannotTell(`${message}: ${outcomeOf(subject)}`, actual);
      if (new Set(counts).size > 1) return cannotTell(message, actual);
      return compared(counts[0] === true, message, found, { expected, actual });
    };
  },
};

/** The first name in the arguments that no declared function has. */
function undeclared({ name, args, where }: Args, declared: DeclaredFunctions): ArgumentProblem | undefined {
  if (typeof name === 'string' && !declared.has(name)) return unknownFunction(name, declared);
  const candidates = typeof name === 'string' ? [name] : [...declared.keys()];
  const ofArgs = inAll(candidates, (each) => undeclaredIn(args, declared.get(each)));
  if (ofArgs) return unknownArgument(ofArgs, candidates, ['args', ...ofArgs.path], true);
  if (typeof where?.path !== 'string') return undefined;
  const ofPath = inAll(candidates, (each) => undeclaredInPath(where.path, declared.get(each)));
  return ofPath && unknownArgument(ofPath, candidates, ['where', 'path']);
}

/** What no function has; undefined as soon as one has it. */
function inAll(
  names: readonly string[],
  find: (name: string) => Undeclared | undefined,
): Undeclared | undefined {
  const found = names.map(find);
  return found.every((each) => each !== undefined) ? found[0] : undefined;
}

function unknownFunction(name: string, declared: DeclaredFunctions): ArgumentProblem {
  const names = [...declared.keys()];
  const near = nearest(name, names);
  return {
    severity: 'error',
    code: 'unknown-function',
    message: `no tool of the case declares the function ${JSON.stringify(name)}`,
    path: ['name'],
    help:
      near !== undefined
        ? `did you mean ${JSON.stringify(near)}?`
        : names.length > 0
          ? `the tools declare ${names.join(', ')}`
          : 'declare it in the config under tools, or choose configs with tools for the test',
  };
}

function unknownArgument(
  { name, known }: Undeclared,
  functions: readonly string[],
  path: ArgumentProblem['path'],
  atKey?: true,
): ArgumentProblem {
  const near = nearest(name, known);
  return {
    severity: 'error',
    code: 'unknown-argument',
    message:
      functions.length === 1
        ? `the function ${JSON.stringify(functions[0])} has no argument ${JSON.stringify(name)}`
        : `no declared function has an argument ${JSON.stringify(name)}`,
    path,
    ...(atKey ? { atKey } : {}),
    help:
      near !== undefined
        ? `did you mean ${JSON.stringify(near)}?`
        : known.length > 0
          ? `there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`
          : 'the declaration has no parameters there',
  };
}
