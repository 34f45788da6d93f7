import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Comparison } from '../../compare/comparison.ts';
import type { Results, SuiteResults } from '../../judge/results.ts';
import type { OutsideReporter } from '../reporter.ts';
import { writeWhole } from '../write.ts';
import { reasonsOf } from '../reasons.ts';
import { comparisonHtml } from './comparison.ts';
import { standingOf, type Standing } from '../known.ts';
import { notesOf } from '../notes.ts';
import { escapeHtml } from './escape.ts';
import { badge } from './pieces.ts';
import { style } from './style.ts';
import { countAnchors, suiteHtml } from './suite.ts';

/** index.html: one file, no script, a policy that allows nothing but its own style. */
export const html: OutsideReporter = async (results, directory, { comparison }) => {
  const file = path.join(directory, 'index.html');
  await writeWhole(file, pieces(results, comparison));
  return [file];
};

async function* pieces(results: Results, comparison: Comparison | undefined): AsyncGenerator<string> {
  const standing = standingOf(comparison);
  const hash = createHash('sha256').update(style).digest('base64');
  yield `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><title>Assay report</title><style>${style}</style></head>
<body><header><h1>Assay report</h1>${runHtml(results)}${tiles(results, standing)}</header><main>\n`;
  if (comparison) yield* comparisonHtml(comparison);
  yield* badCases(results, standing);
  yield* contents(results.suites);
  for (const [index, suite] of results.suites.entries()) yield* suiteHtml(suite, index, standing);
  yield '</main></body></html>\n';
}

function runHtml({ run }: Results): string {
  const facts = [
    run.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC'),
    `${(run.durationMs / 1000).toFixed(1)} s`,
    run.emulator ? 'on the emulator' : run.endpoint,
    `Assay ${run.assay}`,
  ];
  const note =
    run.ended === 'done'
      ? ''
      : `<p class="note">This run is not whole: it ${run.ended === 'interrupted' ? 'was interrupted' : run.ended}${run.message === undefined ? '' : ` (${escapeHtml(run.message)})`}. What was answered is here.</p>`;
  return `<p class="dim">${escapeHtml(facts.join(' · '))}</p>${note}${notesOf(run)
    .map((each) => `<p class="note">${escapeHtml(each)}.</p>`)
    .join('')}`;
}

function tiles({ suites }: Results, standing: Standing): string {
  const keys = ['cases', 'passed', 'failed', 'errored', 'skipped', 'inconclusive', 'warnings'] as const;
  const tile = (key: (typeof keys)[number]): string => {
    const all = suites.reduce((total, { summary }) => total + summary[key], 0);
    const sum = key === 'failed' ? all - standing.known() : all;
    if (key === 'inconclusive' && sum === 0) return '';
    const look = sum === 0 ? 'none' : key === 'warnings' ? 'warned' : key;
    return `<li><b class="${look}">${sum}</b> ${key}</li>`;
  };
  const known = standing.known();
  const knownTile =
    known > 0 ? `<li><b class="skipped">${known}</b> known ${known === 1 ? 'failure' : 'failures'}</li>` : '';
  return `<ul class="tiles">${keys.map(tile).join('')}${knownTile}</ul>`;
}

/** Every case that did not come out well, over all suites, with its first reason: what a reader came for. Known failures stand apart. */
async function* badCases({ suites }: Results, { isKnown, known }: Standing): AsyncGenerator<string> {
  const bad = suites.reduce((sum, { summary }) => sum + summary.failed + summary.errored, 0);
  const lists = [
    { id: 'bad', title: 'Needs attention', known: false, cases: bad - known() },
    { id: 'known', title: 'Known failures', known: true, cases: known() },
  ];
  for (const list of lists) {
    if (list.cases === 0) continue;
    yield `<section aria-labelledby="${list.id}"><h2 id="${list.id}">${list.title}</h2><ul class="list">\n`;
    for (const [number, suite] of suites.entries()) {
      const anchors = countAnchors(number);
      for await (const each of suite.failing()) {
        const anchor = anchors(each.record);
        if (isKnown(suite.suite, each.record) !== list.known) continue;
        yield `<li>${badge(each.record.verdict)} <a href="#${anchor}">${escapeHtml(`${suite.suite}: ${each.record.id}`)}</a> <span class="dim">${escapeHtml(reasonsOf(each)[0]?.message ?? '')}</span></li>\n`;
      }
    }
    yield '</ul></section>\n';
  }
}

/** The suites, with what came of them; for one suite there is nothing to choose from. */
function* contents(suites: readonly SuiteResults[]): Generator<string> {
  if (suites.length < 2) return;
  yield '<nav aria-labelledby="suites"><h2 id="suites">Suites</h2><ul class="list">\n';
  for (const [index, { suite, summary }] of suites.entries()) {
    const parts = (['failed', 'errored', 'inconclusive', 'skipped', 'passed'] as const)
      .filter((key) => summary[key] > 0)
      .map((key) => `<b class="badge ${key}">${summary[key]} ${key}</b>`);
    yield `<li><a href="#suite-${index}">${escapeHtml(suite)}</a> <span>${parts.join(' ')}</span></li>\n`;
  }
  yield '</ul></nav>\n';
}
