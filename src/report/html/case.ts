import { leastCount } from '../../lib/at-least.ts';
import type { CaseResult } from '../../judge/results.ts';
import { knownFailure } from '../known.ts';
import { sourceOf } from '../source-of.ts';
import { escapeHtml } from './escape.ts';
import { badge, block } from './pieces.ts';
import { trialHtml } from './trial.ts';

/** Whether a case is to be looked at: such cases come first and are open. */
export function isBad({ verdict }: Pick<CaseResult, 'verdict'>): boolean {
  return verdict === 'failed' || verdict === 'errored';
}

/** One case: what was asked, what came back, how it was judged. The anchor is inside, so that a link to it opens the case. A known failure is closed as what passed is. */
export function caseHtml(each: CaseResult, anchor: string, isKnown: boolean): string {
  const { trials, repeats, passRate, verdict, skip } = each;
  let inside = '';
  if (skip !== undefined) inside += `<p>skipped: ${escapeHtml(skip)}</p>`;
  if (isKnown) inside += `<p>${escapeHtml(knownFailure)}</p>`;
  for (const warning of each.warnings) inside += `<p class="warned">warning: ${escapeHtml(warning)}</p>`;
  if (skip === undefined && trials.length < repeats)
    inside += `<p class="note">${trials.length} of ${repeats} ${repeats === 1 ? 'trial was' : 'trials were'} made: the run stopped</p>`;
  for (const { role, text } of each.shown)
    inside += block(role === undefined ? 'prompt' : `prompt: ${role}`, text ?? '(model answers here)');
  for (const [index, trial] of trials.entries()) inside += trialHtml(trial, index, trials.length);
  const passed = trials.filter((trial) => trial.verdict === 'passed').length;
  const count =
    repeats === 1
      ? ''
      : ` <span class="dim">${passed} of ${repeats} trials passed; ${leastCount(passRate, repeats)} required</span>`;
  const facts = [each.method, each.model, ...each.tags.map((tag) => `#${tag}`), sourceOf(each.place)];
  return `<details class="case ${verdict}"${isBad(each) && !isKnown ? ' open' : ''}><summary>${badge(verdict)} ${escapeHtml(each.id)}${isKnown ? ' <span class="dim">known failure</span>' : ''}${count}</summary><div class="in" id="${anchor}">
<p class="dim">${escapeHtml(facts.filter((part) => part !== undefined).join(' · '))}</p>${inside}</div></details>\n`;
}
