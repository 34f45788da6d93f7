/** Counts tokens: a text by its words, numbers and signs; pictures, sound and video by their size. */
import type { JsonValue } from '../lib/json.ts';
import type { Blob, Content, GenerateRequest, Part } from './request.ts';

/** Tokens by modality, in the order of the request. */
export type Modalities = Map<string, number>;

const token = / ?(?:[\p{L}\p{M}'’]{1,12}|\p{N}{1,3}|[^\s\p{L}\p{M}\p{N}]{1,2})|\s+/gu;

/** The tokens of a text; joined, they are the text. */
export function tokenize(text: string): string[] {
  return text.match(token) ?? [];
}

/** How many tokens a text has. */
export function countText(text: string): number {
  let count = 0;
  token.lastIndex = 0;
  while (token.test(text)) count++;
  return count;
}

/** How many tokens a value has as JSON. */
export function countJson(value: JsonValue | object | undefined): number {
  return value === undefined ? 0 : countText(JSON.stringify(value));
}

/** The first `most` tokens of a text. */
export function firstTokens(text: string, most: number): string {
  token.lastIndex = 0;
  for (let count = 0; count < most; count++) if (!token.test(text)) return text;
  const end = token.lastIndex;
  token.lastIndex = 0;
  return text.slice(0, end);
}

const imageTokens: Record<string, number> = {
  MEDIA_RESOLUTION_LOW: 64,
  MEDIA_RESOLUTION_MEDIUM: 256,
  MEDIA_RESOLUTION_HIGH: 1120,
  MEDIA_RESOLUTION_ULTRA_HIGH: 2240,
};
/** Tokens a second, and the bytes a second that are assumed, since the length is unknown. */
const audio = { tokens: 32, bytes: 16_000 };
const video = { tokens: 263, bytes: 250_000 };

/** The modality of a media type; undefined for one that no model accepts. */
export function modalityOf(mimeType: string): string | undefined {
  if (mimeType.startsWith('image/')) return 'IMAGE';
  if (mimeType.startsWith('audio/')) return 'AUDIO';
  if (mimeType.startsWith('video/')) return 'VIDEO';
  if (mimeType === 'application/pdf') return 'DOCUMENT';
  return /^text\/|^application\/(?:json|xml|rtf|x-javascript|x-python|x-typescript)$/.test(mimeType)
    ? 'TEXT'
    : undefined;
}

/** Whether a media type is that of an office document. */
export function isOffice(mimeType: string): boolean {
  return /^application\/(?:msword|vnd\.ms-(?:excel|powerpoint)|vnd\.openxmlformats-officedocument\.(?:wordprocessingml\.(?:document|template)|presentationml\.presentation|spreadsheetml\.sheet)|vnd\.oasis\.opendocument\.(?:text|presentation|spreadsheet))$/.test(
    mimeType,
  );
}

function countMedia({ mimeType = '', data = '' }: Blob, resolution: string | undefined): [string, number] {
  const modality = modalityOf(mimeType) ?? (isOffice(mimeType) ? 'DOCUMENT' : 'TEXT');
  const bytes = Buffer.byteLength(data, 'base64');
  const byLength = (rate: typeof audio): number => Math.max(1, Math.ceil(bytes / rate.bytes)) * rate.tokens;
  if (modality === 'IMAGE') return [modality, imageTokens[resolution ?? ''] ?? 258];
  if (modality === 'AUDIO') return [modality, byLength(audio)];
  if (modality === 'VIDEO') return [modality, byLength(video)];
  const read = Buffer.from(data, 'base64');
  if (modality === 'DOCUMENT')
    return [modality, 258 * Math.max(1, read.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0)];
  return [modality, countText(read.toString('utf8'))];
}

function countPart(part: Part, resolution: string | undefined, sum: Modalities): void {
  const add = (modality: string, tokens: number): void =>
    void sum.set(modality, (sum.get(modality) ?? 0) + tokens);
  const own = part.mediaResolution?.level ?? resolution;
  if (part.text !== undefined) add('TEXT', countText(part.text));
  else if (part.inlineData) add(...countMedia(part.inlineData, own));
  else if (part.fileData) add(...countMedia({ mimeType: part.fileData.mimeType ?? 'video/mp4' }, own));
  else if (part.functionResponse) {
    const { parts = [], ...rest } = part.functionResponse;
    add('TEXT', countJson(rest));
    for (const each of parts) if (each.inlineData) add(...countMedia(each.inlineData, own));
  } else
    add(
      'TEXT',
      countJson(
        part.functionCall ??
          part.executableCode ??
          part.codeExecutionResult ??
          part.toolCall ??
          part.toolResponse,
      ),
    );
}

/** The tokens of contents alone. */
export function countContents(
  contents: readonly Content[] | undefined,
  resolution?: string,
  sum: Modalities = new Map(),
): Modalities {
  for (const { parts = [] } of contents ?? []) for (const part of parts) countPart(part, resolution, sum);
  return sum;
}

/** The tokens of a prompt: system instruction, tools and contents. */
export function countPrompt(request: GenerateRequest): Modalities {
  const sum: Modalities = new Map();
  if (request.systemInstruction) countContents([request.systemInstruction], undefined, sum);
  if (request.tools?.length) sum.set('TEXT', (sum.get('TEXT') ?? 0) + countJson(request.tools));
  return countContents(request.contents, request.generationConfig?.mediaResolution, sum);
}

/** The sum over the modalities. */
export function totalOf(sum: Modalities): number {
  let total = 0;
  for (const tokens of sum.values()) total += tokens;
  return total;
}

/** The counts in the form of `promptTokensDetails`. */
export function detailsOf(sum: Modalities): { modality: string; tokenCount: number }[] {
  return [...sum].map(([modality, tokenCount]) => ({ modality, tokenCount }));
}
