import { generating } from '../evaluation.ts';
import type { Kind } from '../kind.ts';
import { compileOneOf, oneOrMany, type OneOrMany } from '../one-of.ts';

export const blockReason: Kind<OneOrMany> = {
  name: 'blockReason',
  doc: 'The prompt was blocked, for this reason or one of a list.',
  shape: oneOrMany('blockReason', 'SAFETY'),
  example: 'SAFETY',
  fits: generating,
  compile: (args, { report }) => compileOneOf('blockReason', args, report, ({ reply }) => reply.blockReason),
};
