import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { writtenText } from '../diagnostics/written.ts';
import { fieldType, messageFields, messages } from '../gemini/messages.ts';
import { isObject, typeName, type JsonObject, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { checkEnum } from './check-enum.ts';

/** Words of JSON Schema that the API's own Schema does not have. */
const ofJsonSchema = new Set(
  `$schema $id $ref $defs $anchor $comment definitions const oneOf allOf not if then else additionalProperties
  patternProperties propertyNames prefixItems contains uniqueItems exclusiveMinimum exclusiveMaximum multipleOf examples
  dependentRequired dependentSchemas unevaluatedProperties readOnly writeOnly deprecated`.split(/\s+/),
);

/** How a message is looked at. */
export interface Look {
  readonly report: Report;
  /** Left out where only values may have changed since the keys were looked at. */
  readonly keys?: boolean;
}

/** Looks at the fields of a config that are messages of the API: their keys, and the enums in them. */
export function checkMessages(fields: JsonObject, place: Place, look: Look): void {
  for (const [field, message] of Object.entries(messageFields))
    // The short form of safetySettings is no message.
    if (field !== 'safetySettings' || Array.isArray(fields[field]))
      checkMessage(fields[field], message, valuePlace(fields, field) ?? place, look);
}

/** Looks at a message of the API, or a list of them. */
export function checkMessage(value: JsonValue | undefined, message: string, place: Place, look: Look): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      checkMessage(item, message, valuePlace(value, index) ?? place, look);
    return;
  }
  if (!isObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const type = fieldType(message, key);
    const at = valuePlace(value, key) ?? place;
    if (type === undefined) {
      if (look.keys) tellUnknown(key, message, keyPlace(value, key) ?? place, look.report);
    } else if (type === null) continue;
    else if ('text' in type) checkTexts(inner, type.text, at, writtenText(value, key), look.report);
    else if ('enum' in type)
      for (const [index, item] of Array.isArray(inner) ? inner.entries() : [[0, inner] as const])
        checkEnum(type.enum, item, Array.isArray(inner) ? (valuePlace(inner, index) ?? at) : at, look.report);
    else if (!type.map) checkMessage(inner, type.message, at, look);
    else if (isObject(inner))
      for (const [name, each] of Object.entries(inner))
        checkMessage(each, type.message, valuePlace(inner, name) ?? at, look);
  }
}

function checkTexts(
  value: JsonValue,
  due: 'one' | 'list',
  place: Place,
  written: string | undefined,
  report: Report,
): void {
  if (due === 'one' || !Array.isArray(value)) checkText(value, place, written, report);
  else
    for (const [index, item] of value.entries())
      checkText(item, valuePlace(value, index) ?? place, writtenText(value, index), report);
}

/** Anything but a text, where the API takes nothing else, would be refused by it. */
function checkText(value: JsonValue, place: Place, written: string | undefined, report: Report): void {
  if (typeof value === 'string' || value === null) return;
  const isScalar = typeof value !== 'object';
  report({
    severity: 'error',
    code: 'wrong-type',
    message: `expected a text, received a ${typeName(value)}`,
    place,
    ...(isScalar ? { help: `quote it: "${written ?? String(value)}"` } : {}),
  });
}

/** A slip of a known key is a fault; any other may be new. */
function tellUnknown(key: string, message: string, place: Place, report: Report): void {
  const isOther = message === 'Schema' && ofJsonSchema.has(key);
  const near = isOther ? undefined : nearest(key, Object.keys(messages[message] ?? {}), 2, 0.4);
  report(
    near === undefined
      ? {
          severity: 'warning',
          code: 'unknown-field',
          message: `the API’s ${message} has no ${JSON.stringify(key)} that Assay knows; it is sent all the same`,
          place,
          ...(isOther
            ? { help: 'JSON Schema stands in responseJsonSchema, parametersJsonSchema: this one knows less' }
            : {}),
        }
      : {
          severity: 'error',
          code: 'unknown-key',
          message: `unknown key ${JSON.stringify(key)} in the API’s ${message}`,
          place,
          help: `did you mean ${JSON.stringify(near)}?`,
        },
  );
}
