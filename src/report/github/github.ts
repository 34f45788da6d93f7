import { appendFile, stat } from 'node:fs/promises';
import { redact } from '../../lib/redact.ts';
import { mostBytes } from '../markdown/bytes.ts';
import { renderMarkdown } from '../markdown/summary.ts';
import type { OutsideReporter } from '../reporter.ts';
import { annotations } from './annotations.ts';
import { workflowCommand } from './command.ts';

/** GitHub refuses a step's summary above 1 MiB, whole; other commands of the step may have written to it. */
const summaryLimit = 1_048_576;
/** Less than this is no summary. */
const leastBytes = 16_384;

/** Annotations on the lines of YAML and the step's summary, in GitHub Actions; no file of the reports folder. */
export const github: OutsideReporter = async (results, _directory, { env, out, comparison }) => {
  const lines = await annotations(results, env.GITHUB_WORKSPACE, comparison);
  const file = env.GITHUB_STEP_SUMMARY;
  if (file !== undefined && file !== '') {
    // Where there is none yet, appending makes it, or tells why it cannot.
    const size = (await stat(file).catch(() => undefined))?.size ?? 0;
    const left = summaryLimit - size - 2;
    if (left >= leastBytes)
      await appendFile(
        file,
        redact(`${await renderMarkdown(results, Math.min(mostBytes, left), comparison)}\n`),
      );
    else lines.push(workflowCommand('notice', {}, 'the step summary is full: the reports tell the rest'));
  }
  if (lines.length > 0) out.write(`${lines.join('\n')}\n`);
  return [];
};
