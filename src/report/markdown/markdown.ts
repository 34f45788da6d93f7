import path from 'node:path';
import type { OutsideReporter } from '../reporter.ts';
import { writeWhole } from '../write.ts';
import { mostBytes } from './bytes.ts';
import { renderMarkdown } from './summary.ts';

/** summary.md: for a comment on a pull request, a chat, a wiki. */
export const markdown: OutsideReporter = async (results, directory, { comparison }) => {
  const file = path.join(directory, 'summary.md');
  await writeWhole(file, [await renderMarkdown(results, mostBytes, comparison)]);
  return [file];
};
