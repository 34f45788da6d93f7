import { duration } from '../lib/words.ts';

/** Nanoseconds in each unit: `7m3.5s` and `7 minutes and 3.5 seconds` are the same. */
const units: readonly (readonly [pattern: string, nanos: number])[] = [
  ['h(?:ours?|rs?)?', 3_600_000_000_000],
  ['m(?:in(?:ute)?s?)?', 60_000_000_000],
  ['s(?:ec(?:ond)?s?)?', 1_000_000_000],
  ['ms|millis(?:econds?)?', 1_000_000],
  ['[uµμ]s|micros(?:econds?)?', 1000],
  ['ns|nanos(?:econds?)?', 1],
];
const amount = `\\d+(?:\\.\\d+)? ?(?:${units.map(([pattern]) => pattern).join('|')})(?![a-zµμ])`;
const wait = `\\b(?:retry|try again) (?:in|after) (${amount}(?:(?:,? and |,? )?${amount})*)`;
const waitPattern = new RegExp(wait, 'i');
const sentencePattern = new RegExp(`\\s{0,4}(?:\\bplease )?${wait}\\.?(?=\\s|$)`, 'gi');
const amountPattern = new RegExp(
  `(\\d+)(?:\\.(\\d+))? ?(?:${units.map(([pattern]) => `(${pattern})`).join('|')})(?![a-zµμ])`,
  'gi',
);

/**
 * The wait that a message asks for ("Please retry in 36.5s.", "retry in 7m3.5s", "try again in 2 hours"), in ms, rounded
 * up so that no call comes too early; exact to the nanosecond.
 */
export function waitIn(message: string): number | undefined {
  const hint = waitPattern.exec(message)?.[1];
  if (hint === undefined) return undefined;
  let ms = 0;
  let nanos = 0;
  for (const [, whole = '0', fraction = '', ...found] of hint.matchAll(amountPattern)) {
    const unit = units[found.findIndex((each) => each !== undefined)]?.[1] ?? 0;
    ms += Number(whole) * (unit / 1_000_000);
    nanos += Number(`0.${fraction || '0'}`) * unit;
  }
  return Math.ceil(ms + Math.round(nanos) / 1_000_000);
}

/** The message without the wait that it asks for: each of many refusals counts down. */
export function withoutWait(message: string): string {
  return message.replace(sentencePattern, '');
}

/** What a classification says of waiting. */
interface Waiting {
  readonly kind: string;
  readonly retryAfterMs?: number;
}

/** A run does not wait longer than this: what is left of the model stops, and the run can be resumed. */
const longestWaitMs = 300_000;

/** Whether the service asks to wait longer than a run does. */
export function asksTooLong({ kind, retryAfterMs = 0 }: Waiting): boolean {
  return kind === 'transient' && retryAfterMs > longestWaitMs;
}

/**
 * The message of a failed call, with the wait that the service asks for if that is too long. In whole minutes: the message
 * is in stable reports, and the seconds of many refusals would differ.
 */
export function withLongWait(message: string, classification: Waiting): string {
  if (!asksTooLong(classification)) return message;
  const minutes = Math.ceil((classification.retryAfterMs ?? 0) / 60_000);
  const longWait = duration(minutes * 60).replace(/ 0 (s|min)$/, '');
  return `${message.replace(/\.$/, '')}; the service asks to wait ${longWait}`;
}
