import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type Node,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { SourceRange, Report, SourceFile } from '../diagnostics/diagnostic.ts';
import { position } from '../diagnostics/position.ts';
import { isMapNode, listNode, mapNode, SourceNode } from '../diagnostics/source-node.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { maxNesting, reportNesting } from './tokens.ts';

/** How many values aliases may add to a file: a few lines of aliases of aliases would otherwise fill the memory. */
const maxAliased = 100_000;

interface Anchor {
  readonly node: Node;
  /** Undefined while the anchored value is being read. */
  built?: { readonly value: SourceNode; readonly size: number; readonly height: number };
}

/** Makes nodes of a parsed document, and reports what YAML allows and we do not. */
export class NodeBuilder {
  readonly #file: SourceFile;
  readonly #report: Report;
  readonly #anchors = new Map<string, Anchor>();
  #size = 0;
  #aliased = 0;
  #deepest = 0;
  #stopped = false;

  constructor(file: SourceFile, report: Report) {
    this.#file = file;
    this.#report = report;
  }

  /** The value of a node of the parser; an error inside it leaves null there, and is reported. `key` leads to it. */
  build(node: unknown, depth = 0, key?: SourceRange): SourceNode {
    const place = this.#valuePlace(node, key);
    const at = { place, keyPlace: key ?? place };
    const nothing = new SourceNode(null, at);
    if (this.#stopped) return nothing;
    this.#size += 1;
    if (isAlias(node)) return this.#alias(node, depth)?.movedTo(at) ?? nothing;
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return nothing;
    const { anchor: name } = node;
    const anchor: Anchor = { node };
    if (name !== undefined) this.#anchors.set(name, anchor);
    const outer = { size: this.#size, deepest: this.#deepest };
    this.#deepest = depth;
    const value = (
      isScalar(node) ? new SourceNode(this.#scalar(node), at) : this.#container(node, depth + 1)
    ).movedTo(at);
    anchor.built = { value, size: this.#size - outer.size + 1, height: this.#deepest - depth };
    this.#deepest = Math.max(outer.deepest, this.#deepest);
    return value;
  }

  #fail(code: string, message: string, place: SourceRange, help: string): null {
    this.#report({ severity: 'error', code, message, place, help });
    return null;
  }

  #place(node: Node): SourceRange {
    const [start, end] = node.range ?? [0, 0];
    // A block collection ends behind its last line break.
    const length = this.#file.text.slice(start, end).trimEnd().length;
    return { file: this.#file, start, end: start + length };
  }

  /**
   * The place of a value. An alias of a scalar has the place of the scalar, so that its source text can be read; an
   * empty value has the place of its key.
   */
  #valuePlace(node: unknown, key: SourceRange | undefined): SourceRange {
    const target = isAlias(node) ? this.#anchors.get(node.source)?.node : undefined;
    const written = isScalar(target) ? target : node;
    if (!isScalar(written) && !isMap(written) && !isSeq(written) && !isAlias(written))
      return key ?? { file: this.#file, start: 0, end: 0 };
    const place = this.#place(written);
    return place.start === place.end && key ? key : place;
  }

  #scalar(node: Scalar): JsonValue {
    const { value } = node;
    if (typeof value === 'number' && !Number.isFinite(value))
      return this.#fail(
        'not-finite',
        `expected a finite number, received ${node.source ?? value}`,
        this.#place(node),
        'quote it if it is a text',
      );
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
    return typeof value === 'symbol' ? (node.source ?? '<<') : null;
  }

  #alias(node: Alias, depth: number): SourceNode | undefined {
    const place = this.#place(node);
    const anchor = this.#anchors.get(node.source);
    if (!anchor) {
      const near = nearest(node.source, this.#anchors.keys());
      const help =
        near === undefined ? `is its anchor &${node.source} missing, or below it` : `did you mean *${near}`;
      this.#fail(
        'unknown-alias',
        `unknown alias *${node.source}`,
        place,
        `${help}, or a text that begins with "*"? Then quote it`,
      );
      return undefined;
    }
    if (!anchor.built) {
      this.#fail(
        'circular-alias',
        `the alias *${node.source} is inside the value it names`,
        place,
        'anchor a smaller part, or write it out',
      );
      return undefined;
    }
    const { value, size, height } = anchor.built;
    this.#size += size - 1;
    this.#aliased += size;
    this.#deepest = Math.max(this.#deepest, depth + height);
    if (this.#aliased > maxAliased) {
      this.#stopped = true;
      this.#fail(
        'alias-bomb',
        `the aliases of this file add more values than the bound of ${maxAliased}`,
        place,
        'alias smaller parts, or fewer of them',
      );
      return undefined;
    }
    if (depth + height > maxNesting) {
      this.#stopped = true;
      reportNesting(this.#file, place.start, this.#report);
    }
    return value;
  }

  #container(node: YAMLMap | YAMLSeq, depth: number): SourceNode {
    this.#deepest = Math.max(this.#deepest, depth);
    if (depth > maxNesting) {
      this.#stopped = true;
      reportNesting(this.#file, this.#place(node).start, this.#report);
      return new SourceNode(null, placed(this.#place(node)));
    }
    return isMap(node) ? this.#map(node, depth) : this.#list(node, depth);
  }

  #list(node: YAMLSeq, depth: number): SourceNode {
    const items = node.items.map((item) => this.build(item, depth));
    return listNode(items, placed(this.#place(node)));
  }

  #map(node: YAMLMap, depth: number): SourceNode<JsonObject> {
    const entries = new Map<string, SourceNode>();
    const written = new Map<string, SourceRange>();
    const merges: { source: SourceNode; place: SourceRange }[] = [];
    for (const pair of node.items) {
      const at = this.#keyPlace(pair.key) ?? this.#place(node);
      const key = this.#keyText(pair.key, at);
      const value = this.build(pair.value, depth, at);
      if (key === undefined) continue;
      const first = written.get(key);
      if (first) {
        this.#fail(
          'duplicate-key',
          `duplicate key "${key}"`,
          at,
          `the first one is on line ${position(first).line}; remove or rename one`,
        );
        continue;
      }
      written.set(key, at);
      if (isMergeKey(pair.key)) {
        const place = this.#keyPlace(pair.value) ?? at;
        const isList = isSeq(pair.value) || isAlias(pair.value);
        for (const source of isList && Array.isArray(value.value) ? value.items() : [value])
          merges.push({ source, place });
      } else entries.set(key, value);
    }
    // Own keys win, whatever the order; then earlier sources over later ones.
    for (const { source, place } of merges) this.#merge(entries, source, place);
    return mapNode([...entries], placed(this.#place(node)));
  }

  #merge(entries: Map<string, SourceNode>, source: SourceNode, place: SourceRange): void {
    if (this.#stopped) return;
    if (!isMapNode(source)) {
      this.#fail(
        'bad-merge',
        'expected a map or a list of maps to merge',
        place,
        'write <<: *name with the anchor of a map',
      );
      return;
    }
    for (const [key, node] of source.entries()) if (!entries.has(key)) entries.set(key, node);
  }

  #keyPlace(key: unknown): SourceRange | undefined {
    return isScalar(key) || isMap(key) || isSeq(key) || isAlias(key) ? this.#place(key) : undefined;
  }

  /** A key as text: scalars of any type keep the text they were written as. */
  #keyText(key: unknown, place: SourceRange): string | undefined {
    const node = isAlias(key) ? this.#anchors.get(key.source)?.node : key;
    // Reading the key registers its anchor and reports its errors.
    if (isAlias(key) || (isScalar(key) && key.anchor !== undefined)) this.build(key, maxNesting);
    if (isAlias(key) && !node) return undefined;
    if (isScalar(node)) {
      if (typeof node.value === 'string') return node.value;
      if (node.source !== undefined && node.source !== '') return node.source;
    }
    this.#fail(
      'key-not-text',
      'expected a text as key',
      place,
      'write a plain or quoted text before the ":"',
    );
    return undefined;
  }
}

const placed = (place: SourceRange): { place: SourceRange; keyPlace: SourceRange } => ({
  place,
  keyPlace: place,
});

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && (typeof key.value === 'symbol' || (key.type === 'PLAIN' && key.source === '<<'));
}
