/** Words of the API that a script gives back: a slip of a known one is a fault, any other may be what a test is about. */
import type { Report } from '../diagnostics/diagnostic.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { enumTable } from './message-table.ts';
import { complain } from './script-check.ts';

const [categoryStart = '', ...categoryEnds] = (enumTable.HarmCategory ?? '').split(' ');

/** What answers are made of, as requests have none of it. */
const known = {
  finishReason:
    'STOP MAX_TOKENS SAFETY RECITATION LANGUAGE OTHER BLOCKLIST PROHIBITED_CONTENT SPII MALFORMED_FUNCTION_CALL IMAGE_SAFETY IMAGE_PROHIBITED_CONTENT IMAGE_OTHER NO_IMAGE IMAGE_RECITATION UNEXPECTED_TOOL_CALL TOO_MANY_TOOL_CALLS MISSING_THOUGHT_SIGNATURE MALFORMED_RESPONSE ESCALATION PUP_LIMITED_DISABLED CONTINUATION FINISH_REASON_UNSPECIFIED'.split(
      ' ',
    ),
  blockReason:
    'SAFETY OTHER BLOCKLIST PROHIBITED_CONTENT IMAGE_SAFETY MODEL_ARMOR JAILBREAK BLOCK_REASON_UNSPECIFIED'.split(
      ' ',
    ),
  category: categoryEnds.map((end) => `${categoryStart}${end}`),
  probability: 'NEGLIGIBLE LOW MEDIUM HIGH HARM_PROBABILITY_UNSPECIFIED'.split(' '),
  status:
    'CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED UNAUTHENTICATED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS'.split(
      ' ',
    ),
};

/** Reports a word that is within two edits of a known one, shown at `map[key]`. */
function checkWord(
  word: JsonValue | undefined,
  what: keyof typeof known,
  map: JsonObject,
  key: string,
  report: Report,
): void {
  if (typeof word !== 'string' || known[what].includes(word)) return;
  const near = nearest(word, known[what], 2, 0.7);
  if (near === undefined) return;
  const message = `unknown ${what} ${JSON.stringify(word)}`;
  complain(report, 'unknown-value', message, map, key, `did you mean ${JSON.stringify(near)}?`);
}

/** Looks for slips in the words of a rule's answer. */
export function checkWords(rule: JsonObject, report: Report): void {
  const { reply, block, error } = rule;
  if (isObject(reply)) {
    checkWord(reply.finishReason, 'finishReason', reply, 'finishReason', report);
    checkRatings(reply.safetyRatings, report);
  }
  if (isObject(block)) {
    checkWord(block.blockReason, 'blockReason', block, 'blockReason', report);
    checkRatings(block.safetyRatings, report);
  } else checkWord(block, 'blockReason', rule, 'block', report);
  if (isObject(error)) checkWord(error.status, 'status', error, 'status', report);
}

function checkRatings(ratings: JsonValue | undefined, report: Report): void {
  if (Array.isArray(ratings)) {
    for (const rating of ratings.filter(isObject))
      for (const key of ['category', 'probability'] as const)
        checkWord(rating[key], key, rating, key, report);
  } else if (isObject(ratings))
    for (const [category, probability] of Object.entries(ratings)) {
      checkWord(category, 'category', ratings, category, report);
      checkWord(probability, 'probability', ratings, category, report);
    }
}
