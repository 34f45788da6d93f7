import { duration } from '../lib/words.ts';
import type { Classification } from './errors.ts';

/** A longer wait than this is not sat out within a run: what is left of the model stops, and the run can be resumed. */
const longestToldWaitMs = 300_000;

/** True for a failure that would pass, if not within a run: the service asks to wait too long. */
export function asksTooLong({ kind, retryAfterMs = 0 }: Classification): boolean {
  return kind === 'transient' && retryAfterMs > longestToldWaitMs;
}

/**
 * The message of a failed call, with the wait that the service asks for where that is not sat out. In whole minutes: it
 * stands in stable reports, and as each of many refusals counts down, seconds would differ.
 */
export function withLongWait(message: string, found: Classification): string {
  if (!asksTooLong(found)) return message;
  const minutes = Math.ceil((found.retryAfterMs ?? 0) / 60_000);
  const told = duration(minutes * 60).replace(/ 0 (s|min)$/, '');
  return `${message.replace(/\.$/, '')}; the service asks to wait ${told}`;
}
