import { comparable } from '../../lib/comparable.ts';
import { plural as times } from '../../lib/words.ts';
import { lookAlikeHint } from '../../lib/visible.ts';
import { byType, flag, list, object, optional, text } from '../../shape/shape.ts';
import { bounds, boundsOf, within, type Bounds } from '../bounds.ts';
import { compared, generating, quoted, verdict, withText } from '../evaluation.ts';
import type { Kind } from '../kind.ts';
import { limitsAt } from '../limits.ts';

const has = (whole: string, part: string): boolean => whole.includes(part);

type Args = string | string[] | { text: string; ignoreCase?: boolean; count?: Bounds };

export const contains: Kind<Args> = {
  name: 'contains',
  doc: 'The answer text contains a text, or all texts of a list.',
  shape: byType({
    text: text({ minLength: 1 }),
    list: list(text({ minLength: 1 }), { min: 1 }),
    map: object({
      text: text({ doc: 'What to look for.', example: 'backpack', minLength: 1 }),
      ignoreCase: optional(flag({ doc: 'Ignore upper and lower case.', example: true, template: true })),
      count: optional(bounds({ doc: 'How often it occurs, without overlaps.', example: { min: 2 } })),
    }),
  }) as Kind<Args>['shape'],
  example: 'backpack',
  fits: generating,
  limits: (args) =>
    typeof args === 'object' && 'count' in args ? limitsAt(args.count, ['count'], { whole: true }) : [],
  neverEmpty: { parts: ['', 'text'] },
  compile: (args) => {
    const texts = (Array.isArray(args) ? args : [typeof args === 'string' ? args : args.text]).map(
      comparable,
    );
    const { ignoreCase = false, count } = typeof args === 'object' && !Array.isArray(args) ? args : {};
    const fold = (t: string): string => (ignoreCase ? t.toLowerCase() : t);
    return (subject) =>
      withText(subject, (answer) => {
        const where = fold(answer);
        if (count !== undefined) {
          const found = where.split(fold(texts[0] ?? '')).length - 1;
          return compared(
            within(found, count),
            `expected ${quoted(texts[0] ?? '')} ${boundsOf(count, 'time')}, found ${found}`,
            `${quoted(texts[0] ?? '')} was found ${times(found, 'time')}`,
            { expected: texts[0] ?? '', actual: answer },
          );
        }
        const missing = texts.filter((t) => !has(where, fold(t)));
        return missing.length === 0
          ? verdict(true, `the text contains ${texts.map(quoted).join(', ')}`, {
              expected: texts.join('\n'),
              actual: answer,
            })
          : verdict(
              false,
              `the text does not contain ${missing.map(quoted).join(', ')}${missing.map((t) => lookAlikeHint(where, fold(t), has, missing.length > 1 ? quoted(t) : 'it')).join('')}`,
              { expected: missing.join('\n'), actual: answer },
            );
      });
  },
};
