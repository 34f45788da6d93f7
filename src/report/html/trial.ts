import { tokenCounts } from '../../gemini/reply.ts';
import { plural } from '../../lib/words.ts';
import type { AssertionResult, CandidateResult } from '../../judge/case-record.ts';
import type { AssertionDetails, JudgedTrial } from '../../judge/results.ts';
import { displayParts } from '../parts.ts';
import { badge, block, escapeHtml } from './pieces.ts';

/** One trial: what came back, and how each assertion came out. */
export function trialHtml(trial: JudgedTrial, index: number, of: number): string {
  const { result, details } = trial;
  const { error, problem, blockReason, promptSafety, turns, candidates, response, assertions } = result;
  let html =
    of > 1 ? `<div class="trial"><h3>trial ${index + 1} of ${of} ${badge(result.verdict)}</h3>` : '<div>';
  if (error)
    html += block('error', [error.status ?? error.transport, error.message].filter(Boolean).join(': '));
  if (problem !== undefined) html += block('problem', problem);
  if (blockReason !== undefined) html += block('the prompt was blocked', blockReason);
  if (promptSafety) html += safetyHtml('safetyRatings of the prompt', promptSafety);
  for (const [number, turn] of turns?.slice(0, -1).entries() ?? [])
    html += candidateHtml(turn, ` (turn ${number + 1})`);
  for (const [number, candidate] of candidates.entries())
    html += candidateHtml(candidate, candidates.length > 1 ? ` ${number}` : '');
  if (response !== undefined) html += block('response', JSON.stringify(response, null, 2));
  html += `<p class="dim">${escapeHtml(factsOf(trial))}</p>`;
  if (assertions.length > 0) {
    html += '<h3>assertions</h3><ul class="verdicts">';
    for (const [number, each] of assertions.entries()) html += assertionHtml(each, details[number]);
    html += '</ul>';
  }
  return `${html}</div>`;
}

const tokenWords = {
  prompt: 'prompt token',
  candidates: 'candidate token',
  thoughts: 'thinking token',
  cached: 'cached token',
  toolUse: 'tool use token',
  total: 'total token',
} as const;

function factsOf({ result, volatile }: JudgedTrial): string {
  const { outcome, modelVersion, usage = {}, turns } = result;
  const { totalMs, firstTokenMs, chunks, attempts } = volatile;
  let facts: string = outcome;
  if (modelVersion !== undefined) facts += ` · ${modelVersion}`;
  for (const name of tokenCounts)
    if (usage[name] !== undefined) facts += ` · ${plural(usage[name], tokenWords[name])}`;
  facts += ` · ${Math.round(totalMs)} ms`;
  if (firstTokenMs !== undefined) facts += ` · first text after ${Math.round(firstTokenMs)} ms`;
  if (chunks !== undefined) facts += ` · ${plural(chunks, 'chunk')}`;
  // A conversation makes one call a turn.
  return attempts > (turns?.length ?? 1) ? `${facts} · ${attempts} attempts` : facts;
}

function candidateHtml(candidate: CandidateResult, which: string): string {
  const { finishReason, finishMessage, text, thoughts, functionCalls, citations, grounding, safety } =
    candidate;
  let html = thoughts === undefined ? '' : block(`thoughts${which}`, thoughts.join('\n'));
  html += block(
    `reply${which}${finishReason === undefined ? '' : `: ${finishReason}`}`,
    text.length > 0 ? text.join('\n') : '(no text)',
  );
  if (finishMessage !== undefined) html += block(`finishMessage${which}`, finishMessage);
  if (functionCalls)
    html += block(
      `function calls${which}`,
      functionCalls.map(({ name, args }) => `${name}(${JSON.stringify(args)})`).join('\n'),
    );
  for (const { title, text: content } of displayParts(candidate)) html += block(title + which, content);
  if (citations && citations.length > 0)
    html += block(
      `citations${which}`,
      citations.map(({ uri, title }) => uri ?? title ?? '(no address)').join('\n'),
    );
  if (grounding)
    html += block(
      `grounding${which}`,
      [...grounding.queries.map((query) => `query: ${query}`), ...grounding.uris].join('\n'),
    );
  return safety && safety.length > 0 ? html + safetyHtml(`safetyRatings${which}`, safety) : html;
}

function safetyHtml(title: string, ratings: NonNullable<CandidateResult['safety']>): string {
  const lines = ratings.map(
    ({ category, probability, blocked }) =>
      `${category ?? '(no category)'}: ${probability ?? '(no probability)'}${blocked ? ' (blocked)' : ''}`,
  );
  return block(title, lines.join('\n'));
}

function assertionHtml(result: AssertionResult, details: AssertionDetails | undefined): string {
  const { assertion, verdict, severity, guardrail, message, source } = result;
  const { figure } = details ?? {};
  const word = verdict === 'passed' ? 'passed' : severity === 'warn' ? 'warned' : 'failed';
  const measured = figure === undefined ? '' : ` (${escapeHtml(figure)})`;
  const guards = guardrail ? ' <span class="dim">guardrail</span>' : '';
  const sides = verdict === 'passed' || !details ? '' : sidesHtml(details);
  return `<li>${badge(word)} <code>${escapeHtml(assertion)}</code> ${escapeHtml(message)}${measured}${guards} <span class="dim">${escapeHtml(source)}</span>${sides}</li>`;
}

function sidesHtml({ expected, actual }: AssertionDetails): string {
  if (expected === undefined && actual === undefined) return '';
  let html = '<div class="sides">';
  if (expected !== undefined) html += `<div>${block('expected', expected)}</div>`;
  if (actual !== undefined) html += `<div>${block('actual', actual)}</div>`;
  return `${html}</div>`;
}
