import pc from 'picocolors';
import { classWords, type ComparedCase, type Comparison } from '../../compare/comparison.ts';
import { diffTexts, excerpt } from '../../lib/word-diff.ts';
import { visible } from '../../diagnostics/code-frame.ts';
import { countsInWords, notesOf, sidesOf } from './words.ts';

const mostCases = 40;
const mostFailures = 3;
const mostCharacters = 400;

type Colors = ReturnType<typeof pc.createColors>;

/**
 * A comparison for the terminal, the worst first: of each case what became of it and what of it changed, the YAML place
 * of each missed assertion, and what the answer says now in other words. No final line break.
 */
export function renderComparison(comparison: Comparison, { color }: { color: boolean }): string {
  const { cases } = comparison;
  const colors = pc.createColors(color);
  const blocks = cases.slice(0, mostCases).map((each) => block(each, colors));
  const more = cases.length - blocks.length;
  return [
    ...blocks,
    ...(more > 0 ? [`+${more} more`] : []),
    `${visible(sidesOf(comparison))}: ${countsInWords(comparison)}`,
  ].join('\n\n');
}

function block(each: ComparedCase, colors: Colors): string {
  const { failures, text } = each;
  const more = failures.length - mostFailures;
  return [
    title(each, colors),
    ...failures
      .slice(0, mostFailures)
      .map(
        ({ source, assertion, message }) =>
          `  ${colors.blue('-->')} ${line(source)}: ${assertion === undefined ? '' : `${line(assertion)}: `}${line(message)}`,
      ),
    ...(more > 0 ? [`  +${more} more`] : []),
    ...(text ? [`  ${difference(text, colors)}`] : []),
  ].join('\n');
}

function title(each: ComparedCase, colors: Colors): string {
  const bad = each.worse || each.class === 'regressed' || each.class === 'erroredNow';
  const mark = bad ? colors.red : each.class === 'fixed' ? colors.green : colors.yellow;
  const notes = notesOf(each);
  const aside = notes.length > 0 ? ` (${notes.map(line).join('; ')})` : '';
  return `${colors.bold(mark(classWords[each.class].toUpperCase()))} ${line(`${each.suite}: ${each.id}`)}${aside}`;
}

/** The changed words in their context, on one line: `Good [-morning-]{+evening+}`, and by colour where there is one. */
function difference({ before, after, more }: NonNullable<ComparedCase['text']>, colors: Colors): string {
  const runs = excerpt(diffTexts(before, after), mostCharacters).map(({ kind, text }) => {
    const written = line(text);
    if (kind === 'removed') return colors.red(`[-${written}-]`);
    return kind === 'added' ? colors.green(`{+${written}+}`) : written;
  });
  return `${runs.join('')}${more > 0 ? ` (+${more} more)` : ''}`;
}

/** Text that a model or a file wrote, on one line: it must not steer the terminal, nor look like a line of ours. */
function line(text: string): string {
  return visible(text.replaceAll(/\r?\n/g, '⏎').replaceAll('\t', '⇥'));
}
