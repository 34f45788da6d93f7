import { ownValue } from '../lib/json.ts';
import type { EnumName } from './enums.ts';

/**
 * The type of a field: unknown, a text (one, or a list of them), a message (one, or a list of them), a
 * map of messages, or an enum.
 */
export type FieldType =
  | null
  | { readonly text: 'one' | 'list' }
  | { readonly message: string; readonly map?: true }
  | { readonly enum: EnumName };

type Fields = Readonly<Record<string, FieldType>>;

const plain = (names: string): Fields =>
  Object.fromEntries(names.split(' ').map((name): [string, FieldType] => [name, null]));
const of = (message: string): FieldType => ({ message });
const texts = (names: string): Fields =>
  Object.fromEntries(names.split(' ').map((name): [string, FieldType] => [name, { text: 'one' }]));

/**
 * The messages of a request that a suite writes in the API's own words (Google's description of 2025-12-18 and what was
 * seen since): their fields, and which of those hold further messages or enums. They grow as enums do.
 */
export const messages: Readonly<Record<string, Fields>> = {
  Content: { ...texts('role'), parts: of('Part') },
  Part: {
    ...texts('text thoughtSignature'),
    ...plain('thought partMetadata audioTranscription'),
    inlineData: of('Blob'),
    fileData: of('FileData'),
    functionCall: of('FunctionCall'),
    functionResponse: of('FunctionResponse'),
    executableCode: of('ExecutableCode'),
    codeExecutionResult: of('CodeExecutionResult'),
    toolCall: of('ToolCall'),
    toolResponse: of('ToolResponse'),
    videoMetadata: of('VideoMetadata'),
    mediaResolution: of('MediaResolution'),
    mediaProcessing: { enum: 'mediaProcessing' },
    speechMetadata: of('SpeechMetadata'),
  },
  SpeechMetadata: texts('speaker style'),
  Blob: texts('mimeType data'),
  FileData: texts('mimeType fileUri'),
  FunctionCall: { ...texts('id name'), args: null },
  FunctionResponse: {
    ...texts('id name'),
    ...plain('response willContinue'),
    parts: of('FunctionResponsePart'),
    scheduling: { enum: 'functionScheduling' },
  },
  FunctionResponsePart: { inlineData: of('Blob') },
  ExecutableCode: { ...texts('id code'), language: { enum: 'codeLanguage' } },
  CodeExecutionResult: { ...texts('id output'), outcome: { enum: 'codeOutcome' } },
  VideoMetadata: { ...texts('startOffset endOffset'), fps: null },
  MediaResolution: { level: { enum: 'partMediaResolution' } },
  ToolCall: { ...texts('id toolName'), toolType: { enum: 'toolType' }, args: null },
  ToolResponse: { ...texts('id'), toolType: { enum: 'toolType' }, response: null },
  Tool: {
    functionDeclarations: of('FunctionDeclaration'),
    googleSearch: of('GoogleSearch'),
    googleSearchRetrieval: of('GoogleSearchRetrieval'),
    codeExecution: of('CodeExecution'),
    urlContext: of('UrlContext'),
    googleMaps: of('GoogleMaps'),
    fileSearch: of('FileSearch'),
    computerUse: of('ComputerUse'),
    mcpServers: of('McpServer'),
  },
  FunctionDeclaration: {
    ...texts('name description'),
    ...plain('parametersJsonSchema responseJsonSchema'),
    parameters: of('Schema'),
    response: of('Schema'),
    behavior: { enum: 'functionBehavior' },
  },
  Schema: {
    ...plain('format title description nullable enum minItems maxItems required minProperties maxProperties'),
    ...plain('minLength maxLength minimum maximum pattern example default propertyOrdering'),
    type: { enum: 'schemaType' },
    items: of('Schema'),
    anyOf: of('Schema'),
    properties: { message: 'Schema', map: true },
  },
  GoogleSearch: { timeRangeFilter: of('Interval'), searchTypes: of('SearchTypes') },
  Interval: plain('startTime endTime'),
  SearchTypes: plain('webSearch imageSearch'),
  GoogleSearchRetrieval: { dynamicRetrievalConfig: of('DynamicRetrievalConfig') },
  DynamicRetrievalConfig: { mode: { enum: 'dynamicRetrievalMode' }, dynamicThreshold: null },
  CodeExecution: {},
  UrlContext: {},
  GoogleMaps: plain('enableWidget'),
  FileSearch: plain('fileSearchStoreNames topK metadataFilter'),
  ComputerUse: {
    environment: { enum: 'computerEnvironment' },
    ...plain('excludedPredefinedFunctions enablePromptInjectionDetection'),
    disabledSafetyPolicies: { enum: 'computerPolicy' },
  },
  McpServer: { name: null, streamableHttpTransport: of('StreamableHttpTransport') },
  StreamableHttpTransport: plain('url headers timeout sseReadTimeout terminateOnClose'),
  ToolConfig: {
    functionCallingConfig: of('FunctionCallingConfig'),
    retrievalConfig: of('RetrievalConfig'),
    includeServerSideToolInvocations: null,
  },
  FunctionCallingConfig: { mode: { enum: 'functionCallingMode' }, allowedFunctionNames: { text: 'list' } },
  RetrievalConfig: { latLng: of('LatLng'), ...texts('languageCode') },
  LatLng: plain('latitude longitude'),
  SafetySetting: { category: { enum: 'harmCategory' }, threshold: { enum: 'harmThreshold' } },
  ThinkingConfig: { ...plain('includeThoughts thinkingBudget'), thinkingLevel: { enum: 'thinkingLevel' } },
  EmbedContentConfig: {
    ...plain('outputDimensionality autoTruncate documentOcr audioTrackExtraction'),
    ...texts('title'),
    taskType: { enum: 'taskType' },
  },
  SpeechConfig: {
    voiceConfig: of('VoiceConfig'),
    multiSpeakerVoiceConfig: of('MultiSpeakerVoiceConfig'),
    ...texts('languageCode'),
  },
  VoiceConfig: { prebuiltVoiceConfig: of('PrebuiltVoiceConfig'), ...texts('voice') },
  PrebuiltVoiceConfig: texts('voiceName'),
  MultiSpeakerVoiceConfig: { speakerVoiceConfigs: of('SpeakerVoiceConfig') },
  SpeakerVoiceConfig: { ...texts('speaker'), voiceConfig: of('VoiceConfig') },
  ResponseFormatConfig: { text: of('TextFormat'), ...plain('audio image video') },
  TextFormat: { ...texts('mimeType'), ...plain('schema') },
  TranslationConfig: { ...texts('targetLanguageCode'), ...plain('echoTargetLanguage') },
};

/** The fields of a config that are such messages. */
export const messageFields: Readonly<Record<string, string>> = {
  systemInstruction: 'Content',
  tools: 'Tool',
  toolConfig: 'ToolConfig',
  safetySettings: 'SafetySetting',
  thinkingConfig: 'ThinkingConfig',
  embedContentConfig: 'EmbedContentConfig',
  responseSchema: 'Schema',
  speechConfig: 'SpeechConfig',
  responseFormat: 'ResponseFormatConfig',
  translationConfig: 'TranslationConfig',
};

/** The fields of a config that are enums, or lists of them. */
export const enumFields: Readonly<Record<string, EnumName>> = {
  mediaResolution: 'mediaResolution',
  responseMimeType: 'responseMimeType',
  responseModalities: 'responseModality',
  serviceTier: 'serviceTier',
  taskType: 'taskType',
};

/** The type of a field by its name in either spelling, undefined where the message is not known to have it. */
export function fieldType(message: string, name: string): FieldType | undefined {
  const camel = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return ownValue(messages[message] ?? {}, camel);
}

/** A name in both spellings that the API reads. */
export function bothSpellings(name: string): readonly string[] {
  return [...new Set([name, name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)])];
}
