import { createHash } from 'node:crypto';
import path from 'node:path';
import type { JudgedCase, Results, SuiteResults } from '../../judge/results.ts';
import type { Reporter } from '../reporter.ts';
import { openOutput, openSpool } from '../write.ts';
import { reasonsOf } from '../reasons.ts';
import { comparisonHtml } from './comparison.ts';
import { standingOf, type Standing } from '../known.ts';
import { notesOf } from '../notes.ts';
import { badge, escapeHtml } from './pieces.ts';
import { style } from './style.ts';
import { caseHtml, isBad } from './case.ts';
import { countAnchors, suiteHead } from './suite.ts';

/** index.html: one file, no script, a policy that allows nothing but its own style. */
export const html: Reporter = ({ results, directory, comparison }) => {
  const { suites } = results;
  const file = path.join(directory, 'index.html');
  const output = openOutput(file);
  // Cases wait here for what the page has before them: lists of those that need attention, and of each suite first those.
  const spool = openSpool(`${file}.cases.part`);
  const standing = standingOf(comparison);
  let anchors = countAnchors(0);
  return {
    onSuite: (_suite, index) => {
      anchors = countAnchors(index);
    },
    onCase: (each, { suite }, index) => {
      const { record } = each;
      const anchor = anchors(record);
      const isKnown = standing.isKnown(suite, record);
      const bad = isBad(record);
      if (bad) spool.write(isKnown ? 'known' : 'bad', listItem(each, suite, anchor));
      spool.write(`${bad ? 'bad' : 'other'} ${index}`, caseHtml(each, anchor, isKnown));
    },
    onEnd: () => {
      output.write(head(results, standing));
      if (comparison) for (const piece of comparisonHtml(comparison)) output.write(piece);
      const known = standing.known();
      const bad = suites.reduce((sum, { summary }) => sum + summary.failed + summary.errored, 0) - known;
      for (const list of [
        { id: 'bad', title: 'Needs attention', cases: bad },
        { id: 'known', title: 'Known failures', cases: known },
      ]) {
        if (list.cases === 0) continue;
        output.write(
          `<section aria-labelledby="${list.id}"><h2 id="${list.id}">${list.title}</h2><ul class="list">\n`,
        );
        spool.copy(list.id, output);
        output.write('</ul></section>\n');
      }
      for (const piece of contents(suites)) output.write(piece);
      for (const [index, suite] of suites.entries()) {
        for (const piece of suiteHead(suite, index)) output.write(piece);
        spool.copy(`bad ${index}`, output);
        spool.copy(`other ${index}`, output);
        output.write('</section>\n');
      }
      output.write('</main></body></html>\n');
      output.end();
      spool.close();
    },
    discard: () => {
      spool.close();
      output.discard();
    },
  };
};

function head(results: Results, standing: Standing): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><title>Assay report</title><style>${style}</style></head>
<body><header><h1>Assay report</h1>${runHtml(results)}${tiles(results, standing)}</header><main>\n`;
}

/** A case that did not come out well, with its first reason: what a reader came for. */
function listItem(each: JudgedCase, suite: string, anchor: string): string {
  const { verdict, id } = each.record;
  const reason = reasonsOf(each)[0]?.message ?? '';
  return `<li>${badge(verdict)} <a href="#${anchor}">${escapeHtml(`${suite}: ${id}`)}</a> <span class="dim">${escapeHtml(reason)}</span></li>\n`;
}

const endings: Readonly<Record<Results['run']['ended'], string>> = {
  done: 'it has ended',
  interrupted: 'it was interrupted',
  stopped: 'it stopped early',
  budget: 'its budget was used up',
  bailed: 'it stopped after too many failures',
};

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
      : `<p class="note">This run is incomplete: ${endings[run.ended]}${run.message === undefined ? '' : ` (${escapeHtml(run.message)})`}. The replies that it got are here.</p>`;
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
    const className = sum === 0 ? 'none' : key === 'warnings' ? 'warned' : key;
    const word = sum === 1 ? key.replace(/^(case|warning)s$/, '$1') : key;
    return `<li><b class="${className}">${sum}</b> ${word}</li>`;
  };
  const known = standing.known();
  const knownTile =
    known > 0 ? `<li><b class="skipped">${known}</b> known ${known === 1 ? 'failure' : 'failures'}</li>` : '';
  return `<ul class="tiles">${keys.map(tile).join('')}${knownTile}</ul>`;
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
