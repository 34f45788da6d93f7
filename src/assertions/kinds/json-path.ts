import { cannotTell, generating, withText } from '../evaluation.ts';
import type { Kind } from '../kind.ts';
import { parseJson } from '../parse-json.ts';
import { compilePathArgs, pathLimits, pathShape, type PathArgs } from '../path-assertion.ts';

export const jsonPath: Kind<PathArgs> = {
  name: 'jsonPath',
  doc: 'A JSONPath on the answer’s JSON. With `contains`, one selected value must match; with other conditions, every value. Fails if it selects nothing.',
  shape: pathShape,
  example: { path: '$.items[*].name', contains: 'lamp' },
  fits: generating,
  limits: (args) => pathLimits(args),
  neverEmpty: { parts: ['path', 'contains', 'matches'] },
  label: (args) => `jsonPath: ${args.path}`,
  compile: async (args, { report }) => {
    const check = await compilePathArgs(args, report);
    if (!check) return undefined;
    return (subject) =>
      withText(subject, (text) => {
        const parsed = parseJson(text);
        return 'problem' in parsed ? cannotTell(parsed.problem, text) : check(parsed.value);
      });
  },
};
