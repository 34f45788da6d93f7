import { lookAlikeHint } from '../../lib/visible.ts';
import { pattern } from '../../shape/shape.ts';
import { generating, quotedPattern, verdict, withText } from '../evaluation.ts';
import type { Kind } from '../kind.ts';
import { compileUserPattern } from '../pattern-argument.ts';

export const matches: Kind<string> = {
  name: 'matches',
  doc: 'A regular expression (RE2 syntax) matches somewhere in the answer text. Text from a variable is matched literally.',
  shape: pattern({ minLength: 1 }),
  example: '(?i)once upon a time',
  fits: generating,
  neverEmpty: { parts: [''] },
  compile: async (args, { report }) => {
    const compiled = await compileUserPattern(args, [], report);
    if (!compiled) return undefined;
    return (subject) =>
      withText(subject, (answer) => {
        const found = compiled.find(answer);
        const hint = found ? '' : lookAlikeHint(answer, '', (plain) => compiled.find(plain));
        return verdict(
          found,
          `the text ${found ? 'matches' : 'does not match'} ${quotedPattern(args)}${hint}`,
          {
            expected: args,
            actual: answer,
          },
        );
      });
  },
};
