import type { SourceRange, Report } from '../diagnostics/diagnostic.ts';
import { isMapNode, type SourceNode } from '../diagnostics/source-node.ts';
import { fieldType, messageFields, messages } from '../gemini/messages.ts';
import { typeName, type JsonObject } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { checkEnum } from './check-enum.ts';

/** Words of JSON Schema that the API's own Schema does not have. */
const ofJsonSchema = new Set(
  `$schema $id $ref $defs $anchor $comment definitions const oneOf allOf not if then else additionalProperties
  patternProperties propertyNames prefixItems contains uniqueItems exclusiveMinimum exclusiveMaximum multipleOf examples
  dependentRequired dependentSchemas unevaluatedProperties readOnly writeOnly deprecated`.split(/\s+/),
);

/** How a message is checked. */
export interface MessageChecks {
  readonly report: Report;
  /** Left out if the keys were checked before, and only values may have changed. */
  readonly keys?: boolean;
}

/** Checks the fields of a config that are messages of the API: their keys, and the enums in them. */
export function checkMessages(fields: SourceNode<JsonObject>, checks: MessageChecks): void {
  for (const [field, message] of Object.entries(messageFields))
    // The short form of safetySettings is no message.
    if (field !== 'safetySettings' || Array.isArray(fields.value[field]))
      checkMessage(fields.at(field), message, checks);
}

/** Checks a message of the API, or a list of them. */
export function checkMessage(node: SourceNode, message: string, checks: MessageChecks): void {
  for (const item of node.items()) checkMessage(item, message, checks);
  if (!isMapNode(node)) return;
  for (const [key, inner] of node.entries()) {
    const type = fieldType(message, key);
    if (type === undefined) {
      if (checks.keys) reportUnknown(key, message, inner.keyPlace, checks.report);
    } else if (type === null) continue;
    else if ('text' in type) {
      const texts = type.text === 'list' && Array.isArray(inner.value) ? inner.items() : [inner];
      for (const text of texts) checkText(text, checks.report);
    } else if ('enum' in type) checkEnum(type.enum, inner, checks.report);
    else if (!type.map) checkMessage(inner, type.message, checks);
    else if (isMapNode(inner))
      for (const [, each] of inner.entries()) checkMessage(each, type.message, checks);
  }
}

/** Anything but a text, where the API takes nothing else, would be refused by it. */
function checkText({ value, place, text }: SourceNode, report: Report): void {
  if (typeof value === 'string' || value === null) return;
  const isScalar = typeof value !== 'object';
  report({
    severity: 'error',
    code: 'wrong-type',
    message: `expected a text, received a ${typeName(value)}`,
    place,
    ...(isScalar ? { help: `quote it: "${text ?? String(value)}"` } : {}),
  });
}

/** A misspelled key is an error; any other may be new. */
function reportUnknown(key: string, message: string, place: SourceRange, report: Report): void {
  const isOther = message === 'Schema' && ofJsonSchema.has(key);
  const near = isOther ? undefined : nearest(key, Object.keys(messages[message] ?? {}), 2, 0.4);
  report(
    near === undefined
      ? {
          severity: 'warning',
          code: 'unknown-field',
          message: `unknown field ${JSON.stringify(key)} in the API’s ${message}; it is sent as written`,
          place,
          ...(isOther
            ? {
                help: 'write JSON Schema in responseJsonSchema or parametersJsonSchema; this field supports only a part of it',
              }
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
