import type { SourceNode } from '../diagnostics/source-node.ts';
import { ownValue, type JsonObject } from '../lib/json.ts';
import { coerce } from '../shape/coerce.ts';
import type { Described } from '../shape/walk.ts';
import { fieldAsSent } from './message-texts.ts';
import { fieldShapes } from './shapes/config.ts';

const shapes: Readonly<Record<string, { readonly schema: JsonObject }>> = fieldShapes;
const definitions = (): JsonObject => ({});

/** The type of a config field, for {@link coerce} and for the templates in it; undefined for an unknown one. */
export function fieldShape(field: string): Described | undefined {
  const shape = ownValue(shapes, field);
  return shape && { schema: shape.schema, definitions };
}

/** A rendered config field with scalars as the API wants them: see {@link coerce} and {@link fieldAsSent}. */
export function coerceField(field: string, node: SourceNode): SourceNode {
  const shape = fieldShape(field);
  return fieldAsSent(field, shape ? node.with(coerce(node, shape)) : node, true);
}
