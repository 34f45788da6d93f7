import type { Clock } from './clock.ts';
import { resources, type Rate, type Resource } from './token-bucket.ts';

/** A rate learned from refusals: it begins at the limit that they name, and grows while nothing is refused. */
export interface LearnedRate {
  readonly rate: () => Rate;
  /** A call was refused, with these limits and this wait. True if one is the first limit of its resource: pacing begins. */
  readonly refused: (named: Rate, waitMs: number) => boolean;
  /** A call succeeded. True if the rate has grown. */
  readonly passed: () => boolean;
  /** A call had to wait for this resource. A rate that no call waits for does not grow. */
  readonly waitedFor: (resource: Resource) => void;
}

/** A quota a minute is full again after a minute: only then is more than the limit tried. */
const firstRestMs = 60_000;
/** Doubles the rate in a quarter of a minute. */
const growth = 1.25;
const stepMs = 5000;
/** A rate so many times the limit shows that it was no limit. */
const disproof = 4;

/**
 * Learns the rate of a model from refusals; `fixed` is the user's and stays. A refusal halves a rate that has grown,
 * never below the limit that was named, and doubles the rest before it grows again: a real limit is tried less and less
 * often.
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
