/** Counts calls and tokens against the quota of each model. */
import { quotaExceeded, type ApiError } from './errors.ts';

interface Limit {
  readonly kind: 'perMinute' | 'inputTokens';
  /** Calls or tokens a minute. */
  readonly limit: number;
  /** What the bucket holds. */
  readonly burst: number;
}

interface Bucket extends Limit {
  level: number;
}

/**
 * A token bucket for each model; like the service's, it holds max(2, rpm/60) calls. Returns a function that takes a call
 * out of it, or gives the 429 of a call that is too much.
 */
export function createQuota(
  { rpm, tpm }: { rpm?: number; tpm?: number },
  now: () => number = Date.now,
): (model: string, tokens: () => number) => ApiError | undefined {
  const models = new Map<string, { at: number; buckets: Bucket[] }>();
  const limits: Limit[] = [];
  if (rpm !== undefined) limits.push({ kind: 'perMinute', limit: rpm, burst: Math.max(2, rpm / 60) });
  if (tpm !== undefined) limits.push({ kind: 'inputTokens', limit: tpm, burst: tpm });
  return (model, tokens) => {
    if (limits.length === 0) return undefined;
    const time = now();
    let state = models.get(model);
    if (!state) {
      state = { at: time, buckets: limits.map((limit) => ({ ...limit, level: limit.burst })) };
      models.set(model, state);
    }
    const counted = tpm === undefined ? 0 : tokens();
    const amount = ({ kind }: Bucket): number => (kind === 'perMinute' ? 1 : counted);
    for (const bucket of state.buckets)
      bucket.level = Math.min(bucket.burst, bucket.level + ((time - state.at) / 60_000) * bucket.limit);
    state.at = time;
    for (const bucket of state.buckets) {
      // A call larger than the bucket passes when the bucket is full; otherwise it never could.
      const missing = Math.min(amount(bucket), bucket.burst) - bucket.level;
      // Sums of fractions are a little less than the whole number.
      if (missing <= 1e-6) continue;
      const seconds = Math.ceil((missing * 60_000) / bucket.limit - 1e-6) / 1000;
      return quotaExceeded({ model, kind: bucket.kind, limit: bucket.limit, retryDelay: `${seconds}s` });
    }
    for (const bucket of state.buckets) bucket.level -= amount(bucket);
    return undefined;
  };
}
