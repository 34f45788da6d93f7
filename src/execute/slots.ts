/** Places for calls in flight, of all models together. */
export interface Slots {
  /** Waits for a place, if it must; who has waited for his quota goes before those who have not, or would come after his moment. */
  readonly take: (first: boolean) => Promise<void> | undefined;
  /** To be called once for each place taken. */
  readonly give: () => void;
  readonly taken: () => number;
}

/** Opens as many places as `limit` says, each time it is asked. */
export function createSlots(limit: () => number): Slots {
  let taken = 0;
  const first: (() => void)[] = [];
  const others: (() => void)[] = [];
  return {
    taken: () => taken,
    take: (isFirst) => {
      if (taken < limit()) {
        taken++;
        return undefined;
      }
      return new Promise((resolve) => (isFirst ? first : others).push(resolve));
    },
    give: () => {
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
export async function inPlace<T>(slots: Slots, work: () => Promise<T>): Promise<T> {
  const taking = slots.take(false);
  if (taking) await taking;
  try {
    return await work();
  } finally {
    slots.give();
  }
}
