import { ownValue, type JsonObject, type JsonValue } from '../lib/json.ts';
import { coerce } from '../shape/coerce.ts';
import { fieldAsSent } from './message-texts.ts';
import { fieldShapes } from './shapes/config.ts';

const shapes: Readonly<Record<string, { readonly schema: JsonObject }>> = fieldShapes;

/** A rendered config field with scalars as the API wants them: see {@link coerce} and {@link fieldAsSent}. */
export function coerceField(field: string, value: JsonValue, written?: string): JsonValue {
  const shape = ownValue(shapes, field);
  const made = shape ? coerce(value, shape.schema, () => ({}), written) : value;
  return fieldAsSent(field, made, true);
}

export type CoerceField = typeof coerceField;
