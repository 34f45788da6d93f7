import type { JsonObject } from '../lib/json.ts';
import { reference } from '../shape/shape.ts';
import { everyReply } from './evaluation.ts';
import type { Check, Evaluation, Kind } from './kind.ts';

/** Makes a kind over a list of nested assertions. */
export function nestingKind(
  name: string,
  doc: string,
  holdsFor: 'all' | 'any',
  fold: (inner: Evaluation[]) => Evaluation,
): Kind<JsonObject[]> {
  return {
    name,
    doc,
    shape: { schema: { ...reference('entries').schema, minItems: 1 } },
    example: [{ contains: 'village' }, { contains: 'hamlet' }],
    fits: everyReply,
    nests: { takes: 'list', holdsFor },
    compile: async (args, { nested }): Promise<Check | undefined> => {
      const checks: Check[] = [];
      for (const [index, entry] of args.entries()) {
        const check = await nested(entry, [index]);
        if (check) checks.push(check);
      }
      if (checks.length < args.length) return undefined;
      return async (subject) => {
        const inner: Evaluation[] = [];
        for (const check of checks) inner.push(await check(subject));
        return fold(inner);
      };
    },
  };
}

/** The messages of some evaluations in one sentence. */
export function joinMessages(inner: readonly Evaluation[]): string {
  return [...new Set(inner.map(({ message }) => message))].join('; ');
}
