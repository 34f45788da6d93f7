import type { EnumName } from '../gemini/enums.ts';
import { enums } from '../gemini/enums.ts';
import { apiEnum, byType, list, type Shape } from '../shape/shape.ts';
import { checkEnum } from './enum-argument.ts';
import { cannotTell, compared, outcomeOf } from './evaluation.ts';
import type { Check, ReportProblem, Subject } from './kind.ts';

/** One value of an API enum, or a list of which any will do. */
export type OneOrMany = string | string[];

export function oneOrMany(name: EnumName, example: string): Shape<OneOrMany> {
  const one = apiEnum([...enums[name]]);
  return byType({ text: one, list: list(one, { min: 1 }) }, { example }) as Shape<OneOrMany>;
}

/** A check that a reply's enum value is one of the named ones; `isNone` where a reply without one says that there is none. */
export function compileOneOf(
  name: EnumName,
  args: OneOrMany,
  report: ReportProblem,
  read: (subject: Subject) => string | undefined,
  isNone: (subject: Subject) => boolean = () => false,
): Check {
  const wanted = [args]
    .flat()
    .map((value, index) => checkEnum(name, value, Array.isArray(args) ? [index] : [], report));
  return (subject) => {
    const actual = read(subject);
    if (actual === undefined && isNone(subject))
      return compared(false, `expected ${name} ${wanted.join(' or ')}, received none`, `no ${name}`, {
        expected: wanted.join(' or '),
        actual: `none: ${outcomeOf(subject)}`,
      });
    if (actual === undefined) return cannotTell(`no ${name}: ${outcomeOf(subject)}`);
    const expected = wanted.join(' or ');
    return compared(
      wanted.includes(actual),
      `expected ${name} ${expected}, received ${actual}`,
      `${name} is ${actual}`,
      { expected, actual },
    );
  };
}
