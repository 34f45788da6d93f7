import { comparable } from '../lib/comparable.ts';
import { byType, flag, number, object, optional, text, type Doc, type Shape } from '../shape/shape.ts';
import { lookAlikeHint } from '../lib/visible.ts';
import { generating, quoted, unequal, verdict, withText } from './evaluation.ts';
import type { Kind } from './kind.ts';

type TextArgs = string | number | { text: string | number; ignoreCase?: boolean };

function shape(doc: Doc): Shape<TextArgs> {
  const plain = byType(
    { text: text({ minLength: 1 }), number: number() },
    { doc: 'The text to compare with.', example: 'Once upon a time' },
  );
  return byType(
    {
      text: text({ minLength: 1 }),
      number: number(),
      map: object({
        text: plain,
        ignoreCase: optional(flag({ doc: 'Ignore upper and lower case.', example: true, template: true })),
      }),
    },
    doc,
  ) as Shape<TextArgs>;
}

/** Makes a kind that compares the answer text, outer white space trimmed, with one text; `whole` if it must be all of it. */
export function textKind(
  name: string,
  doc: string,
  [does, doesNot]: readonly [does: string, doesNot: string],
  example: string,
  holds: (text: string, expected: string) => boolean,
  whole = false,
): Kind<TextArgs> {
  return {
    name,
    doc,
    shape: shape({ doc, example }),
    example,
    fits: generating,
    neverEmpty: { [whole ? 'wholes' : 'parts']: ['', 'text'] },
    label: (args) => `${name}: ${typeof args === 'object' ? args.text : args}`,
    compile: (args, { report }) => {
      const wanted = comparable(String(typeof args === 'object' ? args.text : args)).trim();
      if (wanted === '') {
        report({
          severity: 'error',
          code: 'blank-text',
          message: 'expected a text of more than white space',
          path: typeof args === 'object' ? ['text'] : [],
          help: 'white space around a text is not compared: nothing is left of this one',
        });
        return undefined;
      }
      const fold = typeof args === 'object' && args.ignoreCase === true;
      const folded = fold ? wanted.toLowerCase() : wanted;
      return (subject) =>
        withText(subject, (answer) => {
          const actual = answer.trim();
          const compared = fold ? actual.toLowerCase() : actual;
          const sides = { expected: wanted, actual };
          if (holds(compared, folded)) return verdict(true, `the text ${does} ${quoted(wanted)}`, sides);
          const message = `the text ${doesNot} ${quoted(wanted)}${lookAlikeHint(compared, folded, holds)}`;
          return whole ? unequal(message, wanted, actual) : verdict(false, message, sides);
        });
    },
  };
}
