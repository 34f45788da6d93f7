import { enums } from '../../gemini/enums.ts';
import { methods } from '../../gemini/methods.ts';
import type { JsonObject } from '../../lib/json.ts';
import {
  anything,
  apiEnum,
  byType,
  choice,
  flag,
  list,
  literal,
  mapOf,
  number,
  object,
  optional,
  reference,
  text,
  type Doc,
  type Shape,
} from '../../shape/shape.ts';

const nothing: Shape<null> = { schema: {} };
const or = <T>(shape: Shape<T>, type: 'text' | 'map' | 'list', doc: Doc): Shape<T> =>
  byType({ [type]: shape, none: nothing }, doc) as Shape<T>;
const nullable = (shape: Shape<unknown>): Shape<unknown> => {
  const { type, description, anyOf, ...rest } = shape.schema;
  return {
    schema: {
      ...(description === undefined ? {} : { description }),
      type: [type, 'null'].flat() as string[],
      ...(Array.isArray(anyOf) ? { anyOf: [...anyOf, { type: 'null' }] } : {}),
      ...rest,
    },
  };
};
const num = (
  doc: string,
  example: number,
  bounds: { min?: number; max?: number; integer?: boolean } = {},
): Shape<unknown> => nullable(number({ doc, example, ...bounds, template: true }));
const bool = (doc: string): Shape<unknown> => nullable(flag({ doc, example: true, template: true }));
const free = (doc: string, example: JsonObject, values: Shape<unknown> = anything()): Shape<unknown> =>
  nullable(mapOf(values, { doc, example, template: true }));
const jsonSchema = (doc: string, example: JsonObject): Shape<unknown> =>
  literal(nullable(mapOf(anything(), { doc, example })));

/** An enum of a request: a name in any case, or a number. */
const apiValue = (known: readonly string[], doc: Doc = {}): Shape<unknown> => {
  const { type: _type, anyOf, ...rest } = apiEnum(known, doc).schema;
  const numbered = Array.isArray(anyOf) ? [...anyOf, { type: 'integer', minimum: 0 }] : [];
  return { schema: { ...rest, type: ['string', 'integer'], anyOf: numbered } };
};

/** generationConfig fields by their API names, with the ranges the API documents. */
const generationShapes = {
  temperature: num('Randomness; ignored by gemini-3.6-flash and later.', 0.2, { min: 0, max: 2 }),
  topP: num('Nucleus sampling.', 0.8, { min: 0, max: 1 }),
  topK: num('Sampling among so many tokens.', 10, { min: 1, integer: true }),
  maxOutputTokens: num('Bound on the output; thinking counts against it.', 800, { min: 1, integer: true }),
  stopSequences: nullable(
    list(text(), {
      max: 5,
      doc: 'Up to 5 texts that end the output.',
      example: ['Title'],
      template: true,
    }),
  ),
  candidateCount: num('How many answers.', 1, { min: 1, integer: true }),
  seed: num('Seed of sampling.', 7, { integer: true }),
  presencePenalty: num('Refused by many models.', 0.5, { min: -2, max: 2 }),
  frequencyPenalty: num('Refused by many models.', 0.5, { min: -2, max: 2 }),
  responseMimeType: nullable(
    apiEnum([...enums.responseMimeType], {
      doc: 'text/plain, application/json or text/x.enum.',
      example: 'application/json',
    }),
  ),
  responseSchema: jsonSchema('OpenAPI-style schema of the answer, or { file: path }.', { type: 'OBJECT' }),
  responseJsonSchema: jsonSchema('JSON Schema of the answer, or { file: path }.', { type: 'object' }),
  responseFormat: free(
    'Newer form of mime type and schema.',
    { text: { mimeType: 'application/json' } },
    {
      schema: {
        properties: {
          schema: literal(anything({ doc: 'JSON Schema of the answer.', example: { type: 'object' } }))
            .schema,
        },
      },
    },
  ),
  responseLogprobs: bool('Ask for log probabilities.'),
  logprobs: num('How many top tokens.', 5, { min: 0, max: 20, integer: true }),
  responseModalities: nullable(
    list(apiValue([...enums.responseModality]), {
      doc: 'The forms of output: text, picture or sound.',
      example: ['TEXT'],
      template: true,
    }),
  ),
  mediaResolution: nullable(
    apiValue([...enums.mediaResolution], {
      doc: 'The resolution at which media are read.',
      example: 'MEDIA_RESOLUTION_LOW',
    }),
  ),
  thinkingConfig: nullable(
    object(
      {
        includeThoughts: optional(bool('Send thought parts.')),
        thinkingBudget: optional(num('Tokens; 0 off, -1 dynamic.', 0, { min: -1, integer: true })),
        thinkingLevel: optional(
          nullable(apiValue([...enums.thinkingLevel], { doc: 'How much to think.', example: 'LOW' })),
        ),
      },
      { doc: 'How the model thinks.', example: { thinkingLevel: 'LOW' } },
    ),
  ),
  speechConfig: free('Voices.', { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } }),
  imageConfig: nullable(
    object(
      {
        aspectRatio: optional(nullable(text({ doc: 'Width to height.', example: '16:9' }))),
        imageSize: optional(nullable(text({ doc: '512, 1K, 2K or 4K.', example: '1K' }))),
      },
      { doc: 'Image output.', example: { aspectRatio: '16:9' } },
    ),
  ),
  audioTranscriptionConfig: free('Transcription of audio.', {}),
  enableAffectiveDialog: bool('Affective dialog.'),
  enableEnhancedCivicAnswers: bool('Enhanced civic answers.'),
  translationConfig: free('Translation.', { targetLanguageCode: 'fr' }),
};

