import path from 'node:path';
import type { Reporter } from '../reporter.ts';
import { writeWhole } from '../write.ts';
import { mostBytes, renderMarkdown } from './summary.ts';

/** summary.md: for a comment on a pull request, a chat, a wiki. */
export const markdown: Reporter = async (results, directory) => {
  const file = path.join(directory, 'summary.md');
  await writeWhole(file, [await renderMarkdown(results, mostBytes)]);
  return [file];
};
