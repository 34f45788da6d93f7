import { readExchange, type CallResult } from '../gemini/call-result.ts';
import type { Exchange, GeminiRequest } from '../gemini/request.ts';
import type { Transport } from '../gemini/transport.ts';
import { journalVersion, type TurnRecord } from '../journal/record.ts';
import type { Case, CaseRef, Plan } from '../plan/case.ts';
import { isoOf, type Clock } from './clock.ts';
import type { Concurrency } from './concurrency.ts';
import { createLanes } from './lanes.ts';
import type { Pace } from './pace.ts';
import type { Purse } from './purse.ts';
import type { Recordings } from './recordings.ts';
import { whyStopped } from './refusal.ts';
import { createRetryBudget } from './retry.ts';
import { createSlots } from './slots.ts';
import type { Stop } from './stop.ts';
import { makeTrial, type BegunCall, type Trial, type TrialTools } from './trial.ts';
import { trialRecord } from './trial-record.ts';

export interface ExecutorOptions {
  readonly transport: Pick<Transport, 'call'>;
  readonly clock: Clock;
  /** Further attempts after a failure that may pass. */
  readonly retries: number;
  /** At most so many requests, and input tokens, a minute and model; absent: the limits of the suites. */
  readonly rpm?: number;
  readonly tpm?: number;
  readonly purse?: Purse;
  readonly recordings?: Recordings;
  /** What an earlier run had of a conversation. */
  readonly begun?: (ref: CaseRef, trial: number) => readonly BegunCall[] | undefined;
  /** Told once a model, in a line, what slows its calls. */
  readonly onNotice?: (text: string) => void;
  /** Told of every attempt, for --debug. */
  readonly onAttempt?: (request: GeminiRequest, exchange: Exchange) => void;
}

/** Makes trials by calls of their own, now: within the quota of each model, the retries and the budget of the run. */
export interface Executor {
  /** Undefined if the run stopped before the trial settled. */
  readonly execute: (testCase: Case, trial: number) => Promise<Trial | undefined>;
  readonly callsInFlight: () => number;
  /** The slowest pace that calls wait for; undefined where none does. */
  readonly pace: () => Pace | undefined;
  /** Calls that were sent, and whose trials did not settle: what they cost is not known. */
  readonly lostCalls: () => number;
}

/** Retries that a run may make before anything has succeeded, for each trial in flight; more if a trial may make more. */
const floorPerTrial = 5;

/** `append` journals the calls of a conversation. `onResize` is called when `concurrency` may have changed. */
export function createExecutor(
  plans: readonly Plan[],
  options: ExecutorOptions,
  concurrency: Concurrency,
  stop: Stop,
  append: (record: TurnRecord) => Promise<unknown>,
  onResize: () => void,
): Executor {
  const { clock, purse } = options;
  const slots = createSlots(concurrency.limit);
  const lanes = createLanes(
    plans.map(({ suite }) => suite.limits),
    options,
    stop,
  );
  let lost = 0;
  const tools: TrialTools = {
    transport: options.transport,
    clock,
    retries: options.retries,
    retryBudget: createRetryBudget(Math.max(floorPerTrial, options.retries) * concurrency.limit()),
    lane: lanes.of,
    slots,
    ending: stop.ending,
    onFatal: (testCase, result) => {
      // A case that is about failing stops nothing.
      if (!testCase.judgesErrors) stopFor(testCase.model, result);
    },
    onLost: (calls) => void (lost += calls),
    onAttempt: (request, { exchange, classification }) => {
      concurrency.tell(classification.quota === true);
      onResize();
      options.onAttempt?.(request, exchange);
    },
    ...(purse ? { purse } : {}),
  };

  /** Ends the run, or what is left of a model, where no further call can succeed. */
  function stopFor(model: string | undefined, result: CallResult): void {
    const { scope, cause } = result.classification;
    const message = whyStopped(result);
    if (scope === 'run' || model === undefined) return stop.stop('stopped', message, cause);
    stop.stopModel(model, message, cause);
    lanes.of(model).close();
  }

  /** The tools of one trial: its suite's prices, and where the calls of a conversation are kept. */
  function toolsOf({ suite, id, fingerprint, request }: Case, trial: number): TrialTools {
    const own = suite.prices ? { ...tools, prices: suite.prices } : tools;
    if (request.asks.length === 0) return own;
    const turn = {
      v: journalVersion,
      type: 'turn',
      suite: suite.name,
      case: id,
      trial,
      fingerprint,
    } as const;
    return {
      ...own,
      onTurn: async (call, exchange, attempts) => {
        await append({ ...turn, call, exchange, attempts });
      },
    };
  }

  return {
    execute: async (testCase, trial) => {
      if (stop.isStopped(testCase.model)) return undefined;
      const found = await options.recordings?.recall(testCase, trial);
      if (found)
        return {
          record: trialRecord(testCase, trial, { at: isoOf(clock.now()), ...found, attempts: [] }),
          results: found.exchanges.map((exchange) => readExchange(testCase.method, exchange)),
        };
      return makeTrial(testCase, trial, toolsOf(testCase, trial), options.begun?.(testCase, trial));
    },
    callsInFlight: slots.taken,
    pace: lanes.pace,
    lostCalls: () => lost,
  };
}
