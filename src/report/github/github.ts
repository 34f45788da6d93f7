import { appendFile, stat } from 'node:fs/promises';
import { redact } from '../../lib/redact.ts';
import { standingOf } from '../known.ts';
import { createCollector } from '../markdown/collect.ts';
import { mostBytes } from '../markdown/fit.ts';
import { renderMarkdown } from '../markdown/summary.ts';
import type { Reporter } from '../reporter.ts';
import { createAnnotator } from './annotations.ts';
import { workflowCommand } from './command.ts';

/** GitHub refuses a step's summary above 1 MiB, whole; other commands of the step may have written to it. */
const summaryLimit = 1_048_576;
/** Less than this is no summary. */
const leastBytes = 16_384;

/** Annotations on the lines of YAML and the step's summary, in GitHub Actions; no file of the reports folder. */
export const github: Reporter = ({ results, env, out, comparison }) => {
  const standing = standingOf(comparison);
  const annotator = createAnnotator(env.GITHUB_WORKSPACE, standing);
  const collector = createCollector(standing);
  return {
    onCase: (each, { suite }) => {
      annotator.add(each, suite);
      collector.add(each, suite);
    },
    onEnd: async () => {
      const lines = annotator.lines();
      const file = env.GITHUB_STEP_SUMMARY;
      if (file !== undefined && file !== '') {
        // Where there is none yet, appending makes it, or throws.
        const size = (await stat(file).catch(() => undefined))?.size ?? 0;
        const left = summaryLimit - size - 2;
        if (left >= leastBytes) {
          const bytes = Math.min(mostBytes, left);
          const summary = renderMarkdown(results, collector.collected(), bytes, comparison);
          await appendFile(file, redact(`${summary}\n`));
        } else lines.push(workflowCommand('notice', {}, 'the step summary is full: see the reports'));
      }
      if (lines.length > 0) out.write(`${lines.join('\n')}\n`);
    },
  };
};
