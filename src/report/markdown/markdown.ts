import path from 'node:path';
import { standingOf } from '../known.ts';
import type { Reporter } from '../reporter.ts';
import { openOutput } from '../write.ts';
import { createCollector } from './collect.ts';
import { mostBytes } from './fit.ts';
import { renderMarkdown } from './summary.ts';

/** summary.md: for a comment on a pull request, a chat, a wiki. */
export const markdown: Reporter = ({ results, directory, comparison }) => {
  const output = openOutput(path.join(directory, 'summary.md'));
  const { add, collected } = createCollector(standingOf(comparison));
  return {
    onCase: (each, { suite }) => add(each, suite),
    onEnd: () => {
      output.write(renderMarkdown(results, collected(), mostBytes, comparison));
      output.end();
    },
    discard: output.discard,
  };
};
