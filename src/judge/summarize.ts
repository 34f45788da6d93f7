import type { CaseRef } from '../plan/case.ts';
import type { Group, Summary } from './results.ts';
import type { TrialStore } from './trial-store.ts';

/** Counts a suite's cases by verdict, as a whole and by config and model; reads no trial again. */
export function summarize(
  refs: readonly CaseRef[],
  store: TrialStore,
): { summary: Summary; groups: Group[] } {
  const summary = { cases: refs.length, ...none(), warnings: 0 };
  const groups = new Map<string, { -readonly [K in keyof Group]: Group[K] }>();
  let last: Pick<CaseRef, 'config' | 'model'> | undefined;
  let group: { -readonly [K in keyof Group]: Group[K] } | undefined;
  for (const ref of refs) {
    const { config, model } = ref;
    // Most cases follow others of their group.
    if (!group || last?.config !== config || last?.model !== model) {
      last = { config, model };
      const key = JSON.stringify([config?.name, model]);
      group = groups.get(key) ?? {
        ...(config ? { config: config.name } : {}),
        ...(model === undefined ? {} : { model }),
        ...none(),
        tokens: 0,
        ms: 0,
        usd: 0,
        unpriced: 0,
        lost: 0,
        recalled: 0,
      };
      groups.set(key, group);
    }
    const verdict = store.verdict(ref);
    summary[verdict]++;
    group[verdict]++;
    const trials = store.of(ref);
    summary.warnings += store.warnings(ref).length;
    for (const { tokens, ms, usd, lost, recalled } of trials) {
      group.tokens += tokens;
      group.ms += ms;
      if (usd === undefined) group.unpriced++;
      // Whole units of the twelfth decimal, to which costs are known: their sum has no noise of the arithmetic.
      else group.usd += Math.round(usd * perUsd);
      group.lost += lost?.length ?? 0;
      if (recalled) group.recalled++;
    }
  }
  return { summary, groups: [...groups.values()].map((each) => ({ ...each, usd: each.usd / perUsd })) };
}

const perUsd = 1e12;

function none(): Record<'passed' | 'failed' | 'errored' | 'skipped' | 'inconclusive', number> {
  return { passed: 0, failed: 0, errored: 0, skipped: 0, inconclusive: 0 };
}
