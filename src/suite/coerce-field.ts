import type { JsonObject, JsonValue } from '../lib/json.ts';
import { coerce } from '../shape/coerce.ts';
import { messageFields } from '../gemini/messages.ts';
import { withTexts } from './message-texts.ts';
import { fieldShapes } from './shapes/config.ts';

const shapes: Readonly<Record<string, { readonly schema: JsonObject }>> = fieldShapes;

/** A rendered config field with scalars as the API wants them: see {@link coerce} and {@link withTexts}. */
export function coerceField(field: string, value: JsonValue, written?: string): JsonValue {
  const shape = shapes[field];
  const made = shape ? coerce(value, shape.schema, () => ({}), written) : value;
  const message = messageFields[field];
  return message === undefined ? made : withTexts(made, message);
}

export type CoerceField = typeof coerceField;
