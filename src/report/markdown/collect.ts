import type { JudgedCase } from '../../judge/results.ts';
import type { Standing } from '../known.ts';
import { createRanking, type Ranked, type Ranking } from '../ranking.ts';
import { reasonsOf } from '../reasons.ts';

/** A case of a suite that is worth a reader's time. */
export interface Notable {
  readonly suite: string;
  readonly each: JudgedCase;
}

/** The contents of a summary: the most important cases of each kind, and their number. */
export interface Collected {
  /** Those that the baseline has passed. */
  readonly regressed: Ranked<Notable>;
  readonly failed: Ranked<Notable>;
  /** Those that the baseline has failed too. */
  readonly known: Ranked<Notable>;
  readonly errored: Ranked<Notable>;
  readonly inconclusive: Ranked<Notable>;
  readonly warned: Ranked<Notable>;
  /** Cases that passed although a trial of theirs did not. */
  readonly unsteady: number;
}

/** More would not fit into a summary. */
const most = 200;

/** Collects the contents of a summary while the cases of a run pass. */
export function createCollector({ isKnown, isRegressed }: Standing): {
  readonly add: (each: JudgedCase, suite: string) => void;
  readonly collected: () => Collected;
} {
  const inOrder = (): Ranking<Notable> => createRanking<Notable>(most, () => 0);
  const byWeight = () => createRanking<Notable & { weight: number }>(most, (a, b) => b.weight - a.weight);
  const [regressed, failed] = [byWeight(), byWeight()];
  const [errored, inconclusive, warned, known] = [inOrder(), inOrder(), inOrder(), inOrder()];
  let unsteady = 0;
  return {
    add: (each, suite) => {
      const { verdict, trials, warnings = [] } = each.record;
      if (isKnown(suite, each.record)) known.add({ suite, each });
      else if (verdict === 'failed')
        (isRegressed(suite, each.record) ? regressed : failed).add({ suite, each, weight: weightOf(each) });
      else if (verdict === 'errored') errored.add({ suite, each });
      else if (verdict === 'inconclusive') inconclusive.add({ suite, each });
      else if (verdict === 'passed' && trials.some((trial) => trial.verdict !== 'passed')) unsteady++;
      if (warnings.length > 0) warned.add({ suite, each });
    },
    collected: () => ({ regressed, failed, known, errored, inconclusive, warned, unsteady }),
  };
}

/** A missed guardrail comes first, then what failed in the largest share of its trials. */
function weightOf(each: JudgedCase): number {
  const { trials } = each.record;
  const missed = trials.filter(({ verdict }) => verdict === 'failed').length;
  const share = trials.length === 0 ? 0 : missed / trials.length;
  return (reasonsOf(each).some(({ guardrail }) => guardrail) ? 10 : 0) + share;
}
