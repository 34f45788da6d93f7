import { visible } from '../../diagnostics/code-frame.ts';

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

/**
 * Any text as a code span of GitHub-flavoured Markdown: inside one nothing is a link, a mention, an image or HTML.
 * A line break would end its block, so it is shown as a sign; so are control characters.
 */
export function inlineCode(text: string): string {
  const line = visible(text.replaceAll('\n', '\u240A').replaceAll('\t', ' '));
  const fence = '`'.repeat(longestRun(line) + 1);
  // One space within each fence is taken off again; without it a backtick or a space at an end would be lost.
  const pad = line === '' || /^[ `]|[ `]$/.test(line) ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Any text as a fenced block of code, longer fences than any in it around it. */
export function codeBlock(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}text\n${visible(text)}\n${fence}`;
}
