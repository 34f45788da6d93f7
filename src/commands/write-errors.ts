import path from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { WriteError } from '../lib/write-error.ts';
import type { Context } from './context.ts';
import { resumeLine } from '../lib/shell-line.ts';

/** What to say of a file that could not be written: which, why, and what is safe. */
export function writeErrorDiagnostic({ path: file, code }: WriteError, { argv, cwd }: Context): Diagnostic {
  const shown = path.relative(cwd, file);
  if (code === 'ENOENT')
    return {
      severity: 'error',
      code: 'file-gone',
      message: `${shown} is gone: it, or its folder, was removed meanwhile`,
      help: 'what it held is lost: leave the reports folder in its place while a command is at work',
    };
  return {
    severity: 'error',
    code: 'not-written',
    message: `${shown} could not be written: ${reasons[code] ?? code}`,
    help:
      argv[0] === 'run'
        ? `what the journal holds is kept; when there is room, go on with: assay ${resumeLine(argv)}`
        : 'make room, or name another folder with --reports DIR',
  };
}

/** What to say where standard output takes nothing more. */
export function outputErrorDiagnostic(code: string, { argv }: Context): Diagnostic {
  const asksHelp = argv.includes('--help') || argv.includes('-h');
  const writes = !asksHelp && ['run', 'report', 'judge', 'merge'].includes(argv[0] ?? '');
  return {
    severity: 'error',
    code: 'output-not-written',
    message: `standard output could not be written: ${reasons[code] ?? code}`,
    help: writes
      ? 'the reports are in their folder all the same; --quiet prints no summary'
      : 'make room where it leads to',
  };
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full (ENOSPC)',
  EDQUOT: 'the disk quota is used up (EDQUOT)',
  EFBIG: 'the file may not grow any more (EFBIG)',
  EROFS: 'the disk is read-only (EROFS)',
  EIO: 'the disk fails (EIO)',
};
