import type { CaseResult } from '../../judge/results.ts';
import { sourceOf } from '../source-of.ts';
import { escapeHtml } from './escape.ts';
import { badge, block } from './pieces.ts';
import { trialHtml } from './trial.ts';

/** Whether a case is to be looked at: such cases come first and are open. */
export function isBad({ verdict }: Pick<CaseResult, 'verdict'>): boolean {
  return verdict === 'failed' || verdict === 'errored';
}

/** One case: what was asked, what came back, how it was judged. The anchor is inside, so that a link to it opens the case. */
export function caseHtml(each: CaseResult, anchor: string): string {
  const { trials, repeats, passRate } = each;
  const prompt = each.shown
    .map(({ role, text }) =>
      block(role === undefined ? 'prompt' : `prompt: ${role}`, text ?? '(the model is asked here)'),
    )
    .join('');
  const notes = [
    ...(each.skip === undefined ? [] : [`<p>skipped: ${escapeHtml(each.skip)}</p>`]),
    ...each.warnings.map((warning) => `<p class="warned">warning: ${escapeHtml(warning)}</p>`),
    ...(each.skip === undefined && trials.length < repeats
      ? [
          `<p class="note">${trials.length} of ${repeats} ${repeats === 1 ? 'trial was' : 'trials were'} made: the run stopped</p>`,
        ]
      : []),
  ];
  const passed = trials.filter(({ verdict }) => verdict === 'passed').length;
  const count =
    repeats === 1
      ? ''
      : ` <span class="dim">${passed} of ${repeats} trials passed, ${Math.ceil(passRate * repeats - 1e-9)} must</span>`;
  const facts = [each.method, each.model, ...each.tags.map((tag) => `#${tag}`), sourceOf(each.place)];
  return `<details class="case ${each.verdict}"${isBad(each) ? ' open' : ''}><summary>${badge(each.verdict)} ${escapeHtml(each.id)}${count}</summary><div class="in" id="${anchor}">
<p class="dim">${escapeHtml(facts.filter((part) => part !== undefined).join(' · '))}</p>${notes.join('')}${prompt}${trials.map((trial, index) => trialHtml(trial, index, trials.length)).join('')}</div></details>\n`;
}
