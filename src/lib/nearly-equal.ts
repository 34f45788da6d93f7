/** Relative difference up to which two numbers count as equal: far above the error of a few float operations. */
const tolerance = 1e-12;

/** Whether two numbers are equal but for float error: 0.1 + 0.2 and 0.3 are. */
export function isNearly(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

/** Whether a number is at least a bound, float error aside. */
export function isAtLeast(value: number, bound: number): boolean {
  return value >= bound || isNearly(value, bound);
}

/** The smallest whole number whose share of `total` is at least `share`. */
export function leastCount(share: number, total: number): number {
  const exact = share * total;
  return isNearly(exact, Math.round(exact)) ? Math.round(exact) : Math.ceil(exact);
}
