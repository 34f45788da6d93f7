const setFlag = (flag: string): void => process.getBuiltinModule('node:v8').setFlagsFromString(flag);

/**
 * Lets the heap grow in small steps from now on. V8 would let that of a run of 100,000 cases grow to several times what
 * lives in it before it looks for what is dead; the price is a collection more often, which small runs need not pay.
 */
export function growHeapSlowly(): void {
  setFlag('--heap-growing-percent=15');
}
