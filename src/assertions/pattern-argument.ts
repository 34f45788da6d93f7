import { comparable } from '../lib/comparable.ts';
import type { Pattern } from '../lib/pattern.ts';
import type { ReportProblem } from './kind.ts';

/** `\r\n` as a pattern writes it, behind any number of escaped backslashes: texts are compared with LF line ends. */
const lineEnd = /(?<!\\)((?:\\\\)*)\\r\\n/g;

/** Compiles a user's pattern, or reports what is wrong with it. Loads the engine on first use. */
export async function compileUserPattern(
  source: string,
  path: readonly (string | number)[],
  report: ReportProblem,
): Promise<Pattern | undefined> {
  const [control] = /[^\P{Cc}\t\n\r]/u.exec(source) ?? [];
  if (control !== undefined)
    report({
      severity: 'warning',
      code: 'control-character',
      message: `the expression holds the control character ${JSON.stringify(control).slice(1, -1)} itself`,
      path,
      help: 'in double quotes YAML takes \\b for a backspace: put the expression in single quotes',
    });
  const [{ compilePattern, PatternError }, { warnOfPattern }] = await Promise.all([
    import('../lib/pattern.ts'),
    import('./pattern-warnings.ts'),
  ]);
  try {
    const pattern = compilePattern(comparable(source.replace(lineEnd, '$1\\n')));
    warnOfPattern(source.normalize('NFC'), pattern, path, report);
    return pattern;
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const perl = /\(\?<?[=!]/.test(source) || /\\[1-9]/.test(source);
    report({
      severity: 'error',
      code: 'invalid-pattern',
      message: `invalid regular expression (RE2 syntax): ${error.message}`,
      path,
      help: perl
        ? 'RE2 has no lookarounds and no backreferences; use `not`, `all`, or two assertions'
        : 'in YAML, write the pattern in single quotes, so that backslashes stay unchanged',
    });
    return undefined;
  }
}
