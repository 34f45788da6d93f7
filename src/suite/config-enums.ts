/** Looks at the values of a config that stand in the API's enums: a slip is an error, an unknown value may be new. */
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { judgeEnum, type EnumName } from '../gemini/enums.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';

/** Where enums stand: the path of maps that leads to the field, and the enum of its value or of its list's values. */
const enumFields: readonly (readonly [path: readonly string[], field: string, name: EnumName])[] = [
  [[], 'mediaResolution', 'mediaResolution'],
  [[], 'responseModalities', 'responseModality'],
  [[], 'serviceTier', 'serviceTier'],
  [[], 'taskType', 'taskType'],
  [['embedContentConfig'], 'taskType', 'taskType'],
  [['thinkingConfig'], 'thinkingLevel', 'thinkingLevel'],
  [['toolConfig', 'functionCallingConfig'], 'mode', 'functionCallingMode'],
];

/** Reports every value of a config's fields that no enum has; `place` is the config's own. */
export function checkEnums(fields: JsonObject, place: Place, report: Report): void {
  checkSafety(fields.safetySettings, place, report);
  for (const [path, field, name] of enumFields) {
    let map: JsonValue | undefined = fields;
    for (const key of path) map = isObject(map) ? map[key] : undefined;
    if (!isObject(map)) continue;
    const value = map[field];
    if (Array.isArray(value))
      for (const [index, each] of value.entries())
        checkEnum(name, each, valuePlace(value, index) ?? valuePlace(map, field) ?? place, report);
    else checkEnum(name, value, valuePlace(map, field) ?? place, report);
  }
}

function checkSafety(settings: JsonValue | undefined, place: Place, report: Report): void {
  if (isObject(settings)) {
    for (const [category, threshold] of Object.entries(settings)) {
      checkEnum('harmCategory', category, keyPlace(settings, category) ?? place, report);
      checkEnum('harmThreshold', threshold, valuePlace(settings, category) ?? place, report);
    }
  } else if (Array.isArray(settings)) {
    for (const setting of settings) {
      if (!isObject(setting)) continue;
      checkEnum('harmCategory', setting.category, valuePlace(setting, 'category') ?? place, report);
      checkEnum('harmThreshold', setting.threshold, valuePlace(setting, 'threshold') ?? place, report);
    }
  }
}

function checkEnum(name: EnumName, value: JsonValue | undefined, place: Place, report: Report): void {
  if (typeof value !== 'string' || value.includes('{{')) return;
  const known = judgeEnum(name, value);
  if (known === 'known') return;
  if (known === 'unknown')
    report({
      severity: 'warning',
      code: 'unknown-enum-value',
      message: `${JSON.stringify(value)} is no ${name} that Assay knows; it is sent all the same`,
      place,
    });
  else
    report({
      severity: 'error',
      code: 'unknown-enum-value',
      message: `unknown ${name} ${JSON.stringify(value)}`,
      place,
      help: `did you mean ${JSON.stringify(known.near)}?`,
    });
}
