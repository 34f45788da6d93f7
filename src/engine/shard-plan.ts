import { isBilled } from '../gemini/methods.ts';
import { estimateInput, tokenLimits } from '../gemini/request-tokens.ts';
import type { ShardRecord } from '../journal/record.ts';
import { sha256, sha256Hash } from '../lib/canonical.ts';
import type { Case, CaseRef, Plan } from '../plan/case.ts';
import { filterPlan } from '../plan/select.ts';
import { assignShards, type Shard } from '../plan/shard.ts';
import { callsOf } from '../gemini/request-facts.ts';

/** How a plan is shared out among machines. */
export interface ShardPlan {
  /** The shard, from 1, that a case of the plans belongs to. */
  readonly shardOf: (ref: CaseRef) => number;
  /** SHA-256 of the cases, what each asks, and where it belongs: machines that share one plan have the same. */
  readonly digest: string;
}

/** What a call takes besides its tokens, in tokens: it has to be sent, and waited for. */
const tokensPerCall = 1000;
/** For models whose limit is not known: what the models of today give out at most. */
const mostOutput = 65_536;

/** Shares the cases of plans out; the same plans are shared out the same everywhere. */
export function assignToShards(plans: readonly Plan[], count: number): ShardPlan {
  const cases = plans.flatMap((plan) => plan.cases.map((ref) => shareable(plan, ref)));
  const assigned = assignShards(cases, count);
  const digest = sha256Hash();
  const shards = new Map<CaseRef, number>();
  for (const [index, { ref, hash, asks }] of cases.entries()) {
    const shard = assigned[index] ?? 0;
    digest.update(`${hash} ${asks} ${shard}\n`);
    shards.set(ref, shard);
  }
  return { shardOf: (ref) => shards.get(ref) ?? 0, digest: digest.digest('hex') };
}

function shareable({ suite, materialize }: Plan, ref: CaseRef) {
  const hash = sha256(`${suite.name}\0${ref.id}`);
  if (ref.skip !== undefined) return { ref, hash, asks: 'nothing', cost: 0 };
  const testCase = materialize(ref);
  return { ref, hash, asks: `${testCase.fingerprint} ${ref.repeats}`, cost: costOf(testCase) };
}

/** The part of the plans for one shard, and its record in the journal. */
export function planOfShard(
  plans: readonly Plan[],
  { index, count }: Shard,
): { plans: Plan[]; record: ShardRecord } {
  const { shardOf, digest } = assignToShards(plans, count);
  return {
    plans: plans.map((plan) => filterPlan(plan, (ref) => shardOf(ref) === index)),
    record: { index, count, plan: digest },
  };
}

/** What a case may take, in tokens: those it takes in, roughly, and the most that it may give out, for every trial. */
function costOf(testCase: Case): number {
  const { request, repeats } = testCase;
  const tokens = isBilled(request)
    ? estimateInput(request.body ?? null) + (tokenLimits(request).output ?? mostOutput)
    : 0;
  return repeats * callsOf(testCase) * (tokensPerCall + tokens);
}
