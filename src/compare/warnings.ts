import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Comparison, Warning } from './comparison.ts';
import type { Pair } from './pair.ts';

/** When results were approved, and which models had answered. */
export interface Approval {
  /** When all of them were: ISO 8601, UTC. */
  readonly approvedAt: string;
  /** When some of them were approved since: ISO 8601, UTC. */
  readonly partlyAt?: string;
  /** modelVersions, sorted. */
  readonly models: readonly string[];
}

export interface WatchOptions {
  /** Days after which approved results count as old. */
  readonly oldAfterDays: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The side whose headroom counts: what was approved, or what is about to be. */
  readonly headroomOf: 'before' | 'after';
}

/** Looks at every pair for what makes a baseline doubtful; keeps little. */
export interface Watch {
  readonly see: (suite: string, pair: Pair) => void;
  /** A suite is done; `cases` were counted. */
  readonly close: (suite: string, baseline: boolean, cases: number, approval: Approval | undefined) => void;
  /** Adds suites that a side has in results of version 1. */
  readonly older: (name: string, suites: number) => void;
  readonly warnings: () => Warning[];
}

const mostShown = 3;
const dayMs = 86_400_000;

/** Starts a watch over pairs; `name` is what the user calls the approved side. */
export function createWatcher(name: string, { oldAfterDays, now, headroomOf }: WatchOptions): Watch {
  const found: Warning[] = [];
  const aliases = new Map<string, number>();
  const tight: string[] = [];
  let tightCases = 0;
  return {
    see: (suite, pair) => {
      for (const model of new Set([pair.before?.model, pair.after?.model]))
        if (model !== undefined && isMovingAlias(model)) aliases.set(model, (aliases.get(model) ?? 0) + 1);
      const near = pair[headroomOf]?.trials
        .flatMap(({ assertions }) => assertions)
        .find(({ near: close }) => close !== undefined)?.near;
      if (near === undefined) return;
      tightCases++;
      if (tight.length < mostShown) tight.push(`${suite}: ${pair[headroomOf]?.id}: ${near}`);
    },
    close: (suite, baseline, cases, approval) => {
      if (!baseline && cases > 0)
        found.push({
          code: 'no-baseline',
          message: `${name} has no results of ${suite}: its ${cases === 1 ? 'case counts' : `${cases} cases count`} as added`,
          help: 'approve them (assay approve), or name the folder that contains them',
        });
      if (!baseline || !approval) return;
      const days = Math.floor((now - Date.parse(approval.approvedAt)) / dayMs);
      if (days > oldAfterDays)
        found.push({
          code: 'old-baseline',
          message: `the results of ${suite} were approved ${days} days ago (${approval.approvedAt.slice(0, 10)}), more than ${oldAfterDays}`,
          help: 'run the suite, look at what changed, and approve it again',
        });
    },
    older: (side, suites) => {
      if (suites > 0)
        found.push({
          code: 'older-results',
          message: `${side} holds results of an earlier version of Assay (${count(suites)}): pictures, code, citations, grounding and the finishReason of earlier turns are not compared`,
          help: 'after the next `assay approve`, these are compared too',
        });
    },
    warnings: () => [
      ...found,
      ...[...aliases]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([model, cases]) => movingAlias(model, cases)),
      ...(tightCases > 0 ? [littleHeadroom(tight, tightCases)] : []),
    ],
  };
}

const count = (suites: number): string => (suites === 1 ? '1 suite' : `${suites} suites`);

/** `gemini-flash-latest`: which model that is changes without a change in the suite. */
function isMovingAlias(model: string): boolean {
  return model.endsWith('-latest');
}

function movingAlias(model: string, cases: number): Warning {
  return {
    code: 'moving-alias',
    message: `${model} is an alias that moves (${cases === 1 ? '1 case' : `${cases} cases`}): another model may answer tomorrow`,
    help: 'name a version in the suite; modelVersion in the results says which one answered',
  };
}

function littleHeadroom(listed: readonly string[], cases: number): Warning {
  const more = cases - listed.length;
  return {
    code: 'little-headroom',
    message: `${cases === 1 ? '1 approved case comes' : `${cases} approved cases come`} within 10 % of a bound: ${[...listed, ...(more > 0 ? [`+${more} more`] : [])].join('; ')}`,
    help: 'the next answer may miss it: widen the bound, or ask for less',
  };
}

/** What a comparison warns of, as diagnostics. */
export function warningsOf({ warnings }: Pick<Comparison, 'warnings'>): Diagnostic[] {
  return warnings.map((warning) => ({ severity: 'warning', ...warning }));
}
