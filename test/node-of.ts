import type { SourceRange } from '../src/diagnostics/diagnostic.ts';
import { SourceNode } from '../src/diagnostics/source-node.ts';
import type { JsonValue } from '../src/lib/json.ts';

const nowhere: SourceRange = { file: { path: 'a.yaml', absolute: '/a.yaml', text: '' }, start: 0, end: 0 };

/** A value as a node, all of it at one place. */
export function nodeOf<T extends JsonValue>(value: T, place = nowhere): SourceNode<T> {
  return new SourceNode(value, { place, keyPlace: place });
}
