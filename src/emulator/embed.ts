/** Answers the embedding methods with unit vectors; texts that share words have similar ones. */
import type { JsonObject } from '../lib/json.ts';
import { checkContent } from './check-request.ts';
import { digest } from './random.ts';
import { invalidField, invalid } from './errors.ts';
import type { Model } from './models.ts';
import { textOf, type BatchEmbedRequest, type Content, type EmbedRequest } from './request.ts';
import { countContents, detailsOf, totalOf, type Modalities } from './tokens.ts';

const longest = 3072;
const mostRequests = 100;

/** An EmbedContentResponse. */
export function embedContent(request: EmbedRequest, model: Model): JsonObject {
  const sum: Modalities = new Map();
  return { embedding: { values: embedOne(request, model, 'EmbedContentRequest', sum) }, ...usageOf(sum) };
}

/** A BatchEmbedContentsResponse, in the order of its requests. `name` is the model of the path. */
export function batchEmbedContents(
  { requests = [] }: BatchEmbedRequest,
  model: Model,
  name: string,
): JsonObject {
  const path = 'BatchEmbedContentsRequest.requests';
  if (requests.length === 0) throw invalidField(path, 'requests is not specified');
  if (requests.length > mostRequests)
    throw invalidField(path, `at most ${mostRequests} requests can be in one batch`);
  const sum: Modalities = new Map();
  const embeddings = requests.map((request, index) => {
    const given = request.model ?? '';
    if (given === '') throw invalidField(`${path}[${index}].model`, 'model is not specified');
    if (!given.startsWith('models/'))
      throw invalidField(`${path}[${index}].model`, 'unexpected model name format');
    if (given !== name)
      throw invalidField(`${path}[${index}].model`, `model must be ${name}, as in the path`);
    return { values: embedOne(request, model, `${path}[${index}]`, sum) };
  });
  return { embeddings, ...usageOf(sum) };
}

function usageOf(sum: Modalities): JsonObject {
  return { usageMetadata: { promptTokenCount: totalOf(sum), promptTokenDetails: detailsOf(sum) } };
}

function embedOne(request: EmbedRequest, { embeds, input }: Model, path: string, sum: Modalities): number[] {
  const { content, embedContentConfig: config = {} } = request;
  const taskType = config.taskType ?? request.taskType;
  const title = config.title ?? request.title;
  const dimensions = config.outputDimensionality ?? request.outputDimensionality ?? longest;
  if (!content) throw invalidField(`${path}.content`, 'content is not specified');
  checkContent(content, `${path}.content`);
  if (
    textOf(content.parts) === '' &&
    !content.parts?.some(({ inlineData, fileData }) => inlineData ?? fileData)
  )
    throw invalid('EmbedContentRequest.content contains an empty Part.');
  if (!embeds?.multimodal && content.parts?.some(({ text }) => text === undefined))
    throw invalid('This model embeds text only.');
  if (title !== undefined && title !== '' && taskType !== 'RETRIEVAL_DOCUMENT')
    throw invalidField(`${path}.title`, 'title is only valid with the task type RETRIEVAL_DOCUMENT');
  if (!(dimensions >= 1 && dimensions <= longest))
    throw invalidField(
      `${path}.output_dimensionality`,
      `output_dimensionality must be in the range [1, ${longest}].`,
    );
  const own = totalOf(countContents([content]));
  // The service cuts a text that is too long, unless autoTruncate is false.
  if (own > input && config.autoTruncate === false)
    throw invalid(`The input token count (${own}) exceeds the maximum number of tokens allowed (${input}).`);
  countContents([content], undefined, sum);
  return embed(content, taskType ?? '', title ?? '', dimensions);
}

/** A direction for each word and each file. */
function* directions(content: Content): Generator<Buffer> {
  for (const word of textOf(content.parts)
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [])
    yield digest(word);
  for (const { inlineData, fileData } of content.parts ?? [])
    if (inlineData ?? fileData) yield digest(inlineData?.data ?? fileData?.fileUri ?? '');
}

/** The first values of the unit vector of a content; a shortened vector is not normalised again. */
function embed(content: Content, taskType: string, title: string, dimensions: number): number[] {
  const vector = new Float64Array(longest);
  const add = (seed: Buffer, weight: number): void => {
    for (let i = 0; i < longest; i++)
      vector[i] =
        (vector[i] ?? 0) + weight * Math.sin((seed[i % 32] ?? 0) * (i + 1) + (seed[(i + 7) % 32] ?? 0));
  };
  for (const seed of directions(content)) add(seed, 1);
  // Task type and title turn a vector a little.
  for (const word of [taskType, title]) if (word !== '') add(digest(word), 0.2);
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  return Array.from(vector.subarray(0, dimensions), (value) => Number((value / norm).toPrecision(8)));
}
