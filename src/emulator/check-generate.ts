/** Refuses a generateContent request that reads well and breaks a rule of the API or of its model. */
import { ApiFailure, broken, invalid, refuseAll, type Slip } from './fail.ts';
import { checkConfig } from './check-config.ts';
import { checkTools } from './check-tools.ts';
import { checkTurns } from './check-turns.ts';
import type { EmulatedModel } from './models.ts';
import type { Content, GenerateRequest, Part } from './request.ts';
import { countPrompt, isOffice, modalityOf, totalOf, type Modalities } from './tokens.ts';

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
/** In the order in which the service tells them. */
const rated = ['HATE_SPEECH', 'SEXUALLY_EXPLICIT', 'DANGEROUS_CONTENT', 'HARASSMENT', 'CIVIC_INTEGRITY'].map(
  (name) => `HARM_CATEGORY_${name}`,
);
/** In the API's list since 2026; the service's words for a bad category were seen without it. */
const newer = 'HARM_CATEGORY_JAILBREAK';

/** The tokens of the prompt of a request that may be answered; throws the failure of one that may not. */
export function checkGenerate(request: GenerateRequest, model: EmulatedModel): Modalities {
  const { contents = [], systemInstruction, cachedContent } = request;
  checkContents(contents, 'GenerateContentRequest', model);
  if (systemInstruction) checkContent(systemInstruction, 'GenerateContentRequest.system_instruction');
  checkSafety(request);
  checkConfig(request.generationConfig ?? {}, model);
  checkTools(request, model);
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
export function checkContents(contents: readonly Content[], message: string, model: EmulatedModel): void {
  if (contents.length === 0) throw broken(`${message}.contents`, 'contents is not specified');
  const slips: Slip[] = [];
  for (const [index, content] of contents.entries()) {
    if (!roles.includes(content.role)) throw invalid('Please use a valid role: user, model.');
    slips.push(...partSlips(content, `${message}.contents[${index}]`));
  }
  refuseAll(slips);
  for (const { parts = [] } of contents) for (const part of parts) checkMedia(part, model);
}

/** Refuses one content without parts or with an empty part; `path` names it. */
export function checkContent(content: Content, path: string): void {
  refuseAll(partSlips(content, path));
}

function partSlips({ parts = [] }: Content, path: string): Slip[] {
  if (parts.length === 0) return [[`${path}.parts`, 'contents.parts must not be empty.']];
  return parts.flatMap((part, index): Slip[] => {
    const at = `${path}.parts[${index}]`;
    if (!data.some((field) => part[field] !== undefined))
      return [[`${at}.data`, "required oneof field 'data' must have one initialized field"]];
    const { functionCall, functionResponse } = part;
    if (functionCall && !functionCall.name) return [[`${at}.function_call.name`, 'Name cannot be empty.']];
    return functionResponse && !functionResponse.name
      ? [[`${at}.function_response.name`, 'Name cannot be empty.']]
      : [];
  });
}

function checkMedia({ inlineData, fileData, videoMetadata }: Part, { readsOffice }: EmulatedModel): void {
  const { fps = 1 } = videoMetadata ?? {};
  if (!(fps > 0 && fps <= 24)) throw invalid('The fps of a video must be in the range (0.0, 24.0].');
  const { mimeType = '' } = inlineData ?? {};
  if (inlineData && modalityOf(mimeType) === undefined && !(readsOffice && isOffice(mimeType)))
    throw invalid(`Unsupported MIME type: ${mimeType}`);
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
  const path = 'GenerateContentRequest.safety_settings';
  const categories = safetySettings.map(({ category = 'HARM_CATEGORY_UNSPECIFIED' }) => category);
  const known = rated.map((name) => `HarmCategory.${name}`).join(', ');
  refuseAll(
    categories.flatMap((category, index): Slip[] =>
      rated.includes(category) || category === newer
        ? []
        : [[`${path}[${index}]`, `element predicate failed: $.category in (${known})`]],
    ),
  );
  const twice = categories.find((category, index) => categories.indexOf(category) !== index);
  if (twice !== undefined) throw broken(path, `${twice} is set more than once`);
}
