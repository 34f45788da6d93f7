import { readExchange, type CallResult } from '../gemini/call-result.ts';
import type { Exchange, GeminiRequest } from '../gemini/request.ts';
import type { Transport } from '../gemini/transport.ts';
import type { TurnRecord } from '../journal/record.ts';
import type { Case, CaseRef, Plan } from '../plan/case.ts';
import { isoOf, type Clock } from './clock.ts';
import type { Concurrency } from './concurrency.ts';
import { createThrottles } from './throttles.ts';
import type { Pace } from './token-bucket.ts';
import { createBudget, type BudgetLimits } from './budget.ts';
import type { MinimalBudget } from './budget-message.ts';
import { createTokenCounter } from './count-tokens.ts';
import type { ReplayStore } from './replay-store.ts';
import { whyStopped } from './refusal.ts';
import { createRetryBudget } from './retry.ts';
import { createLiveCall } from './live-call.ts';
import { createSemaphore } from './semaphore.ts';
import type { RunAbort } from './abort.ts';
import { makeTrial, trialRecord, type BegunCall, type Trial } from './trial.ts';

export interface ExecutorOptions {
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
  /** Further attempts after a failure that may pass. */
  readonly retries: number;
  /** At most so many requests, and input tokens, a minute and model; absent: the limits of the suites. */
  readonly rpm?: number | undefined;
  readonly tpm?: number | undefined;
  readonly budget?: BudgetLimits | undefined;
  readonly replays?: ReplayStore | undefined;
  /** The calls of a conversation that an earlier run made. */
  readonly begun?: ((ref: CaseRef, trial: number) => readonly BegunCall[] | undefined) | undefined;
  /** Called once a model, with a line about what slows its calls. */
  readonly onNotice?: (text: string) => void;
  /** Called for every attempt, for --debug. */
  readonly onAttempt?: (request: GeminiRequest, exchange: Exchange) => void;
}

/** Makes trials by live calls, within the quota of each model, the retries and the budget of the run. */
export interface Executor {
  /** Undefined if the run stopped before the trial settled. */
  readonly execute: (testCase: Case, trial: number) => Promise<Trial | undefined>;
  readonly callsInFlight: () => number;
  /** The slowest pace that calls wait for; undefined where none does. */
  readonly pace: () => Pace | undefined;
  /** Calls that were sent and whose trials did not settle: their cost is not known. */
  readonly lostCalls: () => number;
  /** The budget without which the run would stop at the same call again; undefined where it would not. */
  readonly minimalBudget: () => MinimalBudget | undefined;
}

/** Retries that a run may make before anything has succeeded, for each trial in flight; more if a trial may make more. */
const floorPerTrial = 5;

/** `append` journals the calls of a conversation. `onResize` is called when `concurrency` may have changed. */
export function createExecutor(
  plans: readonly Plan[],
  options: ExecutorOptions,
  concurrency: Concurrency,
  abort: RunAbort,
  append: (record: TurnRecord) => Promise<unknown>,
  onResize: () => void,
): Executor {
  const { transport, clock, retries } = options;
  const permits = createSemaphore(concurrency.limit);
  const throttles = createThrottles(
    plans.map(({ suite }) => suite.limits),
    options,
    abort,
  );
  const countTokens = createTokenCounter({ transport, clock, retries });
  const budget = createBudget({ ...options.budget, clock, stop: abort.stop, countTokens });
  let lost = 0;
  const liveCall = createLiveCall({
    transport,
    clock,
    retries,
    retryBudget: createRetryBudget(Math.max(floorPerTrial, retries) * concurrency.limit()),
    throttleOf: throttles.of,
    permits,
    budget,
    kill: abort.kill,
    onFatal: (testCase, result) => {
      // A case that is about failing stops nothing.
      if (!testCase.judgesErrors) stopFor(testCase.model, result);
    },
    onAttempt: (request, { exchange, classification }) => {
      concurrency.settled(classification.quota === true);
      onResize();
      options.onAttempt?.(request, exchange);
    },
  });

  /** Stops the run, or the rest of a model, where no further call can succeed. */
  function stopFor(model: string | undefined, result: CallResult): void {
    const { scope, cause } = result.classification;
    const message = whyStopped(result);
    if (scope === 'run' || model === undefined) return abort.stop('stopped', message, cause);
    abort.stopModel(model, message, cause);
    throttles.of(model).close();
  }

  return {
    execute: async (testCase, trial) => {
      if (abort.isStopped(testCase.model)) return undefined;
      const at = isoOf(clock.now());
      const found = await options.replays?.lookup(testCase, trial);
      if (found)
        return {
          record: trialRecord(testCase, trial, { at, ...found, attempts: [] }),
          results: found.exchanges.map((exchange) => readExchange(testCase.method, exchange)),
        };
      return makeTrial(testCase, trial, {
        at,
        liveCall,
        begun: options.begun?.(testCase, trial),
        onTurn: append,
        onLost: (calls) => void (lost += calls),
      });
    },
    callsInFlight: permits.inUse,
    pace: throttles.pace,
    lostCalls: () => lost,
    minimalBudget: budget.minimal,
  };
}
