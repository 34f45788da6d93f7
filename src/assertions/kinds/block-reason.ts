import { generating } from '../evaluation.ts';
import type { Kind, Subject } from '../kind.ts';
import { compileOneOf, oneOrMany, type OneOrMany } from '../one-of.ts';

/** A reply with a candidate says that its prompt was not blocked. */
const wasLetThrough = ({ reply }: Subject): boolean =>
  reply.candidates.length > 0 && reply.outcome !== 'malformed';

export const blockReason: Kind<OneOrMany> = {
  name: 'blockReason',
  doc: 'The prompt was blocked for this reason, or for one of a list. Fails if it was not blocked.',
  shape: oneOrMany('blockReason', 'SAFETY'),
  example: 'SAFETY',
  fits: generating,
  neverEmpty: { wholes: [''] },
  admits: () => ['promptBlocked'],
  compile: (args, { report }) =>
    compileOneOf('blockReason', args, report, ({ reply }) => reply.blockReason, wasLetThrough),
};
