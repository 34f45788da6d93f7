import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { optionOf, type Least } from '../execute/too-dear.ts';
import type { EndRecord } from '../journal/record.ts';

const codes = {
  interrupted: 'interrupted',
  bailed: 'bailed',
  stopped: 'run-stopped',
  budget: 'budget-ended',
};

/**
 * What to say of a run that did not come to its end: why, and the line that goes on with it; `least` is the ceiling
 * without which it would end the same way again.
 */
export function tellEnd(
  { reason, message, stoppedModels = {} }: EndRecord,
  argv: readonly string[],
  least?: Least,
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
      ...(reason === 'bailed' ? {} : { help: reason === 'budget' && least ? raise(argv, least) : resume }),
    },
  ];
}

function raise(argv: readonly string[], least: Least): string {
  const [option, value] = optionOf(least);
  const line = resumeLine(withOption(argv, option, value));
  return `what was answered is kept; under this ceiling the same call would end the run again: raise it, and go on with: assay ${line}`;
}

/** The words of a command line with another value of an option that is among them. */
function withOption(argv: readonly string[], option: string, value: string): string[] {
  return argv.map((word, index) => {
    if (word.startsWith(`${option}=`)) return `${option}=${value}`;
    return argv[index - 1] === option ? value : word;
  });
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
