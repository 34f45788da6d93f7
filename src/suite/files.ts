import { readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { SourceRange, Report, SourceFile } from '../diagnostics/diagnostic.ts';
import { sha256 } from '../lib/canonical.ts';
import { isMapNode, SourceNode, type Source } from '../diagnostics/source-node.ts';
import { isPlainTemplate } from '../lib/template-syntax.ts';
import { readSourceFile } from '../source/files.ts';
import { readJson, readYaml } from '../source/yaml.ts';
import { isInside } from './root.ts';
import { errorCode } from '../lib/system-error.ts';

/** Bytes of a text file at most. */
export const textBytes = 5 * 1024 * 1024;
/** No suite needs more; circular includes reach it at once. */
const mostFiles = 1000;

/** The files of one suite. References must stay inside the root, and every file read counts in the digest. */
export class SuiteFiles {
  readonly root: string;
  readonly #cwd: string;
  readonly #report: Report;
  readonly #digests = new Map<string, () => string>();
  readonly #values = new Map<string, SourceNode | undefined>();
  readonly #sources = new Map<string, SourceFile | undefined>();

  constructor(root: string, cwd: string, report: Report) {
    this.root = root;
    this.#cwd = cwd;
    this.#report = report;
  }

  /** SHA-256 over the digests of all files read so far, in path order. */
  digest(): string {
    return sha256(
      [...this.#digests]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([file, digest]) => `${file} ${digest()}\n`)
        .join(''),
    );
  }

  /** A path as messages show it: relative to the working directory. */
  displayPath(absolute: string): string {
    return path.relative(this.#cwd, absolute).split(path.sep).join('/') || '.';
  }

  /** Whether all texts so far have only templates of plain names. */
  plain = true;

  /** Adds a text that was read to the digest, and updates `plain`. */
  read(absolute: string, text: string): void {
    this.count(absolute, () => sha256(text));
    // An escaped brace is not in the source text.
    this.plain &&= isPlainTemplate(text) && !/\\[xuU]0*7[bB]/.test(text);
  }

  /** Adds a file to the digest of the suite, which is computed on demand. */
  count(absolute: string, digest: () => string): void {
    this.#digests.set(path.relative(this.root, absolute).split(path.sep).join('/'), digest);
  }

  /** The absolute path a reference names, if it exists and stays inside the root, links followed. */
  async locate(reference: string, place: SourceRange): Promise<string | undefined> {
    const absolute = path.resolve(path.dirname(place.file.absolute), reference);
    let real: string;
    try {
      real = realpathSync.native(absolute);
    } catch (error) {
      const code = errorCode(error) ?? 'unknown';
      if (code !== 'ENOENT' && code !== 'ENOTDIR') return this.unreadable(reference, code, place);
      this.#error(
        'missing-file',
        `there is no file ${JSON.stringify(reference)}`,
        place,
        reference.includes('{{')
          ? 'a path may be a template only in the parts of a prompt'
          : /^[a-z][a-z\d+.-]*:\/\//i.test(reference)
            ? 'only files of the project are read; media at an address are named by fileUri'
            : `expected at ${this.displayPath(absolute)}`,
      );
      return undefined;
    }
    if (!isInside(this.root, real)) {
      this.#error(
        'outside-root',
        `${JSON.stringify(reference)} leads outside the root, ${this.#displayRoot()}`,
        place,
        'the root is the git root, else the working directory; copy the file into it; symbolic links count by where they lead',
      );
      return undefined;
    }
    const facts = statSync(real);
    if (!facts.isFile()) {
      const isFolder = facts.isDirectory();
      const message = `${JSON.stringify(reference)} is ${isFolder ? 'a folder' : 'no regular file'}, expected a file`;
      this.#error('not-a-file', message, place, isFolder ? 'name a file in it' : 'name a file that is one');
      return undefined;
    }
    if (this.#digests.size > mostFiles) {
      this.#error(
        'too-many-files',
        `a suite may consist of ${mostFiles} files at most`,
        place,
        'split it into several suites',
      );
      return undefined;
    }
    return real;
  }

  /** The text of a referenced file. */
  async source(reference: string, place: SourceRange): Promise<SourceFile | undefined> {
    const absolute = await this.locate(reference, place);
    return absolute === undefined ? undefined : this.#source(absolute, place);
  }

  async #source(absolute: string, place: SourceRange): Promise<SourceFile | undefined> {
    if (this.#sources.has(absolute)) return this.#sources.get(absolute);
    const file = readSourceFile(absolute, this.displayPath(absolute), this.#report, {
      maxBytes: textBytes,
      at: place,
    });
    if (file) this.read(absolute, file.text);
    this.#sources.set(absolute, file);
    return file;
  }

  /** The value of `{ file: path }`: .json and .yaml as values, other files as text without one final newline. */
  async value(reference: string, place: SourceRange): Promise<SourceNode | undefined> {
    const absolute = await this.locate(reference, place);
    if (absolute === undefined) return undefined;
    if (this.#values.has(absolute)) return this.#values.get(absolute);
    const file = await this.#source(absolute, place);
    let value: SourceNode | undefined;
    if (file) {
      if (/\.ya?ml$/i.test(absolute)) value = readYaml(file, this.#report);
      else if (/\.json$/i.test(absolute)) value = readJson(file, this.#report);
      else value = new SourceNode(file.text.replace(/\n$/, ''), wholeOf(file));
    }
    this.#values.set(absolute, value);
    return value;
  }

  /**
   * A referenced file as a text without one final newline, and its whole range. A .json or .yaml file that is one text
   * gives that text; of others braces in the source are not templates.
   */
  async text(
    reference: string,
    place: SourceRange,
  ): Promise<{ text: string; place: SourceRange; template: boolean } | undefined> {
    const value = await this.value(reference, place);
    if (value === undefined) return undefined;
    const file = await this.source(reference, place);
    if (!file) return undefined;
    const { place: whole } = wholeOf(file);
    if (typeof value.value === 'string') return { text: value.value, place: whole, template: true };
    return { text: file.text.replace(/\n$/, ''), place: whole, template: false };
  }

  /** The bytes of a referenced file; more than `most` are an error. */
  async bytes(
    reference: string,
    place: SourceRange,
    most: number,
  ): Promise<{ absolute: string; bytes: Buffer } | undefined> {
    const absolute = await this.locate(reference, place);
    if (absolute === undefined) return undefined;
    const { size } = statSync(absolute);
    if (size > most) {
      this.#error(
        'file-too-large',
        `${JSON.stringify(reference)} has ${size} bytes, at most ${most} are allowed`,
        place,
        'the API takes larger media by fileUri only',
      );
      return undefined;
    }
    let bytes: Buffer;
    try {
      bytes = readFileSync(absolute);
    } catch (error) {
      return this.unreadable(reference, errorCode(error) ?? 'unknown', place);
    }
    this.count(absolute, () => sha256(bytes));
    return { absolute, bytes };
  }

  #displayRoot(): string {
    const root = this.displayPath(this.root);
    return root === '.' ? 'the working directory' : `the folder ${JSON.stringify(root)}`;
  }

  /** Reports a file that cannot be read, with the system error code. */
  unreadable(reference: string, code: string, place: SourceRange): undefined {
    const help = 'check its permissions, and where links lead';
    this.#error('unreadable-file', `cannot read ${JSON.stringify(reference)}: ${code}`, place, help);
    return undefined;
  }

  #error(code: string, message: string, place: SourceRange, help: string): void {
    this.#report({ severity: 'error', code, message, place, help });
  }
}

/** The path in a value that is only `{ file: path }`. */
export function fileReference(node: SourceNode): string | undefined {
  if (!isMapNode(node)) return undefined;
  const { file } = node.value;
  return typeof file === 'string' && Object.keys(node.value).length === 1 ? file : undefined;
}

/** A whole file as a source. */
function wholeOf(file: SourceFile): Source {
  const place = { file, start: 0, end: file.text.length };
  return { place, keyPlace: place };
}
