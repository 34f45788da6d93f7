import { cannotTell, everyReply } from '../evaluation.ts';
import type { Kind } from '../kind.ts';
import { compilePathArgs, pathLimits, pathShape, type PathArgs } from '../path-assertion.ts';

export const response: Kind<PathArgs> = {
  name: 'response',
  doc: 'A JSONPath on the raw response body.',
  shape: pathShape,
  example: { path: '$.inputTokenLimit', min: 30720 },
  fits: everyReply,
  limits: (args) => pathLimits(args),
  neverEmpty: { parts: ['path', 'contains', 'matches'] },
  label: (args) => `response: ${args.path}`,
  compile: async (args, { report }) => {
    const check = await compilePathArgs(args, report);
    if (!check) return undefined;
    return ({ reply }) => (reply.raw === undefined ? cannotTell('no response body') : check(reply.raw));
  },
};
