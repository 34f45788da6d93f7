import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { spelledEnum } from '../gemini/enums.ts';
import { enumFields } from '../gemini/messages.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { checkEnum } from './check-enum.ts';
import { checkMessages } from './config-messages.ts';

/**
 * Looks at the enum values of a config: a slip is an error, what resembles no known value a warning. So are the keys of
 * what is written in the API's words, unless they were looked at before.
 */
export function checkEnums(fields: JsonObject, place: Place, report: Report, keys = false): void {
  checkMessages(fields, place, { report, keys });
  checkSafety(fields.safetySettings, valuePlace(fields, 'safetySettings') ?? place, report);
  for (const [field, name] of Object.entries(enumFields))
    checkEnum(name, fields[field], valuePlace(fields, field) ?? place, report);
}

/** The list of settings is looked at as the messages it holds; this is the map. */
function checkSafety(settings: JsonValue | undefined, place: Place, report: Report): void {
  if (!isObject(settings)) return;
  const known = new Set<string>();
  for (const [category, threshold] of Object.entries(settings)) {
    const at = keyPlace(settings, category) ?? place;
    checkEnum('harmCategory', category, at, report);
    checkEnum('harmThreshold', threshold, valuePlace(settings, category) ?? place, report);
    const spelled = spelledEnum('harmCategory', category);
    if (known.has(spelled))
      report({
        severity: 'error',
        code: 'duplicate-field',
        message: `${spelled} is set twice, in two spellings`,
        place: at,
        help: 'keep one of them',
      });
    known.add(spelled);
  }
}
