import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import type { EnumName } from '../gemini/enums.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { checkEnum } from './check-enum.ts';
import { checkMessages } from './config-messages.ts';

/** Where enums stand in a config: the keys that lead there; a list means each of its items. */
const spots: readonly (readonly [EnumName, ...string[]])[] = [
  ['thinkingLevel', 'thinkingConfig', 'thinkingLevel'],
  ['mediaResolution', 'mediaResolution'],
  ['responseMimeType', 'responseMimeType'],
  ['responseModality', 'responseModalities'],
  ['serviceTier', 'serviceTier'],
  ['taskType', 'taskType'],
  ['taskType', 'embedContentConfig', 'taskType'],
];

/**
 * Looks at the enum values of a config: a slip is an error, what resembles no known value a warning. So are the keys of
 * what is written in the API's words, unless they were looked at before.
 */
export function checkEnums(fields: JsonObject, place: Place, report: Report, keys = false): void {
  checkMessages(fields, place, { report, keys });
  checkSafety(fields.safetySettings, valuePlace(fields, 'safetySettings') ?? place, report);
  for (const [name, ...path] of spots) {
    let at: JsonValue | undefined = fields;
    let found = place;
    for (const key of path) {
      if (!isObject(at)) break;
      found = valuePlace(at, key) ?? found;
      at = at[key];
    }
    if (!Array.isArray(at)) checkEnum(name, at, found, report);
    else
      for (const [index, item] of at.entries()) checkEnum(name, item, valuePlace(at, index) ?? found, report);
  }
}

function checkSafety(settings: JsonValue | undefined, place: Place, report: Report): void {
  if (Array.isArray(settings)) {
    for (const setting of settings) {
      if (!isObject(setting)) continue;
      checkEnum('harmCategory', setting.category, valuePlace(setting, 'category') ?? place, report);
      checkEnum('harmThreshold', setting.threshold, valuePlace(setting, 'threshold') ?? place, report);
    }
  } else if (isObject(settings)) {
    for (const [category, threshold] of Object.entries(settings)) {
      checkEnum('harmCategory', category, keyPlace(settings, category) ?? place, report);
      checkEnum('harmThreshold', threshold, valuePlace(settings, category) ?? place, report);
    }
  }
}
