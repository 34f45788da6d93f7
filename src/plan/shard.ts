/** One machine's share of a run: the `index`-th, from 1, of `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** What decides where a case goes. */
export interface Shardable {
  /** SHA-256 of suite and id, lower-case hex. */
  readonly hash: string;
  /** What it may take, in whatever unit; 0 or more. */
  readonly cost: number;
}

/** A shard takes cases up to so much of its fair share; then they go to the next that they would have chosen. */
const slack = 1.1;

/**
 * Gives each case its shard, from 1, by consistent hashing with bounded loads (Mirrokni, Thorup and Zadimoghaddam,
 * 2018): a case ranks the shards by its own hash alone (rendezvous), and goes to the first that has capacity. Cases are
 * seated in the order of their hashes, so that neither the order of a file nor a new case moves the others, but for the
 * few that stand where a shard fills up. No shard gets more than 1.1 of its fair share, or that share and one case.
 */
export function assignShards(cases: readonly Shardable[], count: number): Uint16Array {
  const total = cases.reduce((sum, { cost }) => sum + cost, 0);
  const capacity = (slack * total) / count;
  const loads = Array.from({ length: count }, () => 0);
  const assigned = new Uint16Array(cases.length);
  const order = cases
    .map(({ hash }, index) => ({ hash, index }))
    .toSorted((a, b) => (a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0));
  for (const { hash, index } of order) {
    const cost = cases[index]?.cost ?? 0;
    const shard = firstWithCapacity(hash, loads, capacity - cost) ?? leastLoaded(loads);
    loads[shard] = (loads[shard] ?? 0) + cost;
    assigned[index] = shard + 1;
  }
  return assigned;
}

/** Of the shards that are loaded so much at most, the one that the hash ranks first. */
function firstWithCapacity(hash: string, loads: readonly number[], most: number): number | undefined {
  const seed = Number.parseInt(hash.slice(-8), 16);
  let best: number | undefined;
  let highest = -1;
  for (const [shard, load] of loads.entries()) {
    if (load > most) continue;
    const score = mix(seed ^ Math.imul(shard + 1, 0x9e3779b1));
    if (score <= highest) continue;
    best = shard;
    highest = score;
  }
  return best;
}

function leastLoaded(loads: readonly number[]): number {
  return loads.indexOf(Math.min(...loads));
}

/** Spreads 32 bits over 32 bits, one to one (the finalizer of MurmurHash3). */
function mix(bits: number): number {
  let mixed = bits;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
