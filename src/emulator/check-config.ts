/** Refuses generation parameters that are out of range, contradict each other, or do not fit the model; and schemas. */
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { invalid, invalidField, throwAll, type ApiError, type FieldError } from './errors.ts';
import { answersInText, type Model, type Level, type Modality } from './models.ts';
import type { GenerationConfig, ThinkingConfig } from './request.ts';

const at = (field: string): string => `GenerateContentRequest.generation_config.${field}`;
const mimeTypes = ['text/plain', 'application/json', 'application/xml', 'application/yaml', 'text/x.enum'];
const schemaTypes = ['application/json', 'text/x.enum'];

/** Field, its name in errors, least, most, and the words for the range. */
const ranges: readonly (readonly [keyof GenerationConfig, string, number, number, string])[] = [
  ['temperature', 'temperature', 0, 2, 'temperature must be in the range [0.0, 2.0].'],
  ['topP', 'top_p', 0, 1, 'top_p must be in the range [0.0, 1.0].'],
  ['topK', 'top_k', 0, Infinity, 'top_k must not be negative.'],
  ['maxOutputTokens', 'max_output_tokens', 1, Infinity, 'max_output_tokens must be positive.'],
  ['candidateCount', 'candidate_count', 1, 8, 'candidate_count must be in the range [1, 8].'],
  ['logprobs', 'logprobs', 0, 20, 'logprobs must be in the range [0, 20].'],
];

/** 400 for what a model cannot do; before Gemini 3 the message names the model. */
export function notEnabled(what: string, { id, fromGemini3 }: Model): ApiError {
  return invalid(`${what} is not enabled for ${fromGemini3 ? 'this model' : `models/${id}`}`);
}

/** Throws the 400 of the first rule that the parameters break. */
export function checkConfig(config: GenerationConfig, model: Model): void {
  for (const [field, name, least, most, words] of ranges) {
    const value = config[field];
    if (typeof value === 'number' && !(value >= least && value <= most)) throw invalidField(at(name), words);
  }
  for (const [field, name] of [
    ['presencePenalty', 'presence_penalty'],
    ['frequencyPenalty', 'frequency_penalty'],
  ] as const) {
    const value = config[field] ?? 0;
    if (!(value >= -2 && value < 2))
      throw invalidField(at(name), `${name} must be in the range [-2.0, 2.0).`);
    // From 2.5-flash on.
    if (value !== 0) throw notEnabled('Penalty', model);
  }
  const stops = config.stopSequences ?? [];
  if (stops.length > 5)
    throw invalidField(at('stop_sequences'), 'the number of stop_sequences must not exceed 5.');
  if (stops.includes('')) throw invalidField(at('stop_sequences'), 'stop sequences must not be empty.');
  if (config.logprobs !== undefined && config.responseLogprobs !== true)
    throw invalidField(at('logprobs'), 'logprobs requires response_logprobs to be true.');
  if (config.responseLogprobs === true && !model.hasLogprobs) throw notEnabled('Logprobs', model);
  if ((config.candidateCount ?? 1) > 1 && (model.fromGemini3 || !answersInText(model)))
    throw notEnabled('Multiple candidates', model);
  modalitiesOf(config, model);
  checkFormat(config);
  if (config.thinkingConfig) checkThinking(config.thinkingConfig, model);
}

/** The modalities of an answer: those of the request, else the model's own; throws for a combination that the model does not have. */
export function modalitiesOf(
  { responseModalities: requested = [] }: GenerationConfig,
  { id, answersIn }: Model,
): readonly Modality[] {
  const wanted =
    requested.length > 0 ? requested : (answersIn.find((each) => each.includes('TEXT')) ?? ['TEXT']);
  const found = answersIn.find(
    (each) =>
      wanted.every((one) => each.some((other) => other === one)) && each.every((one) => wanted.includes(one)),
  );
  if (found) return found;
  const known = answersIn.map((each) => `* ${each.toSorted().join(', ')}\n`).join('');
  throw invalid(
    `The requested combination of response modalities (${wanted.join(', ')}) is not supported by the model. models/${id} accepts the following combination of response modalities:\n${known}`,
  );
}

/** The media type and the schema that an answer must have, from any of the fields that can say so. */
export function formatOf(config: GenerationConfig): { mimeType: string; schema?: JsonValue } {
  const format = config.responseFormat?.text;
  const schema = config.responseSchema ?? jsonSchemaOf(config) ?? format?.schema;
  return {
    mimeType: config.responseMimeType || format?.mimeType || 'text/plain',
    ...(schema === undefined ? {} : { schema }),
  };
}

