import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { EndRecord } from '../journal/record.ts';

const codes = {
  interrupted: 'interrupted',
  bailed: 'bailed',
  stopped: 'run-stopped',
  budget: 'budget-ended',
};

/** What to say of a run that did not come to its end: why, and the line that goes on with it. */
export function tellEnd(
  { reason, message, stoppedModels = {} }: EndRecord,
  argv: readonly string[],
): Diagnostic[] {
  const resume = `what was answered is kept; go on with: assay ${resumeLine(argv)}`;
  const models = Object.entries(stoppedModels).map(([model, why]): Diagnostic => ({
    severity: 'error',
    code: 'model-stopped',
    message: `nothing more was asked of ${model}: ${oneLine(why)}`,
    help: resume,
  }));
  if (reason === 'done' || (reason === 'stopped' && message === undefined)) return models;
  return [
    ...models,
    {
      severity: reason === 'bailed' ? 'warning' : 'error',
      code: codes[reason],
      message: oneLine(message ?? 'the run was stopped'),
      ...(reason === 'bailed' ? {} : { help: resume }),
    },
  ];
}

/** The command line with --resume. */
export function resumeLine(argv: readonly string[]): string {
  return shellLine(argv.includes('--resume') ? argv : ['run', '--resume', ...argv.slice(1)]);
}

/** Words quoted for a POSIX shell. */
export function shellLine(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
