import { ownValue } from '../lib/json.ts';
import type { Limits } from '../suite/suite.ts';
import type { Clock } from './clock.ts';
import { createLane, type Lane, type LaneNotice } from './lane.ts';
import { tellPace, type Pace, type Rate } from './pace.ts';
import type { Stop } from './stop.ts';

/** The lane of each model: a quota counts the calls of all suites together. */
export interface Lanes {
  readonly of: (model: string | undefined) => Lane;
  /** The slowest pace that calls have waited for of late. */
  readonly pace: () => Pace | undefined;
}

/**
 * Opens a lane for each model when its first call comes, at the rate of the flags, else the lowest that a suite names
 * for it. All close when the run stops.
 */
export function createLanes(
  suites: readonly (Limits | undefined)[],
  options: Rate & { readonly clock: Clock; readonly onNotice?: (text: string) => void },
  { stopping }: Pick<Stop, 'stopping'>,
): Lanes {
  const lanes = new Map<string, Lane>();
  const lowest = (model: string, key: keyof Rate): number | undefined => {
    const named = suites.flatMap(
      (limits) => ownValue(limits?.models ?? {}, model)?.[key] ?? limits?.[key] ?? [],
    );
    return named.length > 0 ? Math.min(...named) : undefined;
  };
  stopping.addEventListener('abort', () => lanes.forEach((lane) => lane.close()), { once: true });
  const of: Lanes['of'] = (model = '') => {
    let lane = lanes.get(model);
    if (!lane) {
      const rpm = options.rpm ?? lowest(model, 'rpm');
      const tpm = options.tpm ?? lowest(model, 'tpm');
      const rate = { ...(rpm === undefined ? {} : { rpm }), ...(tpm === undefined ? {} : { tpm }) };
      lanes.set(
        model,
        (lane = createLane(rate, options.clock, (notice) => options.onNotice?.(tellNotice(model, notice)))),
      );
      if (stopping.aborted) lane.close();
    }
    return lane;
  };
  return {
    of,
    pace: () => {
      const paces = [...lanes.values()].flatMap((lane) => lane.pace() ?? []);
      // Requests before tokens: theirs is the figure that says how long a run takes.
      return paces.toSorted((a, b) => a.kind.localeCompare(b.kind) || a.perMinute - b.perMinute)[0];
    },
  };
}

/** What slows a model's calls, in a line. */
function tellNotice(model: string, notice: LaneNotice): string {
  const who = model === '' ? '' : `${model}: `;
  if (notice.kind === 'held') return `${who}the service refuses calls (429); waiting`;
  return `${who}the service names a limit of ${tellPace(notice)} (429); the run is paced to it, and goes faster while nothing is refused; --${notice.kind} N sets a pace of your own`;
}
