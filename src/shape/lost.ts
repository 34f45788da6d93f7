const lessened = new WeakSet<object>();

/** Marks a pruned copy that lacks a key which the original had. */
export function markLost(value: object): void {
  lessened.add(value);
}

/** Whether a pruned value lost one of its keys: what it seems to lack may have been told already. */
export function hasLost(value: object): boolean {
  return lessened.has(value);
}