function jsonSchemaOf({
  responseJsonSchema,
  _responseJsonSchema: older,
}: GenerationConfig): JsonValue | undefined {
  return responseJsonSchema ?? older;
}

function checkFormat(config: GenerationConfig): void {
  const { mimeType, schema } = formatOf(config);
  if (!mimeTypes.includes(mimeType))
    throw invalidField(
      at('response_mime_type'),
      'allowed mimetypes are `text/plain`, `application/json`, `application/xml`, `application/yaml` and `text/x.enum`.',
    );
  const json = jsonSchemaOf(config);
  if (config.responseSchema !== undefined && json !== undefined)
    throw invalidField(
      at('response_schema'),
      'only one of response_schema and response_json_schema can be set.',
    );
  if (schema !== undefined && !schemaTypes.includes(mimeType))
    throw invalid(
      `${json === undefined ? 'Response_schema' : 'Response_json_schema'} with a response mime type '${mimeType}' is unsupported`,
    );
  if (config.responseSchema !== undefined)
    throwAll(schemaErrors(config.responseSchema, at('response_schema')));
  if (mimeType === 'text/x.enum' && !(isObject(schema) && Array.isArray(schema.enum)))
    throw invalidField(at('response_schema'), 'an enum schema must be set for the mimetype `text/x.enum`.');
}

function checkThinking(config: ThinkingConfig, model: Model): void {
  const { thinkingBudget: budget, includeThoughts } = config;
  const level = config.thinkingLevel === 'THINKING_LEVEL_UNSPECIFIED' ? undefined : config.thinkingLevel;
  const { thinking } = model;
  if (!thinking) {
    if (level !== undefined || includeThoughts || (budget ?? 0) !== 0) throw notEnabled('Thinking', model);
    return;
  }
  if (budget !== undefined && level !== undefined)
    throw invalid('You can only set only one of thinking budget and thinking level.');
  if (budget !== undefined && !thinking.budget)
    throw invalid('Thinking budget is not supported for this model.');
  if (level !== undefined && thinking.levels.length === 0)
    throw invalid('Thinking level is not supported for this model.');
  if (level !== undefined && !thinking.levels.includes(level as Level))
    throw invalid(
      `Thinking level ${level} is not supported for this model. Please retry with other thinking level.`,
    );
  if (budget === 0 && !thinking.canStop)
    throw invalid(
      thinking.refusesVaguely ? undefined : 'Budget 0 is invalid. This model only works in thinking mode.',
    );
  if (budget === 0 && includeThoughts)
    throw invalid('Thinking_config.include_thoughts is only enabled when thinking is enabled.');
  const [least, most] = thinking.budget ?? [0, 0];
  if (budget !== undefined && budget !== 0 && budget !== -1 && !(budget >= least && budget <= most))
    throw invalid(`The thinking budget (${budget}) is invalid.`);
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** All errors of an OpenAPI schema, in the order of its fields; `path` is its place in the request. */
export function schemaErrors(schema: JsonObject, path: string): FieldError[] {
  const { type } = schema;
  const properties = isObject(schema.properties) ? schema.properties : {};
  const errors: FieldError[] = [];
  const add = (field: string, words: string): void => void errors.push([`${path}.${field}`, words]);
  if (type === 'ARRAY' && schema.items === undefined && schema.anyOf === undefined)
    add('items', 'missing field.');
  if (schema.enum !== undefined && type !== undefined && type !== 'STRING')
    add('enum', 'only allowed for STRING type');
  for (const [index, value] of asList(schema.enum).entries())
    if (value === '') add(`enum[${index}]`, 'cannot be empty');
  if (schema.properties !== undefined && type !== undefined && type !== 'OBJECT')
    add('properties', 'only allowed for OBJECT type');
  for (const [name, inner] of Object.entries(properties))
    if (isObject(inner)) errors.push(...schemaErrors(inner, `${path}.properties[${name}]`));
  for (const [index, name] of asList(schema.required).entries())
    if (!Object.hasOwn(properties, String(name))) add(`required[${index}]`, 'property is not defined');
  if (isObject(schema.items)) errors.push(...schemaErrors(schema.items, `${path}.items`));
  for (const [index, inner] of asList(schema.anyOf).entries())
    if (isObject(inner)) errors.push(...schemaErrors(inner, `${path}.any_of[${index}]`));
  return errors;
}
