import type { Clock } from './clock.ts';
import { resources, type Rate, type Resource } from './token-bucket.ts';

/** The pace that refusals set: it begins at the limit that they name, and grows while nothing is refused. */
export interface LearnedRate {
  readonly rate: () => Rate;
  /** A call was refused, and told these limits and to wait so long. True if a limit is the first of its resource: pacing begins. */
  readonly refused: (named: Rate, waitMs: number) => boolean;
  /** A call passed. True if the pace has grown. */
  readonly passed: () => boolean;
  /** A call had to wait for this resource: what nobody waits for does not grow. */
  readonly waitedFor: (resource: Resource) => void;
}

/** A minute's quota is whole again after a minute: only then can more than the limit be tried. */
const firstRestMs = 60_000;
/** Doubles the pace in a quarter of a minute. */
const growth = 1.25;
const stepMs = 5000;
/** A pace so many times the limit shows that the limit was no limit. */
const disproof = 4;

/**
 * Learns the pace of a model from refusals; what is in `fixed` is the user's and stays. A refusal halves a pace that has
 * grown, never below the limit named, and doubles the rest before it grows again: a real limit is tried less and less often.
 */
export function createLearnedRate(fixed: Rate, clock: Pick<Clock, 'now'>): LearnedRate {
  const limits: { -readonly [name in Resource]?: number } = {};
  const paces: { -readonly [name in Resource]?: number } = {};
  const waited = new Set<Resource>();
  let restMs = firstRestMs;
  let growsAt = Number.POSITIVE_INFINITY;
  return {
    rate: () => paces,
    waitedFor: (resource) => void waited.add(resource),
    refused: (named, waitMs) => {
      let isFirst = false;
      for (const resource of resources) {
        const limit = named[resource] ?? limits[resource];
        if (limit === undefined || fixed[resource] !== undefined) continue;
        const pace = paces[resource];
        isFirst ||= pace === undefined;
        limits[resource] = limit;
        paces[resource] = pace === undefined ? limit : Math.max(limit, pace / 2);
        if (pace !== undefined && pace > limit) restMs = pace > limit * disproof ? firstRestMs : restMs * 2;
      }
      waited.clear();
      growsAt = clock.now() + waitMs + restMs;
      return isFirst;
    },
    passed: () => {
      if (waited.size === 0 || clock.now() < growsAt) return false;
      for (const resource of waited) {
        const pace = paces[resource];
        if (pace !== undefined) paces[resource] = pace * growth;
      }
      waited.clear();
      growsAt = clock.now() + stepMs;
      return true;
    },
  };
}
