/** Refuses a generateContent request that reads well and breaks a rule of the API or of its model. */
import { ApiFailure, broken, invalid } from './fail.ts';
import { checkConfig } from './check-config.ts';
import { checkTools } from './check-tools.ts';
import { checkTurns } from './check-turns.ts';
import type { EmulatedModel } from './models.ts';
import type { Content, GenerateRequest, Part } from './request.ts';
import { countPrompt, modalityOf, totalOf, type Modalities } from './tokens.ts';

const data = [
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
] as const;
const roles = [undefined, '', 'user', 'model', 'function'];
const rated =
  /^HARM_CATEGORY_(?:HARASSMENT|HATE_SPEECH|SEXUALLY_EXPLICIT|DANGEROUS_CONTENT|CIVIC_INTEGRITY|JAILBREAK)$/;

/** The tokens of the prompt of a request that may be answered; throws the failure of one that may not. */
export function checkGenerate(request: GenerateRequest, model: EmulatedModel): Modalities {
  const { contents = [], systemInstruction, cachedContent } = request;
  checkContents(contents, 'GenerateContentRequest');
  if (systemInstruction) checkContent(systemInstruction, 'GenerateContentRequest.system_instruction');
  checkSafety(request);
  checkConfig(request.generationConfig ?? {}, model);
  checkTools(request);
  checkTurns(contents, model);
  if (cachedContent !== undefined && cachedContent !== '')
    throw new ApiFailure(403, 'PERMISSION_DENIED', 'CachedContent not found (or permission denied)');
  const sum = countPrompt(request);
  const total = totalOf(sum);
  if (total > model.input)
    throw invalid(
      `The input token count (${total}) exceeds the maximum number of tokens allowed (${model.input}).`,
    );
  return sum;
}

/** Refuses contents without turns, turns without parts, and parts without data; `message` names the request. */
export function checkContents(contents: readonly Content[], message: string): void {
  if (contents.length === 0) throw broken(`${message}.contents`, 'contents is not specified');
  const empty: string[] = [];
  for (const [index, content] of contents.entries()) {
    if (!roles.includes(content.role)) throw invalid('Please use a valid role: user, model.');
    empty.push(...emptyParts(content, `${message}.contents[${index}]`));
  }
  if (empty.length > 0) throw invalid(empty.join(''));
  for (const { parts = [] } of contents) for (const part of parts) checkMedia(part);
}

/** Refuses one content without parts or with an empty part; `path` names it. */
export function checkContent(content: Content, path: string): void {
  const empty = emptyParts(content, path);
  if (empty.length > 0) throw invalid(empty.join(''));
}

function emptyParts({ parts = [] }: Content, path: string): string[] {
  if (parts.length === 0) return [`* ${path}.parts: contents.parts must not be empty.\n`];
  return parts.flatMap((part, index) =>
    data.some((field) => part[field] !== undefined)
      ? []
      : [`* ${path}.parts[${index}].data: required oneof field 'data' must have one initialized field\n`],
  );
}

function checkMedia({ inlineData, fileData, videoMetadata }: Part): void {
  const { fps = 1 } = videoMetadata ?? {};
  if (!(fps > 0 && fps <= 24)) throw invalid('The fps of a video must be in the range (0.0, 24.0].');
  if (inlineData && modalityOf(inlineData.mimeType ?? '') === undefined)
    throw invalid(`Unsupported MIME type: ${inlineData.mimeType ?? ''}`);
  const file = /\/files\/([^/?#:]+)|^files\/([^/?#:]+)/.exec(fileData?.fileUri ?? '');
  // The emulator keeps no files, so none of the Files API's can exist.
  if (file)
    throw new ApiFailure(
      403,
      'PERMISSION_DENIED',
      `You do not have permission to access the File ${file[1] ?? file[2] ?? ''} or it may not exist.`,
    );
}

function checkSafety({ safetySettings = [] }: GenerateRequest): void {
  const seen = new Set<string>();
  for (const [index, { category = 'HARM_CATEGORY_UNSPECIFIED' }] of safetySettings.entries()) {
    const path = `GenerateContentRequest.safety_settings`;
    if (!rated.test(category))
      throw broken(`${path}[${index}].category`, `${category} is no category of Gemini models`);
    if (seen.has(category)) throw broken(path, `${category} is set more than once`);
    seen.add(category);
  }
}
