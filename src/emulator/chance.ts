/** Deterministic pseudo-random values: equal words give equal draws, on every machine. */
import { hash } from 'node:crypto';

/** The bytes of the SHA-256 of words. */
export function digest(...words: readonly string[]): Buffer {
  return hash('sha256', words.join('\0'), 'buffer');
}

/** A short name of words: equal words, equal names. */
export function nameOf(...words: readonly string[]): string {
  return hash('sha1', words.join('\0'), 'base64');
}

/** A whole number from 0 below `below`, drawn by words. */
export function draw(below: number, ...words: readonly string[]): number {
  return digest(...words).readUInt32BE(0) % below;
}

/** One of a list, drawn by words. */
export function pick<T>(list: readonly T[], ...words: readonly string[]): T | undefined {
  return list[draw(list.length, ...words)];
}
