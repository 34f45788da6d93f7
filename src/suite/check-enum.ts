import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { enumWords, judgeEnum, type EnumName } from '../gemini/enums.ts';
import type { JsonValue } from '../lib/json.ts';

/** Tells of a value that is none of an enum's. */
export function checkEnum(name: EnumName, value: JsonValue | undefined, place: Place, report: Report): void {
  if (typeof value !== 'string' || value.includes('{{')) return;
  const known = judgeEnum(name, value);
  if (known === 'known') return;
  const word = enumWords[name] ?? name;
  if (known === 'unknown')
    report({
      severity: 'warning',
      code: 'unknown-enum-value',
      message: `${JSON.stringify(value)} is no ${word} that Assay knows; it is sent all the same`,
      place,
    });
  else
    report({
      severity: 'error',
      code: 'unknown-enum-value',
      message: `unknown ${word} ${JSON.stringify(value)}`,
      place,
      help: `did you mean ${JSON.stringify(known.near)}?`,
    });
}
