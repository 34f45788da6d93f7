import path from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { EndRecord } from '../journal/record.ts';
import type { WriteError } from '../lib/write-error.ts';
import type { Context } from './context.ts';

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

/** What to say of a file that could not be written: which, why, and what is safe. */
export function tellUnwritten({ path: file, code }: WriteError, { argv, cwd }: Context): Diagnostic {
  return {
    severity: 'error',
    code: 'not-written',
    message: `${path.relative(cwd, file)} could not be written: ${reasons[code] ?? code}`,
    help:
      argv[0] === 'run'
        ? `what the journal holds is kept; when there is room, go on with: assay ${resumeLine(argv)}`
        : 'make room, or name another folder with --reports DIR',
  };
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full (ENOSPC)',
  EDQUOT: 'the disk quota is used up (EDQUOT)',
  EFBIG: 'the file may not grow any more (EFBIG)',
  EROFS: 'the disk is read-only (EROFS)',
  EIO: 'the disk fails (EIO)',
};

/** The command line with --resume. */
function resumeLine(argv: readonly string[]): string {
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
