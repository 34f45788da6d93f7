import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { valuePlace } from '../diagnostics/places.ts';
import { enumWords, judgeEnum, type EnumName } from '../gemini/enums.ts';
import type { JsonValue } from '../lib/json.ts';

/** Reports a value, or one of a list, that an enum does not have. Numbers are looked up; others than texts are of no enum. */
export function checkEnum(name: EnumName, value: JsonValue | undefined, place: Place, report: Report): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      checkEnum(name, item, valuePlace(value, index) ?? place, report);
    return;
  }
  if ((typeof value !== 'string' && typeof value !== 'number') || String(value).includes('{{')) return;
  const known = judgeEnum(name, String(value));
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
