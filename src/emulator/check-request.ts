/** Refuses a request whose fields can be read and that breaks a rule of the API or of its model. */
import { ApiError, invalidField, invalid, throwAll, type FieldError } from './errors.ts';
import { checkConfig } from './check-config.ts';
import { checkTools, checkTurns } from './check-tools.ts';
import type { Model } from './models.ts';
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
/** In the order of the service's error message. */
const rated = ['HATE_SPEECH', 'SEXUALLY_EXPLICIT', 'DANGEROUS_CONTENT', 'HARASSMENT', 'CIVIC_INTEGRITY'].map(
  (name) => `HARM_CATEGORY_${name}`,
);
/** Known since 2026; the service's error message does not list it. */
const newer = 'HARM_CATEGORY_JAILBREAK';

/** Checks a request to generate and returns the tokens of its prompt; throws the API's error. */
export function checkGenerate(request: GenerateRequest, model: Model): Modalities {
  const { contents = [], systemInstruction, cachedContent } = request;
  checkContents(contents, 'GenerateContentRequest', model);
  if (systemInstruction) checkContent(systemInstruction, 'GenerateContentRequest.system_instruction');
  checkSafety(request);
  checkConfig(request.generationConfig ?? {}, model);
  checkTools(request, model);
  checkTurns(contents, model);
  if (cachedContent !== undefined && cachedContent !== '')
    throw new ApiError(403, 'PERMISSION_DENIED', 'CachedContent not found (or permission denied)');
  const sum = countPrompt(request);
  const total = totalOf(sum);
  if (total > model.input)
    throw invalid(
      `The input token count (${total}) exceeds the maximum number of tokens allowed (${model.input}).`,
    );
  return sum;
}

/** Refuses contents without turns, turns without parts, and parts without data; `message` names the request. */
export function checkContents(contents: readonly Content[], message: string, model: Model): void {
  if (contents.length === 0) throw invalidField(`${message}.contents`, 'contents is not specified');
  const errors: FieldError[] = [];
  for (const [index, content] of contents.entries()) {
    if (!roles.includes(content.role)) throw invalid('Please use a valid role: user, model.');
    errors.push(...partErrors(content, `${message}.contents[${index}]`));
  }
  throwAll(errors);
  for (const { parts = [] } of contents) for (const part of parts) checkMedia(part, model);
}

/** Refuses one content without parts or with an empty part; `path` names it. */
export function checkContent(content: Content, path: string): void {
  throwAll(partErrors(content, path));
}

function partErrors({ parts = [] }: Content, path: string): FieldError[] {
  if (parts.length === 0) return [[`${path}.parts`, 'contents.parts must not be empty.']];
  return parts.flatMap((part, index): FieldError[] => {
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

function checkMedia({ inlineData, fileData, videoMetadata }: Part, { readsOffice }: Model): void {
  const { fps = 1 } = videoMetadata ?? {};
  if (!(fps > 0 && fps <= 24)) throw invalid('The fps of a video must be in the range (0.0, 24.0].');
  const { mimeType = '' } = inlineData ?? {};
  if (inlineData && modalityOf(mimeType) === undefined && !(readsOffice && isOffice(mimeType)))
    throw invalid(`Unsupported MIME type: ${mimeType}`);
  const file = /\/files\/([^/?#:]+)|^files\/([^/?#:]+)/.exec(fileData?.fileUri ?? '');
  // The emulator keeps no files, so no file of the Files API exists.
  if (file)
    throw new ApiError(
      403,
      'PERMISSION_DENIED',
      `You do not have permission to access the File ${file[1] ?? file[2] ?? ''} or it may not exist.`,
    );
}

function checkSafety({ safetySettings = [] }: GenerateRequest): void {
  const path = 'GenerateContentRequest.safety_settings';
  const categories = safetySettings.map(({ category = 'HARM_CATEGORY_UNSPECIFIED' }) => category);
  const known = rated.map((name) => `HarmCategory.${name}`).join(', ');
  throwAll(
    categories.flatMap((category, index): FieldError[] =>
      rated.includes(category) || category === newer
        ? []
        : [[`${path}[${index}]`, `element predicate failed: $.category in (${known})`]],
    ),
  );
  const twice = categories.find((category, index) => categories.indexOf(category) !== index);
  if (twice !== undefined) throw invalidField(path, `${twice} is set more than once`);
}
