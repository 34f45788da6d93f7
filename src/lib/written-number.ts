import type { JsonValue } from './json.ts';

/** Texts of numbers, by the map or list with the number, and its key there. */
const kept = new WeakMap<object, Map<string | number, string>>();

/** Keeps the text of the scalar `container[key]`, as it was written. */
export function setWritten(container: object, key: string | number, text: string): void {
  let texts = kept.get(container);
  if (!texts) kept.set(container, (texts = new Map()));
  texts.set(key, text);
}

/** The text that was kept of the scalar `container[key]`, if one was. */
export function keptText(container: object, key: string | number): string | undefined {
  return kept.get(container)?.get(key);
}

/** The text of the first number in a value that JavaScript altered; see {@link isAltered}. */
export function alteredIn(value: JsonValue): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const text = keptText(value, Array.isArray(value) ? Number(name) : name);
    const found = text !== undefined && isAltered(text) ? text : alteredIn(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

const decimal = /^[-+]?(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i;
/** Most digits that toPrecision gives (ECMA-262, Number.prototype.toPrecision). */
const mostDigits = 100;

/**
 * Whether a number changes when it is sent: JavaScript reads it as a double, and writes the shortest text that gives
 * that double. Whole numbers must keep all their digits, since a server may read them as 64-bit integers. A
 * fraction may also be its double in more digits (0.10000000000000001 is 0.1), as some JSON writers print it.
 */
export function isAltered(text: string): boolean {
  const written = digitsOf(/^0[xo]/i.test(text) ? BigInt(text).toString() : text);
  const value = Number(text);
  if (!Number.isFinite(value)) return true;
  if (written === undefined || equal(written, digitsOf(String(value)))) return false;
  if (written.exponent >= 0 || written.digits.length > mostDigits) return true;
  return !equal(written, digitsOf(value.toPrecision(written.digits.length)));
}

interface Decimal {
  /** Without zeros at either end. */
  readonly digits: string;
  /** The power of ten that the digits, read as a whole number, are multiplied with. */
  readonly exponent: number;
}

function digitsOf(text: string): Decimal | undefined {
  const found = decimal.exec(text);
  if (!found) return undefined;
  const [, whole = '', fraction = '', power = '0'] = found;
  const all = `${whole}${fraction}`.replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  const exponent = digits === '' ? 0 : Number(power) - fraction.length + all.length - digits.length;
  return { digits, exponent };
}

function equal(a: Decimal, b: Decimal | undefined): boolean {
  return a.digits === b?.digits && a.exponent === b.exponent;
}
