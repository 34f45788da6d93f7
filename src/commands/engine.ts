const setFlag = (flag: string): void => process.getBuiltinModule('node:v8').setFlagsFromString(flag);

/**
 * Lets the heap grow in small steps from now on. V8 would let that of a run of 100,000 cases grow to several times what
 * lives in it before it looks for what is dead; the price is a collection more often, which small runs need not pay.
 */
export function growHeapSlowly(): void {
  setFlag('--heap-growing-percent=15');
}

/**
 * Keeps V8 from compiling the HTTP client's WebAssembly parser a second time, for speed. That takes a tenth of a second
 * of a core and 35 MB, for which even the end of a run of one case would wait; a run of 10,000 cases is not faster by it.
 */
export function keepParserSimple(): void {
  setFlag('--liftoff-only');
}
