import { comparable } from '../lib/comparable.ts';
import { byType, list, number, object, optional, text, type Shape } from '../shape/shape.ts';
import type { Limits, ReportProblem } from './kind.ts';
import { limitsAt } from './limits.ts';

type Reference = string | number;

/** What an answer is measured against, and how far from it, or how near to it, it may be. */
export interface ReferenceArgs<V extends string | number> {
  to: Reference | Reference[];
  min?: number;
  max?: number;
  variant?: V;
}

const one = byType({ text: text(), number: number() });

/** The keys of {@link ReferenceArgs}: one bound is needed, `usual` unless the other is there; `highest` is the most that a figure can be. */
export function referenceShape<V extends string | number>(
  variant: Shape<V>,
  figure: string,
  usual: 'min' | 'max',
  examples: { min: number; max: number },
  highest?: number,
): Shape<ReferenceArgs<V>> {
  const bound = (doc: string, example: number): Shape<number> =>
    number({ doc, example, min: 0, template: true, ...(highest === undefined ? {} : { max: highest }) });
  const { schema } = object({
    to: byType(
      { text: text(), number: number(), list: list(one, { min: 1 }) },
      {
        doc: 'The reference text, or a list of them; the best match counts. For a long text, use a variable with { file: path }.',
        example: 'A lantern hung over the harbour.',
      },
    ),
    min: optional(bound(`The least ${figure} may be.`, examples.min)),
    max: optional(bound(`The most ${figure} may be.`, examples.max)),
    variant: optional(variant),
  });
  const other = usual === 'min' ? 'max' : 'min';
  // oxlint-disable-next-line unicorn/no-thenable -- a JSON Schema keyword, never awaited
  return { schema: { ...schema, if: { not: { required: [other] } }, then: { required: [usual] } } };
}

/** The limits beside the reference texts; {@link readReferences} refuses those that no figure can meet. */
export function referenceLimits({ min, max }: ReferenceArgs<string | number>, most: number): Limits[] {
  const limits = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  return limitsAt(limits, [], { most, refused: true });
}

/** The reference texts as they are compared, outer white space trimmed; undefined after what is wrong with the arguments was reported. */
export function readReferences(
  { to, min, max }: ReferenceArgs<string | number>,
  report: ReportProblem,
  highest = Infinity,
): string[] | undefined {
  const refuse = (code: string, message: string, path: string[], help: string): undefined => {
    report({ severity: 'error', code, message, path, help });
    return undefined;
  };
  // A template may have stood for anything.
  for (const [key, value] of Object.entries({ min, max })) {
    if (value === undefined) continue;
    if (typeof value !== 'number')
      return refuse(
        'wrong-type',
        `expected a number, received ${JSON.stringify(value)}`,
        [key],
        'name a variable that holds a number',
      );
    if (value < 0 || value > highest)
      return refuse(
        'out-of-range',
        highest === Infinity
          ? `expected 0 or more, received ${value}`
          : `expected 0 to ${highest}, received ${value}`,
        [key],
        highest === 1 ? 'it is a share: 0.5 is half' : 'write a number within the bounds',
      );
  }
  if (min !== undefined && max !== undefined && min > max)
    return refuse(
      'out-of-range',
      `no number is at least ${min} and at most ${max}`,
      ['min'],
      'min is the lower bound, max the upper one',
    );
  const texts = [to].flat();
  if (texts.length === 0)
    return refuse(
      'wrong-type',
      'expected a reference text, received none',
      ['to'],
      'name one, or several in a list',
    );
  const wrong = texts.find((each) => typeof each !== 'string' && typeof each !== 'number');
  if (wrong !== undefined)
    return refuse(
      'wrong-type',
      `expected reference texts, received ${JSON.stringify(wrong)}`,
      ['to'],
      'write texts: a map or list is none',
    );
  return texts.map((each) => comparable(String(each)).trim());
}
