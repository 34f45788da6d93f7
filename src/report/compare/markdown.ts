import { classWords, type ComparedCase, type Comparison } from '../../compare/comparison.ts';
import { diffTexts, excerpt } from '../../compare/word-diff.ts';
import { codeBlock, inlineCode } from '../markdown/escape.ts';
import { countsInWords, notesOf, sidesOf } from './words.ts';

const mostCases = 40;
const mostFailures = 3;
const mostCharacters = 600;

/** A comparison in Markdown, as a section under a heading of the second level: the worst first, within some 64 KB. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { cases, counts, warnings } = comparison;
  const shown = cases.slice(0, mostCases);
  const more = cases.length - shown.length;
  return [
    `## Compared: ${countsInWords(counts)}`,
    inlineCode(sidesOf(comparison)),
    ...warnings.map(({ code, message }) => `- ${inlineCode(code)}: ${inlineCode(cut(message))}`),
    ...shown.map(block),
    ...(more > 0 ? [`+${more} more`] : []),
  ].join('\n\n');
}

function block(each: ComparedCase): string {
  const { failures, text } = each;
  const notes = notesOf(each);
  const more = failures.length - mostFailures;
  return [
    `### ${classWords[each.class]}: ${inlineCode(each.suite)} ${inlineCode(cut(each.id))}`,
    ...(notes.length > 0 ? [inlineCode(notes.join('; '))] : []),
    ...(failures.length > 0
      ? [
          [
            ...failures
              .slice(0, mostFailures)
              .map(
                ({ source, assertion, message }) =>
                  `- ${inlineCode(source)}${assertion === undefined ? '' : ` · ${inlineCode(cut(assertion))}`} · ${inlineCode(cut(message))}`,
              ),
            ...(more > 0 ? [`- +${more} more`] : []),
          ].join('\n'),
        ]
      : []),
    ...(text ? [difference(text)] : []),
  ].join('\n\n');
}

/** The changed words in their context, marked as git does for words: nothing in it is Markdown. */
function difference({ before, after, more }: NonNullable<ComparedCase['text']>): string {
  const marked = excerpt(diffTexts(before, after), mostCharacters).map(({ kind, text }) =>
    kind === 'removed' ? `[-${text}-]` : kind === 'added' ? `{+${text}+}` : text,
  );
  return `${codeBlock(marked.join(''))}${more > 0 ? `\n\n+${more} more` : ''}`;
}

function cut(text: string): string {
  const points = [...text];
  return points.length > 200 ? `${points.slice(0, 199).join('')}…` : text;
}
