import type { Method } from './methods.ts';

/** The fields of the API's GenerationConfig. */
export const generationFields: readonly string[] = [
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

/** Fields at the top of a GenerateContentRequest. */
export const requestFields: readonly string[] = [
  'systemInstruction',
  'safetySettings',
  'tools',
  'toolConfig',
  'cachedContent',
  'serviceTier',
  'store',
  'labels',
];

/** Fields of an EmbedContentRequest; since mid-2026 the first three stand in the last, too. */
export const embeddingFields: readonly string[] = [
  'taskType',
  'title',
  'outputDimensionality',
  'embedContentConfig',
];

/** Whether a method's request has a config field. */
export function fieldFits(method: Method, field: string): boolean {
  if (method === 'embedContent' || method === 'batchEmbedContents') return embeddingFields.includes(field);
  if (method === 'models.get' || method === 'models.list') return false;
  return generationFields.includes(field) || requestFields.includes(field);
}
