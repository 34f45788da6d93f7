import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { enumWords, judgeEnum, type EnumName } from '../gemini/enums.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';

/** Where enums stand in a config: the keys that lead there; a list means each of its items. */
const spots: readonly (readonly [EnumName, ...string[]])[] = [
  ['thinkingLevel', 'thinkingConfig', 'thinkingLevel'],
  ['mediaResolution', 'mediaResolution'],
  ['responseMimeType', 'responseMimeType'],
  ['responseModality', 'responseModalities'],
  ['serviceTier', 'serviceTier'],
  ['taskType', 'taskType'],
  ['taskType', 'embedContentConfig', 'taskType'],
  ['functionCallingMode', 'toolConfig', 'functionCallingConfig', 'mode'],
];

/** Looks at the enum values of a config: a slip is an error, what resembles no known value a warning. */
export function checkEnums(fields: JsonObject, place: Place, report: Report): void {
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

function checkEnum(name: EnumName, value: JsonValue | undefined, place: Place, report: Report): void {
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
