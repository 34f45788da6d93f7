import path from 'node:path';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { copyPlace, valuePlace } from '../diagnostics/places.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { fileReference, type SuiteFiles } from './files.ts';

/**
 * Puts the files in that stand for prompts, configs or assertions, before anything is checked: what stands in a shared
 * file is held to the same rules, and its faults are told at its own lines. Text files stay references.
 */
export async function includeFiles(raw: JsonObject, files: SuiteFiles, report: Report): Promise<JsonObject> {
  const including = new Including(files, report);
  const tests = Array.isArray(raw.tests) ? raw.tests : undefined;
  return mapEntries(raw, async (value, key, place) => {
    if (key === 'configs') return including.named(value, place, {});
    if (key === 'prompts') return including.named(value, place, '');
    if (key === 'assert') return including.assertions(value, place);
    if (key !== 'tests' || !tests) return value;
    return mapItems(tests, async (test) =>
      isObject(test)
        ? mapEntries(test, async (inner, name, at) =>
            name === 'assert' ? including.assertions(inner, at) : inner,
          )
        : test,
    );
  });
}

/** The same for the `assert` of a row. */
export function includeAssertions(
  value: JsonValue,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<JsonValue> {
  return new Including(files, report).assertions(value, place);
}

class Including {
  readonly #files: SuiteFiles;
  readonly #report: Report;

  constructor(files: SuiteFiles, report: Report) {
    this.#files = files;
    this.#report = report;
  }

  /** `configs` or `prompts`: a file as a whole, or one for an entry. */
  async named(value: JsonValue, place: Place | undefined, missing: JsonValue): Promise<JsonValue> {
    const whole = await this.#resolve(value, place, {}, []);
    if (!isObject(whole.value)) return whole.value;
    return mapEntries(
      whole.value,
      async (entry, _, at) => (await this.#resolve(entry, at, missing, whole.chain)).value,
    );
  }

  /** A list of assertions, with lists inside; a file may stand for all of it or for an entry. */
  async assertions(
    value: JsonValue,
    place: Place | undefined,
    chain: readonly string[] = [],
  ): Promise<JsonValue> {
    const found = await this.#resolve(value, place, [], chain);
    if (!Array.isArray(found.value)) return found.value;
    return mapItems(found.value, (item, at) => this.assertions(item, at ?? place, found.chain));
  }

  /** What a reference stands for, followed as long as it leads to another. */
  async #resolve(
    value: JsonValue,
    place: Place | undefined,
    missing: JsonValue,
    chain: readonly string[],
  ): Promise<{ value: JsonValue; chain: readonly string[] }> {
    const reference = fileReference(value);
    if (reference === undefined || !/\.(ya?ml|json)$/i.test(reference)) return { value, chain };
    const at = isObject(value) ? (valuePlace(value, 'file') ?? place) : place;
    if (!at) return { value, chain };
    const absolute = path.resolve(path.dirname(at.file.absolute), reference);
    if (chain.includes(absolute)) {
      this.#report({
        severity: 'error',
        code: 'circular-file',
        message: `${JSON.stringify(reference)} leads back to itself`,
        place: at,
        help: 'a shared file may not include itself, not by way of others either',
      });
      return { value: missing, chain };
    }
    const content = await this.#files.value(reference, at);
    return this.#resolve(content ?? missing, at, missing, [...chain, absolute]);
  }
}

/** Maps the values of a map; the same map comes back where none changed, else a copy that keeps the places. */
async function mapEntries(
  map: JsonObject,
  change: (value: JsonValue, key: string, place: Place | undefined) => Promise<JsonValue>,
): Promise<JsonObject> {
  const copy: JsonObject = {};
  let changed = false;
  for (const [key, value] of Object.entries(map)) {
    const made = await change(value, key, valuePlace(map, key));
    changed ||= made !== value;
    copy[key] = made;
    copyPlace(map, key, copy, key);
  }
  return changed ? copy : map;
}

async function mapItems(
  list: readonly JsonValue[],
  change: (value: JsonValue, place: Place | undefined) => Promise<JsonValue>,
): Promise<JsonValue> {
  const copy: JsonValue[] = [];
  let changed = false;
  for (const [index, value] of list.entries()) {
    const made = await change(value, valuePlace(list, index));
    changed ||= made !== value;
    copy.push(made);
    copyPlace(list, index, copy, index);
  }
  return changed ? copy : (list as JsonValue[]);
}
