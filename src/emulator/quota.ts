/** Counts calls and tokens against the quota of each model. */
import { quotaExceeded, type ApiError } from './errors.ts';

interface Bucket {
  readonly kind: 'perMinute' | 'inputTokens';
  readonly limit: number;
  readonly burst: number;
  level: number;
}

/** A token bucket a model with the service's burst, max(2, rpm/60) calls: the failure of a call that is too much, else undefined. */
export function createQuota(
  { rpm, tpm }: { rpm?: number; tpm?: number },
  now: () => number = Date.now,
): (model: string, tokens: () => number) => ApiError | undefined {
  const models = new Map<string, { at: number; buckets: Bucket[] }>();
  const open = (): Bucket[] => [
    ...(rpm === undefined
      ? []
      : [
          {
            kind: 'perMinute' as const,
            limit: rpm,
            burst: Math.max(2, rpm / 60),
            level: Math.max(2, rpm / 60),
          },
        ]),
    ...(tpm === undefined ? [] : [{ kind: 'inputTokens' as const, limit: tpm, burst: tpm, level: tpm }]),
  ];
  return (model, tokens) => {
    if (rpm === undefined && tpm === undefined) return undefined;
    const time = now();
    let state = models.get(model);
    if (!state) models.set(model, (state = { at: time, buckets: open() }));
    const counted = tpm === undefined ? 0 : tokens();
    const amount = ({ kind }: Bucket): number => (kind === 'perMinute' ? 1 : counted);
    for (const bucket of state.buckets)
      bucket.level = Math.min(bucket.burst, bucket.level + ((time - state.at) / 60_000) * bucket.limit);
    state.at = time;
    for (const bucket of state.buckets) {
      // A call above the whole burst passes once the bucket is full: it could else never pass.
      const missing = Math.min(amount(bucket), bucket.burst) - bucket.level;
      // What has come in by fractions adds up to a little less than a whole.
      if (missing <= 1e-6) continue;
      const seconds = Math.ceil((missing * 60_000) / bucket.limit - 1e-6) / 1000;
      return quotaExceeded({ model, kind: bucket.kind, limit: bucket.limit, retryDelay: `${seconds}s` });
    }
    for (const bucket of state.buckets) bucket.level -= amount(bucket);
    return undefined;
  };
}
