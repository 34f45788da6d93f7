import { classWords, type ComparedCase, type Comparison } from '../../compare/comparison.ts';
import { diffTexts, excerpt } from '../../lib/word-diff.ts';
import { cut } from '../cut.ts';
import { codeBlock, inlineCode } from '../markdown/escape.ts';
import { fit, mostBytes, type Section } from '../markdown/fit.ts';
import { countsInWords, notesOf, sidesOf } from './words.ts';

/** More would not fit. */
const mostCases = 200;
const mostFailures = 3;
const mostCharacters = 600;

/** A comparison in Markdown, within the limit of a comment on GitHub. */
export function comparisonMarkdown(comparison: Comparison): string {
  return fit(`# Assay: ${inlineCode(sidesOf(comparison))}\n`, [comparisonSection(comparison)], mostBytes);
}

/** A comparison as a section of a summary, the worst first. */
export function comparisonSection(comparison: Comparison): Section {
  const { cases, warnings } = comparison;
  const notices = warnings.map(
    ({ code, message }) => `- ${inlineCode(code)}: ${inlineCode(cut(message, 500))}`,
  );
  return {
    title: `Compared with what was approved: ${countsInWords(comparison)}`,
    total: notices.length + cases.length,
    blocks: [...notices, ...cases.slice(0, mostCases).map(block)],
  };
}

function block(each: ComparedCase): string {
  const { failures, text } = each;
  const notes = notesOf(each);
  const more = failures.length - mostFailures;
  return [
    `### ${classWords[each.class]}: ${inlineCode(each.suite)} ${inlineCode(cut(each.id, 200))}`,
    ...(notes.length > 0 ? [inlineCode(notes.join('; '))] : []),
    ...(failures.length > 0
      ? [
          [
            ...failures
              .slice(0, mostFailures)
              .map(
                ({ source, assertion, message }) =>
                  `- ${inlineCode(source)}${assertion === undefined ? '' : ` · ${inlineCode(cut(assertion, 200))}`} · ${inlineCode(cut(message, 200))}`,
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
  // Printed in GitHub Actions, a line that begins so would be obeyed.
  const inert = marked.join('').replaceAll(/^(\s*):(?=:)/gm, '$1:\u200B');
  return `${codeBlock(inert)}${more > 0 ? `\n\n+${more} more` : ''}`;
}
