import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { invalid } from './fail.ts';

const generationConfig = [
  'temperature',
  'topP',
  'topK',
  'maxOutputTokens',
  'stopSequences',
  'candidateCount',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  '_responseJsonSchema',
  'responseFormat',
  'responseLogprobs',
  'logprobs',
  'responseModalities',
  'mediaResolution',
  'thinkingConfig',
  'speechConfig',
  'imageConfig',
  'audioTranscriptionConfig',
  'enableAffectiveDialog',
  'enableEnhancedCivicAnswers',
  'translationConfig',
];
const part = [
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
  'thought',
  'thoughtSignature',
  'videoMetadata',
  'mediaResolution',
  'partMetadata',
];
const request = [
  'contents',
  'systemInstruction',
  'tools',
  'toolConfig',
  'safetySettings',
  'generationConfig',
  'cachedContent',
  'model',
  'serviceTier',
  'store',
  'labels',
  'continuationToken',
];
const categories = [
  'UNSPECIFIED',
  'DEROGATORY',
  'TOXICITY',
  'VIOLENCE',
  'SEXUAL',
  'MEDICAL',
  'DANGEROUS',
  'HARASSMENT',
  'HATE_SPEECH',
  'SEXUALLY_EXPLICIT',
  'DANGEROUS_CONTENT',
  'CIVIC_INTEGRITY',
  'JAILBREAK',
].map((name) => `HARM_CATEGORY_${name}`);
const thresholds = [
  'HARM_BLOCK_THRESHOLD_UNSPECIFIED',
  'BLOCK_LOW_AND_ABOVE',
  'BLOCK_MEDIUM_AND_ABOVE',
  'BLOCK_ONLY_HIGH',
  'BLOCK_NONE',
  'OFF',
];

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (name: string): string =>
  name.startsWith('_') ? name : name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Renames a message's fields to camelCase and refuses unknown ones, as the API's JSON reader does. */
function message(value: JsonValue | undefined, fields: readonly string[], path: string): JsonObject {
  if (!isObject(value)) throw invalid(`Invalid value at '${path}', ${JSON.stringify(value)}`, [path]);
  const read: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) {
    const known = camel(name);
    if (!fields.includes(known)) {
      throw invalid(
        `Invalid JSON payload received. Unknown name ${JSON.stringify(name)}${path === '' ? '' : ` at '${path}'`}: Cannot find field.`,
        [path],
      );
    }
    read[known] = inner;
  }
  return read;
}

const list = (value: JsonValue | undefined): JsonValue[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function content(value: JsonValue | undefined, path: string, name: string): JsonObject {
  const read = message(value, ['role', 'parts'], path);
  const parts = list(read.parts);
  if (parts.length === 0) throw invalid(`* ${name}.parts: contents.parts must not be empty.\n`);
  read.parts = parts.map((each, index) => {
    const at = `${path}.parts[${index}]`;
    const fields = message(each, part, at);
    if (isObject(fields.inlineData))
      fields.inlineData = message(fields.inlineData, ['mimeType', 'data'], `${at}.inline_data`);
    if (isObject(fields.fileData))
      fields.fileData = message(fields.fileData, ['mimeType', 'fileUri'], `${at}.file_data`);
    if (!Object.keys(fields).some((field) => field !== 'thought' && field !== 'thoughtSignature'))
      throw invalid(
        `* ${name}.parts[${index}].data: required oneof field 'data' must have one initialized field\n`,
      );
    return fields;
  });
  return read;
}

function enumValue(
  value: JsonValue | undefined,
  names: readonly string[],
  path: string,
  type: string,
): string {
  const name = typeof value === 'number' ? names[value] : value;
  if (typeof name === 'string' && names.includes(name)) return name;
  throw invalid(
    `Invalid value at '${path}' (type.googleapis.com/google.ai.generativelanguage.v1beta.${type}), ${JSON.stringify(value)}`,
    [path],
  );
}

/** Reads a GenerateContentRequest; `path` is where it stands in the body. */
export function readGenerate(value: JsonValue | undefined, path = ''): JsonObject {
  const read = message(value, request, path);
  const contents = list(read.contents);
  if (contents.length === 0) throw invalid('* GenerateContentRequest.contents: contents is not specified\n');
  read.contents = contents.map((each, index) =>
    content(each, join(path, `contents[${index}]`), `GenerateContentRequest.contents[${index}]`),
  );
  if (read.systemInstruction !== undefined)
    read.systemInstruction = content(
      read.systemInstruction,
      join(path, 'system_instruction'),
      'GenerateContentRequest.system_instruction',
    );
  if (read.generationConfig !== undefined) {
    const at = join(path, 'generation_config');
    const config = message(read.generationConfig, generationConfig, at);
    for (const field of ['temperature', 'topP', 'topK', 'maxOutputTokens', 'candidateCount', 'seed']) {
      const given = config[field];
      if (given !== undefined && typeof given !== 'number')
        throw invalid(`Invalid value at '${at}.${snake(field)}' (TYPE_FLOAT), ${JSON.stringify(given)}`, [
          `${at}.${snake(field)}`,
        ]);
    }
    read.generationConfig = config;
  }
  read.safetySettings = list(read.safetySettings).map((each, index) => {
    const at = join(path, `safety_settings[${index}]`);
    const setting = message(each, ['category', 'threshold'], at);
    return {
      category: enumValue(setting.category, categories, `${at}.category`, 'HarmCategory'),
      threshold: enumValue(
        setting.threshold,
        thresholds,
        `${at}.threshold`,
        'SafetySetting.HarmBlockThreshold',
      ),
    };
  });
  read.tools = list(read.tools);
  return read;
}

/** Reads a CountTokensRequest: the contents that are counted. */
export function readCount(value: JsonValue): JsonObject {
  const read = message(value, ['contents', 'generateContentRequest', 'model'], '');
  if (read.generateContentRequest !== undefined)
    return readGenerate(read.generateContentRequest, 'generate_content_request');
  return readGenerate({ contents: read.contents ?? [] });
}

/** Reads an EmbedContentRequest. */
export function readEmbed(value: JsonValue | undefined, path = ''): { text: string; dimensions?: number } {
  const read = message(
    value,
    ['model', 'content', 'taskType', 'title', 'outputDimensionality', 'embedContentConfig'],
    path,
  );
  const { parts } = content(read.content, join(path, 'content'), 'EmbedContentRequest.content');
  const size = read.outputDimensionality;
  return { text: textOf(parts), ...(typeof size === 'number' ? { dimensions: size } : {}) };
}

/** The texts of parts, joined. */
export function textOf(parts: JsonValue | undefined): string {
  return list(parts)
    .map((each) => (isObject(each) && typeof each.text === 'string' ? each.text : ''))
    .join('');
}
