import { isObject, setOwn, type JsonObject, type JsonValue } from '../lib/json.ts';
import { emptyMap } from '../lib/ordered-map.ts';
import { keptText } from '../lib/written-number.ts';
import type { SourceRange } from './diagnostic.ts';

/** Where a value was written, and by key or index where each of its parts was. */
export interface Source {
  readonly place: SourceRange;
  /** The range of the value’s key; in a list the same as `place`. */
  readonly keyPlace: SourceRange;
  /** The text of a number or flag that its place does not show, since a template gave the value. */
  readonly text?: string | undefined;
  readonly parts?: ReadonlyMap<string, Source> | undefined;
}

/** A number or flag as YAML and JSON write it. */
const plainScalar = /^[-+.\w]+$/;

/**
 * A value together with where it was written. The value is plain JSON; a value of the same form made from it (rendered,
 * coerced) keeps the source, see {@link SourceNode.with}.
 */
export class SourceNode<T extends JsonValue = JsonValue> {
  readonly value: T;
  readonly source: Source;

  constructor(value: T, source: Source) {
    this.value = value;
    this.source = source;
  }

  get place(): SourceRange {
    return this.source.place;
  }

  get keyPlace(): SourceRange {
    return this.source.keyPlace;
  }

  /** The text that a number or flag was written as (`0123`, `1.10`); undefined where it is not known. */
  get text(): string | undefined {
    if (typeof this.value !== 'number' && typeof this.value !== 'boolean') return undefined;
    if (this.source.text !== undefined) return this.source.text;
    const { file, start, end } = this.place;
    const text = file.text.slice(start, end);
    return plainScalar.test(text) ? text : undefined;
  }

  /** The entry of a key or index; null if it is missing. Without a position of its own it has that of this node. */
  at(key: string | number): SourceNode {
    const container: unknown = this.value;
    const isContainer = typeof container === 'object' && container !== null;
    const value =
      isContainer && Object.hasOwn(container, key)
        ? (container as Record<string | number, JsonValue>)[key]
        : undefined;
    const known = this.source.parts?.get(String(key));
    if (known) return new SourceNode(value ?? null, known);
    const text = isContainer ? keptText(container, key) : undefined;
    return new SourceNode(value ?? null, { place: this.place, keyPlace: this.place, text });
  }

  /** The entries of a map, or of a list with their indices; none of a scalar. */
  entries(): [key: string, node: SourceNode][] {
    const container: unknown = this.value;
    if (typeof container !== 'object' || container === null) return [];
    const isList = Array.isArray(container);
    return Object.keys(container).map((key) => [key, this.at(isList ? Number(key) : key)]);
  }

  /** The entries of a list; none of anything else. */
  items(): SourceNode[] {
    return Array.isArray(this.value) ? this.entries().map(([, node]) => node) : [];
  }

  /** A node with another value of the same form. */
  with<U extends JsonValue>(value: U): SourceNode<U> {
    return new SourceNode(value, this.source);
  }

  /** The same value, with its parts, as written at another place. */
  movedTo({ place, keyPlace }: Pick<Source, 'place' | 'keyPlace'>): SourceNode<T> {
    return new SourceNode(this.value, { ...this.source, place, keyPlace });
  }
}

/** Whether a node is a map. */
export function isMapNode(node: SourceNode): node is SourceNode<JsonObject> {
  return isObject(node.value);
}

/** A map of these entries. */
export function mapNode(
  entries: readonly (readonly [key: string, node: SourceNode])[],
  at: Pick<Source, 'place' | 'keyPlace'>,
): SourceNode<JsonObject> {
  const map = emptyMap(entries.map(([key]) => key));
  for (const [key, node] of entries) setOwn(map, key, node.value);
  const parts = new Map(entries.map(([key, { source }]) => [key, source]));
  return new SourceNode(map, { place: at.place, keyPlace: at.keyPlace, parts });
}

/** A list of these items. */
export function listNode(
  items: readonly SourceNode[],
  at: Pick<Source, 'place' | 'keyPlace'>,
): SourceNode<JsonValue[]> {
  const parts = new Map(items.map(({ source }, index) => [String(index), source]));
  return new SourceNode(
    items.map(({ value }) => value),
    { place: at.place, keyPlace: at.keyPlace, parts },
  );
}

/** A map whose entries are changed; an entry stays where it was written, whatever it becomes. */
export async function mapEntries(
  map: SourceNode<JsonObject>,
  change: (node: SourceNode, key: string) => Promise<SourceNode> | SourceNode,
): Promise<SourceNode<JsonObject>> {
  const entries: [string, SourceNode][] = [];
  for (const [key, node] of map.entries()) entries.push([key, (await change(node, key)).movedTo(node)]);
  return mapNode(entries, map);
}

/** The same for a list; an item that becomes a list is put in as its own items, if `flatten` is set. */
export async function mapItems(
  list: SourceNode<JsonValue[]>,
  change: (node: SourceNode) => Promise<SourceNode> | SourceNode,
  { flatten = false } = {},
): Promise<SourceNode<JsonValue[]>> {
  const items: SourceNode[] = [];
  for (const node of list.items()) {
    const made = await change(node);
    if (flatten && Array.isArray(made.value)) items.push(...made.items());
    else items.push(made.movedTo(node));
  }
  return listNode(items, list);
}

/** Whether a node is a list. */
export function isListNode(node: SourceNode): node is SourceNode<JsonValue[]> {
  return Array.isArray(node.value);
}
