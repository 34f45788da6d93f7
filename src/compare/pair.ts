import type { CaseRecord } from '../judge/case-record.ts';

/** One id, on one side or both. */
export interface Pair {
  readonly before?: CaseRecord;
  readonly after?: CaseRecord;
}

/** Pairs two lists of cases, each in order of ids, by holding one case of each. */
export async function* pairCases(
  before: AsyncIterable<CaseRecord>,
  after: AsyncIterable<CaseRecord>,
): AsyncGenerator<Pair> {
  const left = before[Symbol.asyncIterator]();
  const right = after[Symbol.asyncIterator]();
  try {
    let a = await left.next();
    let b = await right.next();
    while (!a.done || !b.done) {
      const first: CaseRecord | undefined = a.done ? undefined : a.value;
      const second: CaseRecord | undefined = b.done ? undefined : b.value;
      const takeLeft = first !== undefined && (second === undefined || first.id <= second.id);
      const takeRight = second !== undefined && (first === undefined || second.id <= first.id);
      yield {
        ...(takeLeft ? { before: first } : {}),
        ...(takeRight ? { after: second } : {}),
      };
      if (takeLeft) a = await left.next();
      if (takeRight) b = await right.next();
    }
  } finally {
    // A file that is no longer read is closed.
    await left.return?.();
    await right.return?.();
  }
}

/** No cases: the other side of a suite that one side has not. */
export async function* noCases(): AsyncGenerator<CaseRecord> {
  // Nothing to give.
}
