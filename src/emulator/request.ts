/** The types of the API's request messages; every field may be missing. */
import type { JsonObject, JsonValue } from '../lib/json.ts';

export interface Blob {
  readonly mimeType?: string;
  readonly data?: string;
}

export interface FunctionCall {
  readonly id?: string;
  readonly name?: string;
  readonly args?: JsonObject;
}

export interface FunctionResponse {
  readonly id?: string;
  readonly name?: string;
  readonly response?: JsonObject;
  readonly parts?: readonly { readonly inlineData?: Blob }[];
}

export interface Part {
  readonly text?: string;
  readonly inlineData?: Blob;
  readonly fileData?: { readonly mimeType?: string; readonly fileUri?: string };
  readonly functionCall?: FunctionCall;
  readonly functionResponse?: FunctionResponse;
  readonly executableCode?: JsonObject;
  readonly codeExecutionResult?: JsonObject;
  readonly toolCall?: JsonObject;
  readonly toolResponse?: JsonObject;
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
  readonly mediaResolution?: { readonly level?: string };
  readonly videoMetadata?: { readonly fps?: number };
}

export interface Content {
  readonly role?: string;
  readonly parts?: readonly Part[];
}

export interface FunctionDeclaration {
  readonly name?: string;
  readonly description?: string;
  readonly parameters?: JsonObject;
  readonly parametersJsonSchema?: JsonValue;
  readonly response?: JsonObject;
  readonly responseJsonSchema?: JsonValue;
}

interface Tool {
  readonly functionDeclarations?: readonly FunctionDeclaration[];
  readonly codeExecution?: JsonObject;
  readonly computerUse?: { readonly excludedPredefinedFunctions?: readonly string[] };
}

export interface ThinkingConfig {
  readonly includeThoughts?: boolean;
  readonly thinkingBudget?: number;
  readonly thinkingLevel?: string;
}

export interface GenerationConfig {
  readonly candidateCount?: number;
  readonly stopSequences?: readonly string[];
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly seed?: number;
  readonly responseMimeType?: string;
  readonly responseSchema?: JsonObject;
  readonly responseJsonSchema?: JsonValue;
  readonly _responseJsonSchema?: JsonValue;
  readonly responseFormat?: { readonly text?: { readonly mimeType?: string; readonly schema?: JsonValue } };
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly responseLogprobs?: boolean;
  readonly logprobs?: number;
  readonly responseModalities?: readonly string[];
  readonly mediaResolution?: string;
  readonly thinkingConfig?: ThinkingConfig;
}

export interface GenerateRequest {
  readonly contents?: readonly Content[];
  readonly systemInstruction?: Content;
  readonly tools?: readonly Tool[];
  readonly toolConfig?: {
    readonly functionCallingConfig?: {
      readonly mode?: string;
      readonly allowedFunctionNames?: readonly string[];
    };
    readonly includeServerSideToolInvocations?: boolean;
  };
  readonly safetySettings?: readonly { readonly category?: string; readonly threshold?: string }[];
  readonly generationConfig?: GenerationConfig;
  readonly cachedContent?: string;
  readonly serviceTier?: string;
}

export interface CountRequest {
  readonly contents?: readonly Content[];
  readonly generateContentRequest?: GenerateRequest;
}

interface EmbedFields {
  readonly taskType?: string;
  readonly title?: string;
  readonly outputDimensionality?: number;
  readonly autoTruncate?: boolean;
}

export interface EmbedRequest extends EmbedFields {
  readonly model?: string;
  readonly content?: Content;
  readonly embedContentConfig?: EmbedFields;
}

export interface BatchEmbedRequest {
  readonly requests?: readonly EmbedRequest[];
}

/** The visible text of parts, joined; a function response counts as its JSON. */
export function textOf(parts: readonly Part[] | undefined): string {
  return (parts ?? [])
    .map(({ text, thought, functionResponse }) => {
      if (functionResponse)
        return `${functionResponse.name ?? ''} ${JSON.stringify(functionResponse.response ?? {})}`;
      return thought ? '' : (text ?? '');
    })
    .join('');
}

/** The text of the last turn, which scripts call the prompt. */
export function lastText(contents: readonly Content[] | undefined): string {
  return textOf(contents?.at(-1)?.parts);
}
