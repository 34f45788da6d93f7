import path from 'node:path';
import type { Report } from '../diagnostics/diagnostic.ts';
import type { SourceNode } from '../diagnostics/source-node.ts';
import type { Media } from '../gemini/media.ts';
import { fileReference, type SuiteFiles } from './files.ts';
import { readMedia } from './media.ts';
import type { FilePart, MediaPart, PartReader, TextPart } from './suite.ts';

/** What reading prompts needs. */
export interface PromptReading {
  readonly files: PromptFiles;
  readonly report: Report;
}

/** The texts and media of a suite's prompts, each file read once. */
export class PromptFiles implements PartReader {
  readonly #files: SuiteFiles;
  readonly #report: Report;
  readonly #media = new Map<string, Media>();
  readonly #opened = new Map<string, TextPart | MediaPart | undefined>();

  constructor(files: SuiteFiles, report: Report) {
    this.#files = files;
    this.#report = report;
  }

  async read(part: FilePart, reference: string): Promise<TextPart | MediaPart | undefined> {
    const key = keyOf(part, reference);
    if (!this.#opened.has(key)) this.#opened.set(key, await this.#open(part, reference));
    return this.get(part, reference);
  }

  get(part: FilePart, reference: string): TextPart | MediaPart | undefined {
    const found = this.#opened.get(keyOf(part, reference));
    // `beside` is the part’s own; errors in a text keep the place in its file.
    return found && { ...found, beside: part.beside };
  }

  /** A value, or the value of its file; null after an error. */
  async value(node: SourceNode): Promise<SourceNode> {
    const reference = fileReference(node);
    if (reference === undefined) return node;
    return (await this.#files.value(reference, node.at('file').place)) ?? node.with(null);
  }

  async #open(
    { family, place, beside }: FilePart,
    reference: string,
  ): Promise<TextPart | MediaPart | undefined> {
    if (family === undefined) {
      const read = await this.#files.text(reference, place);
      return read && { kind: 'text', ...read, beside };
    }
    const media = await readMedia(family, reference, place, this.#files, this.#media, this.#report);
    return media && { kind: 'media', media, place, beside };
  }
}

function keyOf({ family, place }: FilePart, reference: string): string {
  return `${family ?? 'text'} ${path.resolve(path.dirname(place.file.absolute), reference)}`;
}
