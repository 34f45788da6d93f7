import { kinds } from '../assertions/registry.ts';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace } from '../diagnostics/places.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { markLost } from '../lib/lost.ts';
import { unreadConfig } from './doubts.ts';
import { fileReference, type SuiteFiles } from './files.ts';
import { mapEntries, mapItems } from './map-values.ts';
import { indented } from './indented.ts';
import { References } from './references.ts';

const roles = ['user', 'model', 'function'];
/** Stand in for those of a file that could not be read. */
const noConfigs: JsonObject = { unread: unreadConfig() };
const noPrompts: JsonObject = { unread: '' };
const noAssertion: JsonObject = { outcome: 'answered' };
const noVars: JsonObject = {};

/**
 * Puts the files in that stand for prompts, turns, configs, variables, assertions or schemas in them, before anything is checked:
 * what stands in a shared file is held to the same rules, and its faults are told at its own lines. Files that are
 * text stay references. Lists inside a list of assertions are flattened.
 */
export async function includeFiles(
  raw: JsonObject,
  files: SuiteFiles,
  report: Report,
): Promise<{ whole: JsonObject; unread: readonly ('configs' | 'prompts')[] }> {
  const including = new Including(files, report);
  const tests = Array.isArray(raw.tests) ? raw.tests : undefined;
  const whole = await mapEntries(raw, async (value, key, place) => {
    if (key === 'configs') return including.configs(value, place);
    if (key === 'prompts') return including.prompts(value, place);
    if (key === 'assert') return including.allAssertions(value, place);
    if (key === 'vars') return including.vars(raw, value, place);
    if (key !== 'tests' || !tests) return value;
    return mapItems(tests, async (test) =>
      isObject(test)
        ? mapEntries(test, async (inner, name, at) => {
            if (name === 'assert') return including.allAssertions(inner, at);
            return name === 'vars' ? including.vars(test, inner, at) : inner;
          })
        : test,
    );
  });
  return { whole, unread: [...including.unread] };
}

/** The same for the `assert` of a row. */
export function includeAssertions(
  value: JsonValue,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<JsonValue> {
  return new Including(files, report).allAssertions(value, place);
}

function isTurn(value: JsonValue): value is JsonObject {
  return isObject(value) && roles.some((role) => role in value);
}

class Including {
  /** `configs` or `prompts`, where the file that holds all of them could not be read: their names are not known. */
  readonly unread = new Set<'configs' | 'prompts'>();
  readonly #references: References;

  readonly #report: Report;

  constructor(files: SuiteFiles, report: Report) {
    this.#report = report;
    this.#references = new References(files, report);
  }

  /** `configs`: a file as a whole, or one for an entry. */
  async configs(value: JsonValue, place: Place | undefined): Promise<JsonValue> {
    const whole = await this.#references.follow(value, place, {
      missing: noConfigs,
      due: 'a map of configs',
    });
    if (whole.value === noConfigs) this.unread.add('configs');
    if (!isObject(whole.value)) return whole.value;
    return mapEntries(
      whole.value,
      async (entry, _, at) =>
        (
          await this.#references.follow(entry, at, {
            missing: unreadConfig(),
            chain: whole.chain,
            due: 'a config',
          })
        ).value,
    );
  }

  /** `prompts`: a file as a whole, or one for an entry or a turn. */
  async prompts(value: JsonValue, place: Place | undefined): Promise<JsonValue> {
    // Beside others, "file" is the name of a prompt like any.
    const isNames = isObject(value) && Object.keys(value).length > 1;
    const whole = isNames
      ? { value, chain: [] }
      : await this.#references.follow(value, place, { missing: noPrompts });
    if (whole.value === noPrompts) this.unread.add('prompts');
    if (!isObject(whole.value)) return whole.value;
    return mapEntries(whole.value, async (entry, _, at) => {
      const options = { missing: '', chain: whole.chain, mayBeText: true };
      const prompt = await this.#references.follow(entry, at, options);
      if (isTurn(prompt.value)) return this.#turnAlone(prompt.value, at);
      if (!Array.isArray(prompt.value)) return prompt.value;
      return mapItems(prompt.value, async (item, itemAt) => {
        const found = await this.#references.follow(item, itemAt, { ...options, chain: prompt.chain });
        return isTurn(found.value) ? found.value : item;
      });
    });
  }

  /** `vars` of a suite or a test: a file as a whole; a file for one of them is read with it. */
  async vars(owner: JsonObject, value: JsonValue, place: Place | undefined): Promise<JsonValue> {
    // Beside others, "file" is the name of a variable like any.
    if (!isObject(value) || Object.keys(value).length > 1) return value;
    const whole = await this.#references.follow(value, place, {
      missing: noVars,
      due: 'a map of variables',
      help: 'a lone "file" under vars names a .yaml or .json file with all the variables; a variable of that name needs another name',
    });
    // Any name may be one of those in the file.
    if (whole.value === noVars) markLost(owner, ['vars']);
    return whole.value;
  }

  /** A turn that is no entry of a list is told, and read as the list that was meant. */
  #turnAlone(turn: JsonObject, place: Place | undefined): JsonValue {
    const role = roles.find((each) => each in turn) ?? '';
    const at = keyPlace(turn, role) ?? place;
    this.#report({
      severity: 'error',
      code: 'turn-alone',
      message: `turns are entries of a list, "${role}" stands here by itself`,
      ...(at ? { place: at } : {}),
      help: `write "- ${role}: …"`,
    });
    return [turn];
  }

  /** All of an `assert`: one assertion that is no entry of a list is told, and read as the list that was meant. */
  async allAssertions(value: JsonValue, place: Place | undefined): Promise<JsonValue> {
    const found = await this.assertions(value, place);
    if (!isObject(found) || fileReference(found) !== undefined) return found;
    const [key = ''] = Object.keys(found);
    const at = keyPlace(found, key) ?? place;
    this.#report({
      severity: 'error',
      code: 'assertion-alone',
      message: `assertions are entries of a list, "${key}" stands here by itself`,
      ...(at ? { place: at } : {}),
      help: `write "- ${key}: …"`,
    });
    return [found];
  }

  /** A list of assertions, with lists inside; a file may stand for all of it or for an entry. */
  async assertions(
    value: JsonValue,
    place: Place | undefined,
    chain: readonly string[] = [],
    missing: JsonValue = [],
  ): Promise<JsonValue> {
    const due = 'a list of assertions';
    const written = isObject(value) ? indented(value, this.#report) : value;
    const found = await this.#references.follow(written, place, { missing, chain, due });
    if (isObject(found.value)) return this.#entry(found.value, found.chain);
    if (!Array.isArray(found.value)) return found.value;
    return mapItems(
      found.value,
      (item, at) => this.assertions(item, at ?? place, found.chain),
      Array.isArray,
    );
  }

  /** One assertion: those that it nests, and a file that stands for its schema. */
  #entry(entry: JsonObject, chain: readonly string[]): Promise<JsonObject> {
    return mapEntries(entry, async (value, kind, place) => {
      const { nests, fileArguments = [] } = kinds[kind] ?? {};
      if (nests)
        return this.assertions(value, place, chain, nests.takes === 'one' ? noAssertion : [noAssertion]);
      if (!isObject(value)) return value;
      return mapEntries(value, async (inner, key, at) =>
        fileArguments.includes(key)
          ? (await this.#references.follow(inner, at, { missing: {}, chain })).value
          : inner,
      );
    });
  }
}
