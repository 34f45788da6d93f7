import type { AssertionResult, CandidateResult, CaseResult, TrialResult } from '../../judge/results.ts';
import { sourceOf } from '../json.ts';
import { escapeHtml } from './escape.ts';

const block = (title: string, text: string): string =>
  `<h3>${escapeHtml(title)}</h3><pre>${escapeHtml(text)}</pre>`;

/** One case: what was asked, what came back, how it was judged. */
export function caseHtml(each: CaseResult, anchor: string): string {
  const prompt = each.shown
    .map(({ role, text }) =>
      block(role === undefined ? 'prompt' : `prompt: ${role}`, text ?? '(the model is asked here)'),
    )
    .join('');
  const open = each.verdict === 'failed' || each.verdict === 'errored' ? ' open' : '';
  const skip = each.skip === undefined ? '' : `<p>${escapeHtml(each.skip)}</p>`;
  const warnings = each.warnings
    .map((warning) => `<p class="errored">warning: ${escapeHtml(warning)}</p>`)
    .join('');
  return `<details class="case" id="${anchor}"${open}><summary><b class="${each.verdict}">${each.verdict}</b> ${escapeHtml(each.id)}</summary><div class="in">
<p class="dim">${escapeHtml([each.method, each.model, sourceOf(each.place)].filter((part) => part !== undefined).join(' · '))}</p>${skip}${warnings}${prompt}${each.trials.map((trial, index) => trialHtml(trial, each.trials.length > 1 ? `trial ${index + 1} of ${each.trials.length}: ` : '')).join('')}</div></details>\n`;
}

function trialHtml(trial: TrialResult, which: string): string {
  const { usage, volatile } = trial;
  const counts = Object.entries(usage ?? {}).map(([name, value]) => `${value} ${name} tokens`);
  const told = [
    trial.outcome,
    trial.modelVersion,
    ...counts,
    `${Math.round(volatile.totalMs)} ms`,
    ...(volatile.attempts > 1 ? [`${volatile.attempts} attempts`] : []),
  ];
  return [
    `<h3>${which}<b class="${trial.verdict}">${trial.verdict}</b></h3><p class="dim">${escapeHtml(told.filter((part) => part !== undefined).join(' · '))}</p>`,
    ...(trial.error
      ? [block('error', `${trial.error.status ?? trial.error.transport ?? ''} ${trial.error.message}`)]
      : []),
    ...(trial.problem === undefined ? [] : [block('problem', trial.problem)]),
    ...(trial.blockReason === undefined ? [] : [block('the prompt was blocked', trial.blockReason)]),
    ...(trial.turns ?? []).map((text) => block('the model, earlier', text)),
    ...trial.candidates.map((candidate, index) =>
      candidateHtml(candidate, trial.candidates.length > 1 ? ` ${index}` : ''),
    ),
    ...(trial.response === undefined ? [] : [block('response', JSON.stringify(trial.response, null, 2))]),
    trial.assertions.length > 0
      ? `<h3>assertions</h3><ul class="verdicts">${trial.assertions.map(assertionHtml).join('')}</ul>`
      : '',
  ].join('');
}

function candidateHtml(
  { finishReason, finishMessage, text, thoughts, functionCalls, safety }: CandidateResult,
  which: string,
): string {
  return [
    block(`reply${which}${finishReason === undefined ? '' : `: ${finishReason}`}`, text ?? '(no text)'),
    ...(finishMessage === undefined ? [] : [block('finishMessage', finishMessage)]),
    ...(thoughts === undefined ? [] : [block('thoughts', thoughts)]),
    ...(functionCalls
      ? [
          block(
            'function calls',
            functionCalls.map(({ name, args }) => `${name}(${JSON.stringify(args)})`).join('\n'),
          ),
        ]
      : []),
    ...(safety
      ? [
          block(
            'safetyRatings',
            safety
              .map(
                (rating) => `${rating.category}: ${rating.probability}${rating.blocked ? ' (blocked)' : ''}`,
              )
              .join('\n'),
          ),
        ]
      : []),
  ].join('');
}

function assertionHtml({
  assertion,
  verdict,
  severity,
  message,
  expected,
  actual,
  figure,
  place,
}: AssertionResult): string {
  const word = verdict === 'passed' ? 'passed' : severity === 'warn' ? 'warned' : 'failed';
  const detail =
    verdict === 'passed'
      ? ''
      : `${expected === undefined ? '' : block('expected', expected)}${actual === undefined ? '' : block('actual', actual)}`;
  return `<li><b class="${word === 'warned' ? 'errored' : word}">${word}</b> <code>${escapeHtml(assertion)}</code> ${escapeHtml(message)}${figure === undefined ? '' : ` (${escapeHtml(figure)})`} <span class="dim">${escapeHtml(sourceOf(place))}</span>${detail}</li>`;
}
