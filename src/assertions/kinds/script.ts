import path from 'node:path';
import type { JsonObject, JsonValue } from '../../lib/json.ts';
import { cut } from '../../lib/redact.ts';
import { anything, byType, mapOf, number, object, optional, text } from '../../shape/shape.ts';
import { cannotTell, everyReply, verdict } from '../evaluation.ts';
import type { Kind, Subject } from '../kind.ts';

interface Args {
  /** Relative to the root, with forward slashes, once the suite is read. */
  file: string;
  with?: JsonObject;
  timeout?: number;
}

const defaultLimitMs = 5000;
/** A message is a sentence; a script that returns the whole reply must not double the report. */
const mostCharacters = 1000;

const file = text({
  doc: 'The path of an .mjs file inside the root, relative to this file.',
  example: 'checks/rhymes.mjs',
  minLength: 1,
});

export const script: Kind<Args> = {
  name: 'script',
  doc: 'A function in your .mjs file (its default export, or `judge`) returns true. If it returns a text, that is the reason of the failure. It gets the reply as plain data, and the value of `with`.',
  shape: byType({
    text: file,
    map: object({
      file,
      with: optional(
        mapOf(anything(), { doc: 'The function’s second argument.', example: { object: '{{object}}' } }),
      ),
      timeout: optional(
        number({
          doc: 'Time limit in milliseconds. Default: 5000.',
          example: 1000,
          min: 1,
          max: 600_000,
        }),
      ),
    }),
  }) as unknown as Kind<Args>['shape'],
  example: 'checks/rhymes.mjs',
  fits: everyReply,
  moduleArgument: 'file',
  label: (args) => `script: ${args.file}${args.with ? ` ${JSON.stringify(args.with)}` : ''}`,
  compile:
    ({ file: named, with: given = {}, timeout = defaultLimitMs }) =>
    async (subject) => {
      const { root } = subject.trial;
      const { askScript } = await import('../script-worker.ts');
      const answer = await askScript(path.join(root, named), { reply: plain(subject), given }, timeout);
      if ('problem' in answer) return cannotTell(`${named} ${tidy(answer.problem, root)}`);
      return 'message' in answer
        ? verdict(false, tidy(answer.message, root))
        : verdict(true, `${named} returned true`);
    },
};

/** The reply as scripts see it: what does not differ from one run to the next. */
function plain({ reply, candidate }: Subject): Record<string, JsonValue | object | undefined> {
  const { candidates, usage, modelVersion, blockReason, promptSafetyRatings, vectors, error, raw } = reply;
  return {
    outcome: candidate?.outcome ?? reply.outcome,
    text: candidate?.text,
    thoughts: candidate?.thoughts,
    finishReason: candidate?.finishReason,
    functionCalls: candidate?.functionCalls ?? [],
    safetyRatings: candidate?.safetyRatings,
    citations: candidate?.citations,
    avgLogprobs: candidate?.avgLogprobs,
    candidates: candidates.map(({ text: answer, finishReason }) => ({ text: answer, finishReason })),
    usage,
    modelVersion,
    blockReason,
    promptSafetyRatings,
    vectors,
    error,
    response: raw,
  };
}

/** Where the project lies on this machine does not belong in a report. */
function tidy(message: string, root: string): string {
  const local = message.replaceAll(`file://${root}/`, '').replaceAll(`${root}${path.sep}`, '');
  const line = local.trim().replace(/\s*\n\s*/g, '; ');
  return line.length > mostCharacters ? `${cut(line, mostCharacters - 1)}…` : line;
}
