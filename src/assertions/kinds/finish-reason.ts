import { spelledEnum } from '../../gemini/enums.ts';
import { outcomeOfFinish } from '../../gemini/outcome.ts';
import { generating } from '../evaluation.ts';
import type { Kind } from '../kind.ts';
import { compileOneOf, oneOrMany, type OneOrMany } from '../one-of.ts';

export const finishReason: Kind<OneOrMany> = {
  name: 'finishReason',
  doc: 'The candidate’s finishReason is this value, or one of a list.',
  shape: oneOrMany('finishReason', 'STOP'),
  example: 'STOP',
  fits: generating,
  neverEmpty: { wholes: [''] },
  admits: (args) =>
    [args].flat().flatMap((reason) => outcomeOfFinish(spelledEnum('finishReason', reason)) ?? []),
  compile: (args, { report }) =>
    compileOneOf('finishReason', args, report, ({ candidate }) => candidate?.finishReason),
};
