import type { JsonValue } from '../lib/json.ts';
import { enumValue } from './enums.ts';
import { isVisible } from './parts.ts';
import { outcomes, type AnswerPart, type Outcome } from './reply.ts';

const byFinishReason = new Map<string, Outcome>([
  ...[
    'SAFETY',
    'BLOCKLIST',
    'PROHIBITED_CONTENT',
    'SPII',
    'LANGUAGE',
    'IMAGE_SAFETY',
    'IMAGE_PROHIBITED_CONTENT',
  ].map((reason): [string, Outcome] => [reason, 'answerBlocked']),
  ['RECITATION', 'recited'],
  ['IMAGE_RECITATION', 'recited'],
  ['MAX_TOKENS', 'truncated'],
  // One part of a long reply, of which nobody fetched the next one.
  ['CONTINUATION', 'truncated'],
]);

/** The outcomes that are an answer: a case passes with another only where its assertions admit it. */
export const answering: readonly Outcome[] = ['answered', 'calledTool'];

/**
 * The outcome that a finishReason alone decides; undefined for STOP, the one good end. Any other reason, and none at all,
 * counts even beside a text or a call.
 */
export function outcomeOfFinish(finishReason: string | undefined): Outcome | undefined {
  if (finishReason === 'STOP') return undefined;
  return (finishReason && byFinishReason.get(finishReason)) || 'aborted';
}

/** Whether a candidate that finished so in one event of its stream, and again in a later one, ended the first way. */
export function isWorseFinish(first: JsonValue | undefined, later: JsonValue): boolean {
  const reason = enumValue('finishReason', first);
  // What follows is the next part of the reply; some proxies write the enum's default into every event before the end.
  if (reason === undefined || reason === 'CONTINUATION' || reason === 'FINISH_REASON_UNSPECIFIED')
    return false;
  return rank(reason) < rank(enumValue('finishReason', later));
}

function rank(finishReason: string | undefined): number {
  return outcomes.indexOf(outcomeOfFinish(finishReason) ?? 'answered');
}

/** The outcome of one candidate, from its finish reason and content. */
export function candidateOutcome(finishReason: string | undefined, parts: readonly AnswerPart[]): Outcome {
  const ended = outcomeOfFinish(finishReason);
  if (ended) return ended;
  if (parts.some(({ kind, thought }) => kind === 'call' && !thought)) return 'calledTool';
  return parts.some(isVisible) ? 'answered' : 'empty';
}

/** The outcome of a reply with these candidates: the first in the order of {@link outcomes}. */
export function worstOutcome(found: readonly Outcome[]): Outcome {
  return outcomes.find((outcome) => found.includes(outcome)) ?? 'empty';
}
