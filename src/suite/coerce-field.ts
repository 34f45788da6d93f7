import type { JsonObject, JsonValue } from '../lib/json.ts';
import { coerce } from '../shape/coerce.ts';
import { fieldShapes } from './shapes/config.ts';

const shapes: Readonly<Record<string, { readonly schema: JsonObject }>> = fieldShapes;

/** A rendered config field with scalars as the API wants them: see {@link coerce}. */
export function coerceField(field: string, value: JsonValue, written?: string): JsonValue {
  const shape = shapes[field];
  return shape ? coerce(value, shape.schema, () => ({}), written) : value;
}

export type CoerceField = typeof coerceField;
