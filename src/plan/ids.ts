import { sha256 } from '../lib/canonical.ts';
import type { Row } from '../suite/suite.ts';

const longest = 40;
/** 40 bits: of 100,000 rows that look alike, one pair in 200 such files would be taken for equal. */
const hashDigits = 10;

/** One name inside a case id: the separator cannot be forged. */
function escapeName(name: string): string {
  return name.replace(/[\\/]/g, (character) => `\\${character}`);
}

/** Joins names to an id; the first, the test's, comes first and verbatim. */
export function joinId(names: readonly string[]): string {
  return names.map((name, index) => (index === 0 ? name : escapeName(name))).join(' / ');
}

/** A row's name where the test gives none: its values, cut, with a short hash. */
export function defaultRowName(row: Row): string {
  const values = [...row.values].map(
    ([, { value, text }]) => text ?? (typeof value === 'string' ? value : JSON.stringify(value)),
  );
  const label = [...values.join(', ').replace(/\s+/g, ' ')];
  const hash = sha256(JSON.stringify([...row.values].map(([name, { value }]) => [name, value]))).slice(
    0,
    hashDigits,
  );
  return `${label.length > longest ? `${label.slice(0, longest - 1).join('')}…` : label.join('')} #${hash}`;
}
