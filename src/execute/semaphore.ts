/** Places for calls in flight, of all models together. */
export interface Semaphore {
  /** Waits for a place, if it must; who has waited for his quota goes before those who have not, or would come after his moment. */
  readonly acquire: (first: boolean) => Promise<void> | undefined;
  /** To be called once for each place taken. */
  readonly release: () => void;
  readonly inUse: () => number;
}

/** Opens as many places as `limit` says, each time it is asked. */
export function createSemaphore(limit: () => number): Semaphore {
  let taken = 0;
  const first: (() => void)[] = [];
  const others: (() => void)[] = [];
  return {
    inUse: () => taken,
    acquire: (isFirst) => {
      if (taken < limit()) {
        taken++;
        return undefined;
      }
      return new Promise((resolve) => (isFirst ? first : others).push(resolve));
    },
    release: () => {
      taken--;
      while (taken < limit()) {
        const next = first.shift() ?? others.shift();
        if (!next) return;
        taken++;
        next();
      }
    },
  };
}

/** Does work in a place of its own. */
export async function withPermit<T>(slots: Semaphore, work: () => Promise<T>): Promise<T> {
  const taking = slots.acquire(false);
  if (taking) await taking;
  try {
    return await work();
  } finally {
    slots.release();
  }
}