const embeddingShapes = {
  taskType: nullable(
    apiValue([...enums.taskType], { doc: 'What the embedding is for.', example: 'RETRIEVAL_QUERY' }),
  ),
  title: or(text(), 'text', { doc: 'Title, with RETRIEVAL_DOCUMENT.', example: 'A guide' }) as Shape<unknown>,
  outputDimensionality: num('Length of the vector.', 768, { min: 1, integer: true }),
};

const threshold = apiValue([...enums.harmThreshold], {
  doc: 'From which probability to block.',
  example: 'BLOCK_ONLY_HIGH',
});

/** Every key of a config that goes into a request. */
export const fieldShapes = {
  ...generationShapes,
  systemInstruction: byType(
    { text: text(), map: mapOf(anything()), none: nothing },
    { doc: 'A text, { file: path }, or a Content in the API’s words.', example: 'You write for children.' },
  ) as Shape<unknown>,
  safetySettings: byType(
    {
      map: mapOf(nullable(threshold), { keys: '^\\w+$' }),
      list: list(
        object({
          category: apiValue([...enums.harmCategory], {
            doc: 'What is rated.',
            example: 'HARM_CATEGORY_HARASSMENT',
          }),
          threshold,
        }),
      ),
      none: nothing,
    },
    {
      doc: 'A map from category to threshold, or the API’s list.',
      example: { HARM_CATEGORY_HARASSMENT: 'BLOCK_ONLY_HIGH' },
    },
  ) as Shape<unknown>,
  tools: literal(
    byType(
      { list: list(mapOf(anything())), map: mapOf(anything()), none: nothing },
      { doc: 'The API’s tools; an entry may be { file: path }.', example: [{ googleSearch: {} }] },
    ),
  ) as Shape<unknown>,
  toolConfig: free('The API’s toolConfig.', { functionCallingConfig: { mode: 'ANY' } }),
  cachedContent: or(text(), 'text', {
    doc: 'Name of cached content.',
    example: 'cachedContents/abc',
  }) as Shape<unknown>,
  serviceTier: nullable(
    apiValue([...enums.serviceTier], { doc: 'flex, standard or priority.', example: 'flex' }),
  ),
  store: bool('Whether the API may store the call.'),
  labels: free('Labels of the call: texts by name.', { team: 'docs' }, nullable(text())),
  ...embeddingShapes,
  embedContentConfig: nullable(
    object(
      {
        ...Object.fromEntries(Object.entries(embeddingShapes).map(([key, shape]) => [key, optional(shape)])),
        autoTruncate: optional(bool('Cut what is too long.')),
        documentOcr: optional(bool('Read the text in pictures of documents.')),
        audioTrackExtraction: optional(bool('Hear the sound of films.')),
      },
      {
        doc: 'The newer place of taskType, title and outputDimensionality.',
        example: { taskType: 'RETRIEVAL_QUERY' },
      },
    ),
  ),
};

type OptionalFields = Record<string, { optional: Shape<unknown> }>;
/** The fields as optional keys, each a reference to its one definition among {@link fieldDefs}. */
const allOptional = (shapes: Record<string, Shape<unknown>>): OptionalFields =>
  Object.fromEntries(Object.keys(shapes).map((key) => [key, optional(reference<unknown>(key))]));
/** The definitions of all fields, by name: `defaults`, configs and `generationConfig` share them. */
export const fieldDefs: JsonObject = Object.fromEntries(
  Object.entries(fieldShapes).map(([key, { schema }]) => [key, schema]),
);
const titled = <T>(shape: Shape<T>, title: string): Shape<T> => ({ schema: { title, ...shape.schema } });

/** `$defs/generationConfig`. */
export const generationConfigShape = titled(object(allOptional(generationShapes)), 'generationConfig');

const pasted = {
  generationConfig: optional(
    reference<unknown>('generationConfig', {
      doc: 'A generationConfig of a request; the same as its fields written one by one.',
      example: { temperature: 0.2 },
    }),
  ),
};

export const defaultsShape = titled(
  object(
    { ...allOptional(fieldShapes), ...pasted },
    {
      doc: 'Merged under every config: maps by key, lists replace, null removes.',
      example: { maxOutputTokens: 800 },
    },
  ),
  'defaults',
);

export const configShape = titled(
  object(
    {
      ...allOptional(fieldShapes),
      ...pasted,
      method: optional(choice(methods, { doc: 'The API method.', example: 'streamGenerateContent' })),
      model: optional(
        text({
          doc: 'The model of this config; other models do not use the config.',
          example: 'gemini-3.1-pro-preview',
        }),
      ),
      extra: optional(
        mapOf(anything(), {
          doc: 'Merged last into the request body, unchecked.',
          example: { labels: { a: 'b' } },
        }),
      ),
      file: optional(text({ doc: 'A .yaml or .json file with the config.', example: 'shared/careful.yaml' })),
    },
    { doc: 'Request parameters other than contents, by their API names.', example: { temperature: 0.2 } },
  ),
  'a config',
);
