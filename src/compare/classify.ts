import { reasonsOf } from '../judge/reasons.ts';
import { answersOf, differing } from './answers.ts';
import { differencesOf } from './differences.ts';
import type { Change, Class, ComparedCase, Failure, Side } from './comparison.ts';
import type { CaseRecord } from '../judge/case-record.ts';

/** Says of a pair what became of it; one side may be absent, not both. `older`: one side is of version 1. */
export function classify(
  suite: string,
  before: CaseRecord | undefined,
  after: CaseRecord | undefined,
  older = false,
): ComparedCase {
  const id = (after ?? before)?.id ?? '';
  const judged = before && after && isJudged(before) && isJudged(after);
  const text = judged
    ? differing({
        before: answersOf(before),
        after: answersOf(after),
        trials: [before.trials.length, after.trials.length],
      })
    : undefined;
  const differences = judged ? differencesOf(before, after, older) : [];
  const replyChanged = text !== undefined || differences.length > 0;
  const kind = classOf(before, after, replyChanged);
  return {
    suite,
    id,
    class: kind,
    worse: after?.verdict === 'failed' && before?.verdict !== 'failed',
    changes: before && after ? changesOf(before, after) : [],
    replyChanged,
    differences,
    failures: after && (kind === 'slid' || !isGood(after)) ? failuresOf(after) : [],
    ...(before ? { before: sideOf(before) } : {}),
    ...(after ? { after: sideOf(after) } : {}),
    ...(text ? { text } : {}),
  };
}

const isJudged = ({ verdict }: CaseRecord): boolean => verdict !== 'errored' && verdict !== 'skipped';
const isGood = ({ verdict }: CaseRecord): boolean => verdict === 'passed' || verdict === 'skipped';

function classOf(before: CaseRecord | undefined, after: CaseRecord | undefined, differs: boolean): Class {
  if (!after) return 'removed';
  if (after.verdict === 'errored') return 'erroredNow';
  if (!before) return 'added';
  if (after.verdict === 'skipped') return 'skipped';
  if (before.verdict === 'errored') return 'erroredBefore';
  if (after.verdict === 'failed') return before.verdict === 'failed' ? 'stillFailing' : 'regressed';
  // There is nothing to compare with what was skipped.
  if (before.verdict === 'skipped') return 'skipped';
  if (before.verdict === 'failed') return after.verdict === 'passed' ? 'fixed' : 'stillFailing';
  const fell = passed(after) / after.repeats < passed(before) / before.repeats;
  if (fell || (before.verdict === 'passed' && after.verdict === 'inconclusive')) return 'slid';
  return differs ? 'changedText' : 'unchanged';
}

const passed = ({ trials }: CaseRecord): number =>
  trials.filter(({ verdict }) => verdict === 'passed').length;

const versionsOf = ({ trials }: CaseRecord): string[] =>
  [...new Set(trials.flatMap(({ modelVersion }) => modelVersion ?? []))].toSorted();

function sideOf(each: CaseRecord): Side {
  return {
    verdict: each.verdict,
    passed: passed(each),
    trials: each.repeats,
    modelVersions: versionsOf(each),
    ...(each.model === undefined ? {} : { model: each.model }),
  };
}

function changesOf(before: CaseRecord, after: CaseRecord): Change[] {
  const found: Change[] = [];
  if (before.fingerprint !== after.fingerprint) {
    for (const part of ['prompt', 'config', 'vars'] as const)
      if (before.digests[part] !== after.digests[part]) found.push(part);
    if (before.model !== after.model) found.push('model');
    if (found.length === 0) found.push('request');
  }
  if (before.digests.assertions !== after.digests.assertions) found.push('assertions');
  const [then, now] = [versionsOf(before), versionsOf(after)];
  // With another model in the request, another one answers: that is not a change of its own.
  const comparable = before.model === after.model && then.length > 0 && now.length > 0;
  if (comparable && then.join('\n') !== now.join('\n')) found.push('modelVersion');
  return found;
}

/** Why a case did not pass, each reason once. */
function failuresOf(each: CaseRecord): Failure[] {
  return reasonsOf(each).map(({ assertion, message, source }) =>
    assertion === undefined ? { message, source } : { assertion, message, source },
  );
}
