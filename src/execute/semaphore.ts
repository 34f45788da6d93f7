/** Limits the calls in flight, of all models together. */
export interface Semaphore {
  /** Waits for a permit, if it must. A call that has waited for its quota goes `first`, or its moment would pass. */
  readonly acquire: (first: boolean) => Promise<void> | undefined;
  /** To be called once for each permit. */
  readonly release: () => void;
  readonly inUse: () => number;
}

/** `limit` is read each time: it may change. */
export function createSemaphore(limit: () => number): Semaphore {
  let inUse = 0;
  const first: (() => void)[] = [];
  const others: (() => void)[] = [];
  return {
    inUse: () => inUse,
    acquire: (isFirst) => {
      if (inUse < limit()) {
        inUse++;
        return undefined;
      }
      return new Promise((resolve) => (isFirst ? first : others).push(resolve));
    },
    release: () => {
      inUse--;
      while (inUse < limit()) {
        const next = first.shift() ?? others.shift();
        if (!next) return;
        inUse++;
        next();
      }
    },
  };
}

/** Does work while it has a permit. */
export async function withPermit<T>(semaphore: Semaphore, work: () => Promise<T>): Promise<T> {
  const acquiring = semaphore.acquire(false);
  if (acquiring) await acquiring;
  try {
    return await work();
  } finally {
    semaphore.release();
  }
}
