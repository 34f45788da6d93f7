import type { SourceRange, SourceFile } from '../diagnostics/diagnostic.ts';
import type { Media } from '../gemini/media.ts';
import type { Method } from '../gemini/methods.ts';
import type { PriceOverrides } from '../gemini/prices.ts';
import type { Source, SourceNode } from '../diagnostics/source-node.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import type { Snapshots } from './snapshots.ts';

/**
 * A suite as read, checked, and with its files resolved; templates are still templates.
 * What errors may be about later keeps its place, so that they can name its line.
 */
export interface Suite {
  readonly name: string;
  readonly namePlace: SourceRange;
  readonly description?: string;
  readonly file: SourceFile;
  /** Folder above which no reference may lead. Absolute. */
  readonly root: string;
  /** SHA-256 over the texts and bytes of every file the suite consists of, in path order. */
  readonly digest: () => string;
  /** True if the texts of the suite use only `{{name}}` of the template language. */
  readonly plainTemplates: boolean;
  readonly method?: Method;
  /** `model:`; may contain a template. */
  readonly model?: Located<string>;
  /** `models:`: an axis of the matrix. */
  readonly models?: readonly Located<string>[];
  readonly repeats: number;
  readonly passRate: number;
  /** Names of environment variables that templates may read. */
  readonly env: readonly string[];
  readonly vars: VarMap;
  readonly limits?: Limits;
  /** `prices:` in place of the table's, by model id. */
  readonly prices?: PriceOverrides;
  /** The texts that were approved; absent if none ever was. */
  readonly snapshots?: Snapshots;
  /** The file has `configs:`; otherwise there is one config named "default", which is not part of case ids. */
  readonly configsDeclared: boolean;
  readonly configs: readonly NamedConfig[];
  /** The fields of `defaults:`, to be merged under every config (see {@link NamedConfig.fields}). */
  readonly defaults: SourceNode<JsonObject>;
  readonly prompts: readonly NamedPrompt[];
  /** The files of prompts; those whose path has a template are read while the cases are planned. */
  readonly promptFiles: PartReader;
  readonly assert: readonly AssertionEntry[];
  readonly tests: readonly Test[];
  /** True when `tests:` was omitted and the one test over everything was made. */
  readonly impliedTest: boolean;
}

/** A value with the place it was written at. */
export interface Located<T> {
  readonly value: T;
  readonly place: SourceRange;
}

/** Rate limits for all models, or by model. Requests and input tokens per minute. */
export interface Limits {
  readonly rpm?: number;
  readonly tpm?: number;
  readonly models?: Readonly<Record<string, { readonly rpm?: number; readonly tpm?: number }>>;
}

/** A variable: its value, and for scalars the text it renders as inside longer text (`0123` stays `0123`). */
export interface Variable {
  readonly value: JsonValue;
  readonly text?: string;
  /** False for values from data rows and files: braces in them are text. */
  readonly template: boolean;
  readonly place?: SourceRange;
  /** The place of its name. */
  readonly nameAt?: SourceRange;
  /** The places of the parts of a list or map. */
  readonly parts?: Source['parts'];
}
export type VarMap = ReadonlyMap<string, Variable>;

/** A config: request parameters other than contents, by their API names, flat, as written (templates unrendered). */
export interface NamedConfig {
  readonly name: string;
  readonly place: SourceRange;
  /** generationConfig fields (a pasted `generationConfig` map is already flattened in), systemInstruction, safetySettings, tools, … */
  readonly fields: SourceNode<JsonObject>;
  readonly method?: Method;
  readonly model?: Located<string>;
  readonly extra?: SourceNode<JsonObject>;
}

interface AnyPart {
  readonly place: SourceRange;
  /** Fields of the API’s Part beside its content, such as `videoMetadata`. */
  readonly beside: SourceNode<JsonObject>;
}
/** A text of a prompt: a template unless it came from `raw` or must not be rendered. */
export interface TextPart extends AnyPart {
  readonly kind: 'text';
  readonly text: string;
  readonly template: boolean;
}
export interface MediaPart extends AnyPart {
  readonly kind: 'media';
  readonly media: Media;
}
/** A file whose path is a template: a text, or media of a family. It is read for each case ({@link Suite.promptFiles}). */
export interface FilePart extends AnyPart {
  readonly kind: 'file';
  readonly reference: string;
  readonly family?: 'image' | 'audio' | 'video' | 'pdf';
}
/** `fileUri: …`, with an optional mimeType; both may be templates. */
interface FileUriPart extends AnyPart {
  readonly kind: 'fileUri';
  readonly fileUri: string;
  readonly mimeType?: string;
}
/** An API Part in its own words. Strings in it are templates. */
interface ApiPart {
  readonly kind: 'api';
  readonly part: SourceNode<JsonObject>;
  readonly place: SourceRange;
}

/** Reads the files of a suite's prompts, each once. */
export interface PartReader {
  /** The part that a file gives; undefined after an error. `reference` is the part’s own, rendered. */
  readonly read: (part: FilePart, reference: string) => Promise<TextPart | MediaPart | undefined>;
  /** The same for a file that was read before. */
  readonly get: (part: FilePart, reference: string) => TextPart | MediaPart | undefined;
}
export type PromptPart = TextPart | MediaPart | FilePart | FileUriPart | ApiPart;

/** A chat turn. `parts` is undefined for an empty model turn, where the model answers. */
export interface Turn {
  readonly role: 'user' | 'model' | 'function';
  readonly parts?: readonly PromptPart[];
  readonly place: SourceRange;
}

/** A named template of contents: either parts of one Content without role, or chat turns. */
export interface NamedPrompt {
  readonly name: string;
  readonly place: SourceRange;
  readonly parts?: readonly PromptPart[];
  readonly turns?: readonly Turn[];
}

/** One entry of `assert`, as written (templates unrendered). */
export interface AssertionEntry {
  readonly kind: string;
  readonly args: JsonValue;
  /** The entry as it was written. */
  readonly entry: SourceNode<JsonObject>;
  /** The place of the kind's key. */
  readonly place: SourceRange;
  readonly label?: string;
  /** The turn of a conversation that it judges, counted from 1; absent: the last. */
  readonly turn?: number | 'all';
  readonly severity: 'error' | 'warn';
  readonly guardrail: boolean;
}

/** One record of a test's data. */
export interface Row {
  readonly values: VarMap;
  /** The row's own `assert`. */
  readonly assert: readonly AssertionEntry[];
  /** `data/objects.csv:17`, for messages; with a place where the file's text is at hand. */
  readonly origin: string;
  readonly place?: SourceRange | undefined;
}

export interface Test {
  readonly name: string;
  readonly place: SourceRange;
  readonly tags: readonly string[];
  /** Names chosen by the test, each with its place; absent: all. */
  readonly prompts?: readonly Located<string>[];
  readonly configs?: readonly Located<string>[];
  readonly method?: Method;
  readonly model?: Located<string>;
  readonly models?: readonly Located<string>[];
  readonly vars: VarMap;
  /** Present with `data`: the rows, in order. Re-iterable; CSV and JSONL are read as streams each time. */
  readonly rows?: () => AsyncIterable<Row>;
  /** The place of `data`. */
  readonly dataAt?: SourceRange;
  /** The `row:` template that names rows. */
  readonly rowName?: Located<string>;
  readonly skip?: string;
  readonly inherit: boolean;
  readonly repeats?: number;
  readonly passRate?: number;
  readonly extra?: SourceNode<JsonObject>;
  readonly assert: readonly AssertionEntry[];
}
