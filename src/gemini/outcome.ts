import type { JsonObject } from '../lib/json.ts';
import { isObject } from '../lib/json.ts';
import { outcomes, type Outcome } from './reply.ts';

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

/** Parts other than text that are an answer to look at. */
const shown = ['inlineData', 'fileData', 'executableCode', 'codeExecutionResult'];

/**
 * The outcome of one candidate, from why it finished and what it holds. Only STOP is a good end: any other reason, and
 * none at all, counts even beside a text or a call.
 */
export function candidateOutcome(finishReason: string | undefined, parts: readonly JsonObject[]): Outcome {
  if (finishReason !== 'STOP') return (finishReason && byFinishReason.get(finishReason)) || 'aborted';
  if (parts.some((part) => isObject(part.functionCall))) return 'calledTool';
  return parts.some(isVisible) ? 'answered' : 'empty';
}

/** The outcome of a reply with these candidates: the first in the order of {@link outcomes}. */
export function worstOutcome(found: readonly Outcome[]): Outcome {
  return outcomes.find((outcome) => found.includes(outcome)) ?? 'empty';
}

function isVisible(part: JsonObject): boolean {
  if (part.thought === true) return false;
  if (typeof part.text === 'string' && part.text.trim() !== '') return true;
  return shown.some((key) => isObject(part[key]));
}
