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
import type { Place, Report, SourceFile } from '../diagnostics/diagnostic.ts';
import { copyPlace, setPlace } from '../diagnostics/places.ts';
import { position } from '../diagnostics/position.ts';
import { isObject, setOwn, type JsonObject, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { emptyMap } from '../lib/ordered-map.ts';
import { maxNesting, reportNesting } from './tokens.ts';

/** How many values aliases may add to a file: a few lines of aliases of aliases would otherwise fill the memory. */
const maxAliased = 100_000;

interface Anchor {
  readonly node: Node;
  /** Undefined while the anchored value is being read. */
  built?: { readonly value: JsonValue; readonly size: number; readonly height: number };
}

/** Makes plain values of a parsed document, with the place of each entry, and reports what YAML allows and we do not. */
export class ValueBuilder {
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

  /** The value of a node; a fault inside it leaves null there, and is reported. */
  build(node: unknown, depth = 0): JsonValue {
    if (this.#stopped) return null;
    this.#size += 1;
    if (isAlias(node)) return this.#alias(node, depth);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    const { anchor: name } = node;
    const anchor: Anchor = { node };
    if (name !== undefined) this.#anchors.set(name, anchor);
    const outer = { size: this.#size, deepest: this.#deepest };
    this.#deepest = depth;
    const value = isScalar(node) ? this.#scalar(node) : this.#container(node, depth + 1);
    anchor.built = { value, size: this.#size - outer.size + 1, height: this.#deepest - depth };
    this.#deepest = Math.max(outer.deepest, this.#deepest);
    return value;
  }

  #fail(code: string, message: string, place: Place, help: string): null {
    this.#report({ severity: 'error', code, message, place, help });
    return null;
  }

  #place(node: Node): Place {
    const [start, end] = node.range ?? [0, 0];
    // A block collection ends behind its last line break.
    const length = this.#file.text.slice(start, end).trimEnd().length;
    return { file: this.#file, start, end: start + length };
  }

  /**
   * Where a value stands. An alias of a scalar stands where the scalar was written, so that its source text can be
   * read there; an empty value stands at its key.
   */
  #valuePlace(node: unknown, key: Place | undefined): Place | undefined {
    const target = isAlias(node) ? this.#anchors.get(node.source)?.node : undefined;
    const shown = isScalar(target) ? target : node;
    if (!isScalar(shown) && !isMap(shown) && !isSeq(shown) && !isAlias(shown)) return key;
    const place = this.#place(shown);
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

  #alias(node: Alias, depth: number): JsonValue {
    const place = this.#place(node);
    const anchor = this.#anchors.get(node.source);
    if (!anchor) {
      const near = nearest(node.source, this.#anchors.keys());
      const help =
        near === undefined ? `is its anchor &${node.source} missing, or below it` : `did you mean *${near}`;
      return this.#fail(
        'unknown-alias',
        `unknown alias *${node.source}`,
        place,
        `${help}, or a text that begins with "*"? Then quote it`,
      );
    }
    if (!anchor.built)
      return this.#fail(
        'circular-alias',
        `the alias *${node.source} stands inside the value it names`,
        place,
        'anchor a smaller part, or write it out',
      );
    const { value, size, height } = anchor.built;
    this.#size += size - 1;
    this.#aliased += size;
    this.#deepest = Math.max(this.#deepest, depth + height);
    if (this.#aliased > maxAliased) {
      this.#stopped = true;
      return this.#fail(
        'alias-bomb',
        `the aliases of this file add more values than the bound of ${maxAliased}`,
        place,
        'alias smaller parts, or fewer of them',
      );
    }
    if (depth + height > maxNesting) {
      this.#stopped = true;
      reportNesting(this.#file, place.start, this.#report);
    }
    return value;
  }

  #container(node: YAMLMap | YAMLSeq, depth: number): JsonValue {
    this.#deepest = Math.max(this.#deepest, depth);
    if (depth > maxNesting) {
      this.#stopped = true;
      reportNesting(this.#file, this.#place(node).start, this.#report);
      return null;
    }
    return isMap(node) ? this.#map(node, depth) : this.#list(node, depth);
  }

  #list(node: YAMLSeq, depth: number): JsonValue[] {
    const list: JsonValue[] = [];
    for (const item of node.items) {
      const value = this.build(item, depth);
      const place = this.#valuePlace(item, undefined);
      if (place) setPlace(list, list.length, place);
      list.push(value);
    }
    return list;
  }

  #map(node: YAMLMap, depth: number): JsonObject {
    const entries: { key: string; value: JsonValue; place: Place; at: Place }[] = [];
    const written = new Map<string, Place>();
    const merges: { value: JsonValue; place: Place }[] = [];
    for (const pair of node.items) {
      const at = this.#keyPlace(pair.key) ?? this.#place(node);
      const key = this.#keyText(pair.key, at);
      const value = this.build(pair.value, depth);
      if (key === undefined) continue;
      const first = written.get(key);
      if (first) {
        this.#fail(
          'duplicate-key',
          `duplicate key "${key}"`,
          at,
          `the first one stands on line ${position(first).line}; remove or rename one`,
        );
        continue;
      }
      written.set(key, at);
      if (isMergeKey(pair.key)) {
        const place = this.#keyPlace(pair.value) ?? at;
        const isList = isSeq(pair.value) || isAlias(pair.value);
        for (const part of isList && Array.isArray(value) ? value : [value])
          merges.push({ value: part, place });
      } else entries.push({ key, value, place: this.#valuePlace(pair.value, at) ?? at, at });
    }
    const merged = merges.flatMap(({ value }) => (isObject(value) ? Object.keys(value) : []));
    const map = emptyMap([...entries.map(({ key }) => key), ...merged]);
    for (const { key, value, place, at } of entries) {
      setOwn(map, key, value);
      setPlace(map, key, place, at);
    }
    // Own keys win wherever they stand; then earlier sources over later ones.
    for (const { value, place } of merges) this.#merge(map, value, place);
    return map;
  }

  #merge(map: JsonObject, source: JsonValue, place: Place): void {
    if (this.#stopped) return;
    if (!isObject(source)) {
      this.#fail(
        'bad-merge',
        'expected a map or a list of maps to merge',
        place,
        'write <<: *name with the anchor of a map',
      );
      return;
    }
    for (const [key, value] of Object.entries(source)) {
      if (Object.hasOwn(map, key)) continue;
      setOwn(map, key, value);
      copyPlace(source, key, map, key);
    }
  }

  #keyPlace(key: unknown): Place | undefined {
    return isScalar(key) || isMap(key) || isSeq(key) || isAlias(key) ? this.#place(key) : undefined;
  }

  /** A key as text: scalars of any type keep the text they were written as. */
  #keyText(key: unknown, place: Place): string | undefined {
    const node = isAlias(key) ? this.#anchors.get(key.source)?.node : key;
    // Reading the key registers its anchor and reports its own faults.
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

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && (typeof key.value === 'symbol' || (key.type === 'PLAIN' && key.source === '<<'));
}
