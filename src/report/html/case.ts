import { leastCount } from '../../lib/nearly-equal.ts';
import type { CaseRecord } from '../../judge/case-record.ts';
import type { JudgedCase } from '../../judge/results.ts';
import { knownFailure } from '../known.ts';
import { badge, block, escapeHtml } from './pieces.ts';
import { trialHtml } from './trial.ts';

/** Whether a case needs attention: such cases come first and are open. */
export function isBad({ verdict }: Pick<CaseRecord, 'verdict'>): boolean {
  return verdict === 'failed' || verdict === 'errored';
}

/** One case: prompt, replies and verdicts. The anchor is inside, so that a link to it opens the case. A known failure is closed, as what passed. */
export function caseHtml({ record, trials }: JudgedCase, anchor: string, isKnown: boolean): string {
  const { id, repeats, passRate, verdict, skip, source, method, model } = record;
  const { request = [], warnings = [], tags = [] } = record;
  let inside = '';
  if (skip !== undefined) inside += `<p>skipped: ${escapeHtml(skip)}</p>`;
  if (isKnown) inside += `<p>${escapeHtml(knownFailure)}</p>`;
  for (const warning of warnings) inside += `<p class="warned">warning: ${escapeHtml(warning)}</p>`;
  if (skip === undefined && trials.length < repeats)
    inside += `<p class="note">${trials.length} of ${repeats} trials ran: the run ended before the others</p>`;
  for (const { role, text } of request)
    inside += block(
      role === undefined ? 'prompt' : `prompt: ${role}`,
      text?.join('\n') ?? '(model answers here)',
    );
  for (const [index, trial] of trials.entries()) inside += trialHtml(trial, index, trials.length);
  const passed = record.trials.filter((trial) => trial.verdict === 'passed').length;
  const count =
    repeats === 1
      ? ''
      : ` <span class="dim">${passed} of ${repeats} trials passed; ${leastCount(passRate, repeats)} required</span>`;
  const facts = [method, model, ...tags.map((tag) => `#${tag}`), source];
  return `<details class="case ${verdict}"${isBad(record) && !isKnown ? ' open' : ''}><summary>${badge(verdict)} ${escapeHtml(id)}${isKnown ? ' <span class="dim">known failure</span>' : ''}${count}</summary><div class="in" id="${anchor}">
<p class="dim">${escapeHtml(facts.filter((part) => part !== undefined).join(' · '))}</p>${inside}</div></details>\n`;
}
