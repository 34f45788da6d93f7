import { ownValue } from '../lib/json.ts';
import type { Limits } from '../suite/suite.ts';
import type { Clock } from './clock.ts';
import { createModelThrottle, type ModelThrottle, type ThrottleNotice } from './model-throttle.ts';
import { paceText, type Pace, type Rate } from './token-bucket.ts';
import type { RunAbort } from './abort.ts';

/** The throttle of each model: a quota counts the calls of all suites together. */
export interface Throttles {
  readonly of: (model: string | undefined) => ModelThrottle;
  /** The slowest pace that calls have waited for of late. */
  readonly pace: () => Pace | undefined;
}

interface ThrottleOptions {
  /** The rate of every model; absent: the lowest that a suite names for it. */
  readonly rpm?: number | undefined;
  readonly tpm?: number | undefined;
  readonly clock: Clock;
  readonly onNotice?: (text: string) => void;
}

/** Opens the throttle of a model when its first call comes. All close when the run stops. */
export function createThrottles(
  suites: readonly (Limits | undefined)[],
  options: ThrottleOptions,
  { drain }: Pick<RunAbort, 'drain'>,
): Throttles {
  const throttles = new Map<string, ModelThrottle>();
  const lowest = (model: string, key: keyof Rate): number | undefined => {
    const named = suites.flatMap(
      (limits) => ownValue(limits?.models ?? {}, model)?.[key] ?? limits?.[key] ?? [],
    );
    return named.length > 0 ? Math.min(...named) : undefined;
  };
  drain.addEventListener('abort', () => throttles.forEach((throttle) => throttle.close()), { once: true });
  const of: Throttles['of'] = (model = '') => {
    let throttle = throttles.get(model);
    if (!throttle) {
      const rpm = options.rpm ?? lowest(model, 'rpm');
      const tpm = options.tpm ?? lowest(model, 'tpm');
      const rate = { ...(rpm === undefined ? {} : { rpm }), ...(tpm === undefined ? {} : { tpm }) };
      throttles.set(
        model,
        (throttle = createModelThrottle(rate, options.clock, (notice) =>
          options.onNotice?.(noticeText(model, notice)),
        )),
      );
      if (drain.aborted) throttle.close();
    }
    return throttle;
  };
  return {
    of,
    pace: () => {
      const paces = [...throttles.values()].flatMap((throttle) => throttle.pace() ?? []);
      // Requests before tokens: theirs is the figure that says how long a run takes.
      return paces.toSorted((a, b) => a.kind.localeCompare(b.kind) || a.perMinute - b.perMinute)[0];
    },
  };
}

/** A line about what slows the calls of a model. */
function noticeText(model: string, notice: ThrottleNotice): string {
  const who = model === '' ? '' : `${model}: `;
  if (notice.kind === 'waiting') return `${who}the service refuses calls (429); waiting`;
  return `${who}the service names a limit of ${paceText(notice)} (429); the run keeps to it, and goes faster while nothing is refused; --${notice.kind} N sets a limit of your own`;
}
