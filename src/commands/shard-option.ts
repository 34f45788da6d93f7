import { InvalidArgumentError } from 'commander';
import type { Shard } from '../plan/shard.ts';

/** More machines than any run has. */
const mostShards = 1000;

/** Parses `--shard I/N`. */
export function shard(value: string): Shard {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(value);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || count < 1 || count > mostShards)
    throw new InvalidArgumentError(`Expected I/N, for example 2/3, with N from 1 to ${mostShards}.`);
  if (index < 1 || index > count)
    throw new InvalidArgumentError(
      `Expected a shard from 1/${count} to ${count}/${count}: they count from 1.`,
    );
  return { index, count };
}
