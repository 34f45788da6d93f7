import { classWords, type Class, type ComparedCase, type Comparison } from '../../compare/comparison.ts';
import { diffTexts, excerpt } from '../../lib/word-diff.ts';
import { countsInWords, notesOf, sidesOf } from '../compare/words.ts';
import { escapeHtml } from './pieces.ts';

/** compare.json has them all. */
const mostCases = 200;
const mostCharacters = 2000;

/** The colour of a class: that of the verdict it is most like. */
const looks: Readonly<Partial<Record<Class, string>>> = {
  regressed: 'failed',
  stillFailing: 'failed',
  erroredNow: 'errored',
  slid: 'errored',
  changedText: 'errored',
  fixed: 'passed',
};

/** The section of the page that compares a run with its baseline, the worst first. */
export function* comparisonHtml(comparison: Comparison): Generator<string> {
  const { cases, warnings } = comparison;
  yield `<section aria-labelledby="compared"><h2 id="compared">Compared with what was approved</h2><p class="dim">${escapeHtml(`${sidesOf(comparison)}: ${countsInWords(comparison)}`)}</p>\n`;
  for (const { message } of warnings) yield `<p class="note">${escapeHtml(message)}</p>\n`;
  if (cases.length > 0) {
    yield '<ul class="list compared">\n';
    for (const each of cases.slice(0, mostCases)) yield caseHtml(each);
    yield '</ul>\n';
  }
  const more = cases.length - mostCases;
  yield `${more > 0 ? `<p class="dim">+${more} more in compare.json</p>` : ''}</section>\n`;
}

function caseHtml(each: ComparedCase): string {
  const { suite, id, class: kind, worse, failures, text } = each;
  const className = worse ? 'failed' : (looks[kind] ?? 'skipped');
  const parts = [
    `<b class="badge ${className}">${classWords[kind]}</b> <span>${escapeHtml(`${suite}: ${id}`)}</span> <span class="dim">${escapeHtml(notesOf(each).join('; '))}</span>`,
    ...failures.map(
      ({ source, assertion, message }) =>
        `<p><span class="dim">${escapeHtml(source)}</span> ${assertion === undefined ? '' : `<code>${escapeHtml(assertion)}</code> `}${escapeHtml(message)}</p>`,
    ),
    ...(text ? [difference(text)] : []),
  ];
  return `<li>${parts.join('')}</li>\n`;
}

/** The changed words in their context; removed and added words differ by more than colour. */
function difference({ before, after, more }: NonNullable<ComparedCase['text']>): string {
  const runs = excerpt(diffTexts(before, after), mostCharacters).map(({ kind, text }) => {
    if (kind === 'same') return escapeHtml(text);
    return kind === 'removed' ? `<del>${escapeHtml(text)}</del>` : `<ins>${escapeHtml(text)}</ins>`;
  });
  return `<pre>${runs.join('')}</pre>${more > 0 ? `<p class="dim">+${more} more</p>` : ''}`;
}
