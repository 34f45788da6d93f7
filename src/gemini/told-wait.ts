/** Milliseconds in each unit, by the letters that it begins with: `7m3.5s` and `7 minutes and 3.5 seconds` are read alike. */
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
  const told = waitPattern.exec(message)?.[1];
  if (told === undefined) return undefined;
  let ms = 0;
  let nanos = 0;
  for (const [, whole = '0', fraction = '', ...found] of told.matchAll(amountPattern)) {
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
