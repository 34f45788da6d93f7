import { enumWords, judgeEnum, spelledEnum, type EnumName } from '../gemini/enums.ts';
import type { ReportFault } from './kind.ts';

/** The value as the API spells it; one of an enum that is a slip (error) or unknown (warning: enums grow) is reported. */
export function checkEnum(
  name: EnumName,
  value: string,
  path: readonly (string | number)[],
  report: ReportFault,
): string {
  const known = judgeEnum(name, value);
  if (known === 'known') return spelledEnum(name, value);
  const word = enumWords[name] ?? name;
  if (known === 'unknown') {
    report({
      severity: 'warning',
      code: 'unknown-enum-value',
      message: `${JSON.stringify(value)} is no ${word} that Assay knows; it is looked for all the same`,
      path,
    });
    return value;
  }
  report({
    severity: 'error',
    code: 'unknown-enum-value',
    message: `unknown ${word} ${JSON.stringify(value)}`,
    path,
    help: `did you mean ${JSON.stringify(known.near)}?`,
  });
  return value;
}
