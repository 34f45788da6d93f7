import { systemClock } from '../execute/clock.ts';
import { createTokenCounter } from '../execute/count-tokens.ts';
import type { CaseRef } from '../plan/case.ts';
import type { Context } from './context.ts';
import { checkEndpoint, openEndpoint, type EndpointOptions, transportOf } from './endpoint.ts';
import { planCases, noteIfEmpty, type PlanningOptions } from './select-cases.ts';
import { defaults, pathsOf } from './options.ts';
import { sizeOf, type CaseTokens, type PlanSize } from './plan-size.ts';

export interface PlanOptions extends ValidateOptions, EndpointOptions {
  /** Have the endpoint count the input tokens of every case. */
  readonly countTokens?: boolean;
  /** Of one count, in ms. */
  readonly timeout?: number;
}

export interface ValidateOptions extends Partial<PlanningOptions> {
  /** Suite files or folders. */
  readonly paths?: readonly string[];
}

/** A case that a run would make. */
export interface PlannedCase extends Partial<CaseTokens> {
  readonly suite: string;
  readonly id: string;
  readonly method: string;
  readonly model?: string;
  readonly repeats: number;
  readonly tags: readonly string[];
  readonly skip?: string;
}

/** The cases that a run would make, and what it could cost at most. */
export interface PlanOutcome {
  readonly suites: readonly string[];
  readonly cases: readonly PlannedCase[];
  readonly size: PlanSize;
}

/** Further attempts to count after a failure that may pass. */
const countRetries = defaults.retries;

/** Every check that needs no reply. */
export async function validate(
  context: Context,
  options: ValidateOptions,
): Promise<{ readonly suites: number; readonly cases: number }> {
  const { plans } = await planCases(context, pathsOf(options), { ...defaults, ...options });
  return { suites: plans.length, cases: plans.reduce((sum, { cases }) => sum + cases.length, 0) };
}

/** The cases that a run would make, what they would take, and what they could cost at most. */
export async function plan(context: Context, options: PlanOptions): Promise<PlanOutcome> {
  const checked = options.countTokens ? checkEndpoint(context, options) : undefined;
  const planned = await planCases(context, pathsOf(options), { ...defaults, ...options });
  const { plans } = planned;
  noteIfEmpty(context, planned);
  const endpoint = checked && (await openEndpoint(context, options, checked));
  const { timeout = defaults.shortTimeout } = options;
  const transport = endpoint && (await transportOf(context, endpoint, { timeout }));
  const tokens = new Map<CaseRef, CaseTokens>();
  let size: PlanSize;
  try {
    const count = transport && createTokenCounter({ transport, clock: systemClock, retries: countRetries });
    size = await sizeOf(plans, new Date(), count, count && ((ref, each) => void tokens.set(ref, each)));
  } finally {
    await transport?.close();
    await endpoint?.close();
  }
  const cases = plans.flatMap(({ suite, cases: refs }) =>
    refs.map((ref) => ({
      suite: suite.name,
      id: ref.id,
      method: ref.method,
      ...(ref.model === undefined ? {} : { model: ref.model }),
      repeats: ref.repeats,
      tags: ref.test.tags,
      ...(ref.skip === undefined ? {} : { skip: ref.skip }),
      ...tokens.get(ref),
    })),
  );
  return { suites: plans.map(({ suite }) => suite.name), cases, size };
}
