import type { Place } from '../../diagnostics/diagnostic.ts';
import type { AssertionResult, CandidateResult, TrialResult } from '../../judge/results.ts';
import { sourceOf } from '../source-of.ts';
import { escapeHtml } from './escape.ts';
import { badge, block } from './pieces.ts';

/** One trial: what came back, and how each assertion came out. */
export function trialHtml(trial: TrialResult, index: number, of: number): string {
  const { usage, volatile } = trial;
  const facts = [
    trial.outcome,
    trial.modelVersion,
    ...Object.entries(usage ?? {}).map(([name, value]) => `${value} ${name} tokens`),
    `${Math.round(volatile.totalMs)} ms`,
    ...(volatile.firstTokenMs === undefined
      ? []
      : [`first text after ${Math.round(volatile.firstTokenMs)} ms`]),
    ...(volatile.chunks === undefined ? [] : [`${volatile.chunks} chunks`]),
    ...(volatile.attempts > 1 ? [`${volatile.attempts} attempts`] : []),
  ];
  return [
    of > 1 ? `<div class="trial"><h3>trial ${index + 1} of ${of} ${badge(trial.verdict)}</h3>` : '<div>',
    ...(trial.error
      ? [
          block(
            'error',
            [trial.error.status ?? trial.error.transport, trial.error.message].filter(Boolean).join(': '),
          ),
        ]
      : []),
    ...(trial.problem === undefined ? [] : [block('problem', trial.problem)]),
    ...(trial.blockReason === undefined ? [] : [block('the prompt was blocked', trial.blockReason)]),
    ...(trial.promptSafety ? [safetyHtml('safetyRatings of the prompt', trial.promptSafety)] : []),
    ...(trial.turns ?? []).map((text) => block('the model, earlier', text)),
    ...trial.candidates.map((candidate, number) =>
      candidateHtml(candidate, trial.candidates.length > 1 ? ` ${number}` : ''),
    ),
    ...(trial.response === undefined ? [] : [block('response', JSON.stringify(trial.response, null, 2))]),
    `<p class="dim">${escapeHtml(facts.filter((part) => part !== undefined).join(' · '))}</p>`,
    trial.assertions.length > 0
      ? `<h3>assertions</h3><ul class="verdicts">${trial.assertions.map(assertionHtml).join('')}</ul>`
      : '',
    '</div>',
  ].join('');
}

function candidateHtml(candidate: CandidateResult, which: string): string {
  const { finishReason, finishMessage, text, thoughts, functionCalls, safety } = candidate;
  return [
    ...(thoughts === undefined ? [] : [block(`thoughts${which}`, thoughts)]),
    block(`reply${which}${finishReason === undefined ? '' : `: ${finishReason}`}`, text ?? '(no text)'),
    ...(finishMessage === undefined ? [] : [block('finishMessage', finishMessage)]),
    ...(functionCalls
      ? [
          block(
            'function calls',
            functionCalls.map(({ name, args }) => `${name}(${JSON.stringify(args)})`).join('\n'),
          ),
        ]
      : []),
    ...(safety && safety.length > 0 ? [safetyHtml('safetyRatings', safety)] : []),
  ].join('');
}

function safetyHtml(title: string, ratings: NonNullable<CandidateResult['safety']>): string {
  const lines = ratings.map(
    ({ category, probability, blocked }) =>
      `${category ?? '(no category)'}: ${probability ?? '(no probability)'}${blocked ? ' (blocked)' : ''}`,
  );
  return block(title, lines.join('\n'));
}

const heads = new Map<string, string>();
const places = new WeakMap<Place, string>();

/** An assertion's words and its place as HTML: thousands of cases share few of them. */
function wordsHtml(assertion: string): string {
  let html = heads.get(assertion);
  if (html === undefined) {
    html = `<code>${escapeHtml(assertion)}</code>`;
    if (heads.size < mostHeads) heads.set(assertion, html);
  }
  return html;
}

function placeHtml(place: Place): string {
  let html = places.get(place);
  if (html === undefined)
    places.set(place, (html = `<span class="dim">${escapeHtml(sourceOf(place))}</span>`));
  return html;
}

/** Assertions of rows may each have words of their own. */
const mostHeads = 1000;

function assertionHtml(result: AssertionResult): string {
  const { assertion, verdict, severity, guardrail, message, expected, actual, figure, place } = result;
  const word = verdict === 'passed' ? 'passed' : severity === 'warn' ? 'warned' : 'failed';
  const sides = [
    ...(expected === undefined ? [] : [`<div>${block('expected', expected)}</div>`]),
    ...(actual === undefined ? [] : [`<div>${block('actual', actual)}</div>`]),
  ];
  const detail =
    verdict === 'passed' || sides.length === 0 ? '' : `<div class="sides">${sides.join('')}</div>`;
  return `<li>${badge(word)} ${wordsHtml(assertion)} ${escapeHtml(message)}${figure === undefined ? '' : ` (${escapeHtml(figure)})`}${guardrail ? ' <span class="dim">guardrail</span>' : ''} ${placeHtml(place)}${detail}</li>`;
}
