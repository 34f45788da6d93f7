/** A token bucket with the service's burst, max(2, rpm/60): undefined lets a request pass, a number says in how many seconds to come again. */
export function createQuota(
  { rpm, tpm }: { rpm?: number; tpm?: number },
  now: () => number = Date.now,
): (tokens: number) => number | undefined {
  const buckets = [
    ...(rpm === undefined
      ? []
      : [{ rate: rpm / 60, burst: Math.max(2, rpm / 60), level: Math.max(2, rpm / 60), one: true }]),
    ...(tpm === undefined ? [] : [{ rate: tpm / 60, burst: tpm, level: tpm, one: false }]),
  ];
  let at = now();
  return (tokens) => {
    const time = now();
    for (const bucket of buckets)
      bucket.level = Math.min(bucket.burst, bucket.level + ((time - at) / 1000) * bucket.rate);
    at = time;
    for (const bucket of buckets) {
      const amount = bucket.one ? 1 : Math.min(tokens, bucket.burst);
      if (bucket.level < amount) return Number(((amount - bucket.level) / bucket.rate).toFixed(3));
    }
    for (const bucket of buckets) bucket.level -= bucket.one ? 1 : tokens;
    return undefined;
  };
}
