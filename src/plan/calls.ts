import type { Method } from '../gemini/methods.ts';
import type { Conversation } from '../gemini/request.ts';
import { isObject } from '../lib/json.ts';
import type { NamedPrompt } from '../suite/suite.ts';
import type { Case } from './case.ts';

/**
 * Where a conversation asks the model: for each call how many of `contents` are sent before the reply, which takes the
 * next place. Empty where there is one ordinary call.
 */
export function stopsOf({ asks, body }: Conversation): readonly number[] {
  const contents = body?.contents;
  if (asks.length === 0 || !Array.isArray(contents)) return [];
  return asks.at(-1) === contents.length - 1 ? asks : [...asks, contents.length];
}

/** How many calls a trial of a case makes: more than one in a conversation. */
export function callsOf({ request }: Pick<Case, 'request'>): number {
  return Math.max(1, stopsOf(request).length);
}

/** As {@link callsOf}, of a prompt as written. */
export function callsOfPrompt(prompt: NamedPrompt | undefined, method: Method): number {
  const turns = prompt?.turns ?? [];
  const asks = turns.filter(({ parts }) => !parts).length;
  if (!['generateContent', 'streamGenerateContent'].includes(method) || asks === 0) return 1;
  return asks + (turns.at(-1)?.parts ? 1 : 0);
}

/** The functions whose responses follow a call's reply in the prompt, in order; undefined where none does. */
export function respondedTo({ request }: Pick<Case, 'request'>, call: number): readonly string[] | undefined {
  const stop = stopsOf(request)[call];
  const contents = request.body?.contents;
  if (stop === undefined || !Array.isArray(contents)) return undefined;
  const next = contents[stop + 1];
  const parts = isObject(next) && Array.isArray(next.parts) ? next.parts : [];
  const names = parts.flatMap((part) =>
    isObject(part) && isObject(part.functionResponse) && typeof part.functionResponse.name === 'string'
      ? [part.functionResponse.name]
      : [],
  );
  return names.length > 0 ? names : undefined;
}
