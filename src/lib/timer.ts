/** The longest wait, in ms, that Node's timers can do: a longer one would fire at once. */
const longestMs = 2 ** 31 - 1;

/** A bound in ms as a timer takes it: what is beyond {@link longestMs}, 24 days, is never reached by a call. */
export const timerMs = (ms: number): number => Math.min(ms, longestMs);
