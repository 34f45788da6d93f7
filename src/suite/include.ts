import { kinds } from '../assertions/registry.ts';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace } from '../diagnostics/places.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { fileReference, type SuiteFiles } from './files.ts';
import { mapEntries, mapItems } from './map-values.ts';
import { isMisindented } from './misindented.ts';
import { References } from './references.ts';

const roles = ['user', 'model', 'function'];

/**
 * Replaces references to files by what the files hold, for prompts, turns, configs, variables, assertions and schemas
 * in them. The schema is checked afterwards, so shared files follow the same rules and errors show their own lines.
 * Text files stay references. Lists inside a list of assertions are flattened.
 */
export async function includeFiles(raw: JsonValue, files: SuiteFiles, report: Report): Promise<JsonValue> {
  if (!isObject(raw)) return raw;
  const including = new Including(files, report);
  const tests = Array.isArray(raw.tests) ? raw.tests : undefined;
  return mapEntries(raw, async (value, key, place) => {
    if (key === 'configs') return including.configs(value, place);
    if (key === 'prompts') return including.prompts(value, place);
    if (key === 'assert') return including.allAssertions(value, place);
    if (key === 'vars') return including.vars(value, place);
    if (key !== 'tests' || !tests) return value;
    return mapItems(tests, async (test) =>
      isObject(test)
        ? mapEntries(test, async (inner, name, at) => {
            if (name === 'assert') return including.allAssertions(inner, at);
            return name === 'vars' ? including.vars(inner, at) : inner;
          })
        : test,
    );
  });
}

/** The same for the `assert` of a row; undefined after an error. */
export async function includeAssertions(
  value: JsonValue,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<JsonValue | undefined> {
  let failed = false;
  const including = new Including(files, (diagnostic) => {
    failed ||= diagnostic.severity === 'error';
    report(diagnostic);
  });
  const included = await including.allAssertions(value, place);
  return failed ? undefined : included;
}

function isTurn(value: JsonValue): value is JsonObject {
  return isObject(value) && roles.some((role) => role in value);
}

class Including {
  readonly #references: References;
  readonly #report: Report;

  constructor(files: SuiteFiles, report: Report) {
    this.#report = report;
    this.#references = new References(files, report);
  }

  /** `configs`: a file as a whole, or one for an entry. */
  async configs(value: JsonValue, place: Place | undefined): Promise<JsonValue> {
    const whole = await this.#references.follow(value, place, { expected: 'a map of configs' });
    if (!isObject(whole.value)) return whole.value;
    return mapEntries(
      whole.value,
      async (entry, _, at) =>
        (await this.#references.follow(entry, at, { chain: whole.chain, expected: 'a config' })).value,
    );
  }

  /** `prompts`: a file as a whole, or one for an entry or a turn. */
  async prompts(value: JsonValue, place: Place | undefined): Promise<JsonValue> {
    // Beside others, "file" is the name of a prompt like any.
    const isNames = isObject(value) && Object.keys(value).length > 1;
    const whole = isNames ? { value, chain: [] } : await this.#references.follow(value, place);
    if (!isObject(whole.value)) return whole.value;
    return mapEntries(whole.value, async (entry, _, at) => {
      const options = { chain: whole.chain, mayBeText: true };
      const prompt = await this.#references.follow(entry, at, options);
      if (isTurn(prompt.value)) this.#refuseTurn(prompt.value, at);
      if (!Array.isArray(prompt.value)) return prompt.value;
      return mapItems(prompt.value, async (item, itemAt) => {
        const found = await this.#references.follow(item, itemAt, { ...options, chain: prompt.chain });
        return isTurn(found.value) ? found.value : item;
      });
    });
  }

  /** `vars` of a suite or a test: a file as a whole; a file for one of them is read with it. */
  async vars(value: JsonValue, place: Place | undefined): Promise<JsonValue> {
    // Beside others, "file" is the name of a variable like any.
    if (!isObject(value) || Object.keys(value).length > 1) return value;
    const whole = await this.#references.follow(value, place, {
      expected: 'a map of variables',
      help: 'a lone "file" under vars names a .yaml or .json file with all the variables; a variable of that name needs another name',
    });
    return whole.value;
  }

  /** Reports a turn that is not an entry of a list. */
  #refuseTurn(turn: JsonObject, place: Place | undefined): void {
    const role = roles.find((each) => each in turn) ?? '';
    const at = keyPlace(turn, role) ?? place;
    this.#report({
      severity: 'error',
      code: 'turn-alone',
      message: `turns are entries of a list, "${role}" stands here by itself`,
      ...(at ? { place: at } : {}),
      help: `write "- ${role}: …"`,
    });
  }

  /** All of an `assert`; an assertion that is not an entry of a list is reported. */
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
    return found;
  }

  /** A list of assertions, with lists inside; a file may stand for all of it or for an entry. */
  async assertions(
    value: JsonValue,
    place: Place | undefined,
    chain: readonly string[] = [],
  ): Promise<JsonValue> {
    if (isObject(value) && isMisindented(value, this.#report)) return value;
    const found = await this.#references.follow(value, place, { chain, expected: 'a list of assertions' });
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
      if (nests) return this.assertions(value, place, chain);
      if (!isObject(value)) return value;
      return mapEntries(value, async (inner, key, at) =>
        fileArguments.includes(key) ? (await this.#references.follow(inner, at, { chain })).value : inner,
      );
    });
  }
}
