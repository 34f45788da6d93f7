import path from 'node:path';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import type { SuiteFiles } from './files.ts';

/** How a reference may be followed. */
interface Following {
  /** The files that led here. */
  readonly chain?: readonly string[];
  /** A text file stays a reference; otherwise it is an error. */
  readonly mayBeText?: boolean;
  /** What is expected where a suite would pass for any other map. */
  readonly expected?: string;
  /** What to write where a text file stands for more than a text. */
  readonly help?: string;
}

/** Follows `{ file: path }` where it stands for a value: .yaml and .json files, from one to the next. */
export class References {
  readonly #files: SuiteFiles;
  readonly #report: Report;

  constructor(files: SuiteFiles, report: Report) {
    this.#files = files;
    this.#report = report;
  }

  /** What a value stands for, followed as long as it leads to another file; null after an error. */
  async follow(
    value: JsonValue,
    place: Place | undefined,
    following: Following = {},
  ): Promise<{ value: JsonValue; chain: readonly string[] }> {
    const { chain = [], mayBeText = false, expected, help } = following;
    if (!isObject(value) || typeof value.file !== 'string') return { value, chain };
    const reference = value.file;
    const at = valuePlace(value, 'file') ?? place;
    const isText = !/\.(?:ya?ml|json)$/i.test(reference);
    if (!at || (isText && mayBeText)) return { value, chain };
    if (Object.keys(value).length > 1) {
      if (mayBeText) return { value, chain };
      this.#notAlone(value, at);
    } else if (isText) {
      this.#report({
        severity: 'error',
        code: 'unknown-form',
        message: `expected a .yaml or .json file, received ${JSON.stringify(reference)}`,
        place: at,
        help:
          help ?? 'only a prompt, a text of a prompt, a system instruction or a variable may be a text file',
      });
      return { value: null, chain };
    }
    const absolute = path.resolve(path.dirname(at.file.absolute), reference);
    if (chain.includes(absolute)) {
      this.#report({
        severity: 'error',
        code: 'circular-file',
        message: `${JSON.stringify(reference)} leads back to itself`,
        place: at,
        help: 'a shared file may not include itself, not by way of others either',
      });
      return { value: null, chain };
    }
    const content = await this.#files.value(reference, at);
    const next = [...chain, absolute];
    if (expected !== undefined && content !== undefined && isSuite(content)) {
      this.#report({
        severity: 'error',
        code: 'suite-for-part',
        message: `${JSON.stringify(reference)} is a suite, expected ${expected}`,
        place: at,
        help: `suites do not include each other: write what they share into a file of its own`,
      });
      return { value: null, chain: next };
    }
    return this.follow(content ?? null, at, { ...following, chain: next });
  }

  #notAlone(value: JsonObject, at: Place): void {
    const beside = Object.keys(value).find((key) => key !== 'file') ?? '';
    this.#report({
      severity: 'error',
      code: 'file-not-alone',
      message: `${JSON.stringify(beside)} stands beside "file", which stands for the whole`,
      place: keyPlace(value, beside) ?? at,
      help: 'write it into the file, or write the whole here',
    });
  }
}

/** Whether a value is a suite by its looks. */
function isSuite(value: JsonValue): boolean {
  return (
    isObject(value) &&
    typeof value.suite === 'string' &&
    ['model', 'prompts', 'tests', 'configs', 'assert'].some((key) => key in value)
  );
}
