import { replyKind, type ReplyKind } from '../../gemini/methods.ts';
import type { Reply } from '../../gemini/reply.ts';
import { plural } from '../../lib/words.ts';
import { isObject } from '../../lib/json.ts';
import { object, optional } from '../../shape/shape.ts';
import { bounds, boundsOf, nearBound, within, type Bounds } from '../bounds.ts';
import { cannotTell, compared } from '../evaluation.ts';
import type { Kind } from '../kind.ts';
import { limitsOfKeys } from '../limits.ts';

const counts = ['prompt', 'candidates', 'thoughts', 'cached', 'toolUse', 'total'] as const;
type Args = Partial<Record<(typeof counts)[number], Bounds>>;
const nouns = {
  prompt: 'prompt token',
  candidates: 'candidate token',
  thoughts: 'thinking token',
  cached: 'cached token',
  toolUse: 'tool use token',
  total: 'total token',
} as const;
/** Counts that vary from reply to reply, so that one close to its bound will miss it one day. */
const varying: readonly string[] = ['candidates', 'thoughts', 'total'];
const fits: readonly ReplyKind[] = ['generation', 'count', 'embedding'];
/** The counts that replies other than generations have. */
const counted: Partial<Record<ReplyKind, readonly string[]>> = {
  count: ['cached', 'total'],
  embedding: ['prompt', 'total'],
};
const one = (doc: string): ReturnType<typeof bounds> => bounds({ doc, example: { max: 800 } });

export const tokens: Kind<Args> = {
  name: 'tokens',
  doc: 'Token counts of usageMetadata, or the total of countTokens.',
  shape: object(
    {
      prompt: optional(one('promptTokenCount (cached ones included).')),
      candidates: optional(one('candidatesTokenCount (thoughts excluded).')),
      thoughts: optional(one('thoughtsTokenCount.')),
      cached: optional(one('cachedContentTokenCount.')),
      toolUse: optional(one('toolUsePromptTokenCount.')),
      total: optional(one('totalTokenCount, or totalTokens of countTokens.')),
    },
    { min: 1 },
  ),
  example: { candidates: { max: 800 } },
  fits,
  limits: (args) => limitsOfKeys(args, { whole: true }),
  lacks: (args, method) => {
    const known = counted[replyKind(method)];
    const missing =
      known && isObject(args) ? counts.filter((name) => name in args && !known.includes(name)) : [];
    return missing.length === 0
      ? undefined
      : { what: missing.join(', '), help: `${method} counts ${known?.join(', ')}` };
  },
  compile: (args) => {
    const bounded = counts.filter((name) => args[name] !== undefined);
    return ({ reply }) => {
      const missed: string[] = [];
      const found: string[] = [];
      const missing: string[] = [];
      const near: string[] = [];
      for (const name of bounded) {
        const bound = args[name] ?? {};
        const value = reply.usage?.[name] ?? noneOf(name, reply);
        if (value === undefined) {
          missing.push(nouns[name].replace(' token', ''));
          continue;
        }
        found.push(plural(value, nouns[name]));
        if (!within(value, bound)) missed.push(`expected ${boundsOf(bound, nouns[name])}, received ${value}`);
        const close = nearBound(value, bound, `${nouns[name]}s`);
        if (close !== undefined && varying.includes(name) && reply.kind === 'generation') near.push(close);
      }
      if (missed.length === 0 && missing.length > 0)
        return cannotTell(`no count of ${missing.join(', ')} tokens in the reply`);
      return compared(missed.length === 0, missed.join('; '), found.join('; '), { near });
    };
  },
};

/** What not every reply has: the API's JSON leaves out a number that is 0, as that of Protocol Buffers does. */
const fields: Readonly<Partial<Record<keyof Args, string>>> = {
  thoughts: 'thoughtsTokenCount',
  cached: 'cachedContentTokenCount',
  toolUse: 'toolUsePromptTokenCount',
};

/** 0 for a count that a generating reply leaves out beside others; undefined where nothing is known of it. */
function noneOf(name: keyof Args, { kind, usage, raw }: Reply): 0 | undefined {
  const field = fields[name];
  if (kind !== 'generation' || field === undefined || usage?.prompt === undefined) return undefined;
  const metadata = isObject(raw) ? raw.usageMetadata : undefined;
  return isObject(metadata) && metadata[field] === undefined ? 0 : undefined;
}
