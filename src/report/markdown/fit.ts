/** A part of a summary: its blocks, the most important first; `total` counts those too that were not kept. */
export interface Section {
  readonly title: string;
  readonly total: number;
  readonly blocks: readonly string[];
}

/** The most bytes of summary.md: the limit of a comment on GitHub. */
export const mostBytes = 65_536;
/** Bytes kept for a section's title and its last line, which says how many more there are. */
const frame = 160;
/** Of what is left, the share that a section may take while others wait for theirs. */
const share = 0.7;

const bytesOf = (text: string): number => Buffer.byteLength(text);

/** Head and sections within so many bytes: each section gives its first blocks, and says how many more there are. */
export function fit(head: string, sections: readonly Section[], bytes: number): string {
  const texts = [head];
  let left = bytes - bytesOf(head);
  for (const [index, section] of sections.entries()) {
    const waiting = sections.length - index - 1;
    const text = fill(section, waiting > 0 ? Math.floor((left - waiting * frame) * share) : left);
    texts.push(text);
    left -= bytesOf(text);
  }
  return texts.join('');
}

function fill({ title, total, blocks }: Section, bytes: number): string {
  const lines = [`\n## ${title}\n`];
  let left = bytes - frame;
  let listed = 0;
  for (const block of blocks) {
    const size = bytesOf(block) + 2;
    if (size > left) break;
    left -= size;
    listed++;
    lines.push(`\n${block}\n`);
  }
  if (total > listed) lines.push(`\n+${total - listed} more\n`);
  return lines.join('');
}
