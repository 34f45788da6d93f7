import { enumWords, judgeEnum, nearestEnum, spelledEnum, type EnumName } from '../gemini/enums.ts';
import type { ReportProblem } from './kind.ts';

/** The value as the API spells it. One that resembles a known value is an error, another unknown one a warning: enums grow. */
export function checkEnum(
  name: EnumName,
  value: string,
  path: readonly (string | number)[],
  report: ReportProblem,
): string {
  const known = judgeEnum(name, value);
  if (known === 'known') return spelledEnum(name, value);
  const word = enumWords[name] ?? name;
  if (known === 'unknown') {
    const near = nearestEnum(name, value);
    report({
      severity: 'warning',
      code: 'unknown-enum-value',
      message: `unknown ${word} ${JSON.stringify(value)}; no known reply can match`,
      path,
      ...(near === undefined ? {} : { help: `the nearest known value is ${near}` }),
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
