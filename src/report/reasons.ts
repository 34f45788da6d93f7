import type { JudgedCase, AssertionDetails } from '../judge/results.ts';
import {
  reasonsOf as reasonsOfRecord,
  warningReasonsOf,
  type Reason as RecordedReason,
} from '../judge/reasons.ts';
import { cut } from './cut.ts';

/** Characters of an expected or actual text that a report for machines shows. */
const mostCharacters = 4_000;

/** One thing that kept a case from passing, with the place of its assertion (else of its test) and what was compared. */
export type Reason = RecordedReason & AssertionDetails;

/** Why a case did not pass, each reason once, in the order of the trials and assertions. */
export function reasonsOf(each: JudgedCase): Reason[] {
  return reasonsOfRecord(each.record).map((reason) => ({ ...reason, ...detailsOf(each, reason) }));
}

/** The `severity: warn` assertions that a case missed, each once. */
export function warningsOf(each: JudgedCase): Reason[] {
  return warningReasonsOf(each.record).map((reason) => ({ ...reason, ...detailsOf(each, reason) }));
}

function detailsOf({ place, trials }: JudgedCase, { at }: RecordedReason): AssertionDetails {
  return (at && trials[at.trial]?.details[at.assertion]) ?? { place };
}

/** A reason in one line, `suites/a.yaml:12:5: contains: backpack: the text does not have it`, and what was expected and received below it. */
export function reasonBlock({ source, assertion, message, expected, actual, ended }: Reason): string {
  return [
    [source, assertion, message].filter((part) => part !== undefined).join(': '),
    ...(ended === undefined ? [] : [`  finishReason: ${cut(ended, mostCharacters)}`]),
    ...(expected === undefined ? [] : [`  expected: ${cut(expected, mostCharacters)}`]),
    ...(actual === undefined ? [] : [`  actual: ${cut(actual, mostCharacters)}`]),
  ].join('\n');
}
