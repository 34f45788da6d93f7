/** The models the emulator offers (the API's list of autumn 2026) and what each takes, told independently of the client's own table. */
import { broken, unknownModel, type ApiFailure } from './fail.ts';
import { messageOf } from './message-table.ts';

export type Level = 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH';

/** How a model thinks. */
interface Thinking {
  /** The levels it takes; none on models that know only a budget. */
  readonly levels: readonly Level[];
  /** Least and most tokens of a budget. */
  readonly budget: readonly [number, number];
  /** Whether a budget of 0 stops it. */
  readonly canStop: boolean;
  /** Where a budget of 0 is refused without a reason. */
  readonly vague?: boolean;
  /** What it does unasked; undefined: it does not think. */
  readonly unasked?: Level;
}

export interface EmulatedModel {
  readonly id: string;
  readonly version: string;
  readonly description: string;
  readonly input: number;
  readonly output: number;
  readonly embeds?: { readonly multimodal: boolean };
  readonly thinking?: Thinking;
  /** From 3.6-flash on temperature, topP and topK are ignored, and a last turn of the model's is refused. */
  readonly ignoresSampling: boolean;
  readonly takesPenalties: boolean;
  /** Only the oldest still gives log probabilities on this API. */
  readonly tellsLogprobs: boolean;
  /** From Gemini 3 on calls carry ids and signatures, texts end with a signature, and there is one candidate. */
  readonly third: boolean;
  /** From 3.5-flash on the id in a tool's answer must be that of its call. */
  readonly matchesIds: boolean;
}

const fourLevels: readonly Level[] = ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'];
const threeLevels: readonly Level[] = ['LOW', 'MEDIUM', 'HIGH'];

function generator(id: string, thinking: Thinking, flags: Partial<EmulatedModel> = {}): EmulatedModel {
  const third = id.startsWith('gemini-3');
  return {
    id,
    version: id.replace('gemini-', ''),
    description: `Emulated: ${id} as its parameters, limits and shapes go.`,
    input: 1_048_576,
    output: 65_536,
    thinking,
    ignoresSampling: false,
    takesPenalties: true,
    tellsLogprobs: false,
    third,
    matchesIds: /^gemini-3\.[5-9]/.test(id),
    ...flags,
  };
}

const flash = (unasked: Level): Thinking => ({
  levels: fourLevels,
  budget: [1, 24_576],
  canStop: true,
  unasked,
});
const newest: Thinking = { levels: threeLevels, budget: [1, 32_768], canStop: true, unasked: 'MEDIUM' };
const sinceSix = { ignoresSampling: true, takesPenalties: false };
const embedder = (id: string, input: number, multimodal: boolean): EmulatedModel => ({
  ...generator(id, newest),
  input,
  output: 1,
  embeds: { multimodal },
  third: false,
});

const listed: readonly EmulatedModel[] = [
  generator('gemini-3.8-flash', newest, sinceSix),
  generator('gemini-3.7-flash', newest, sinceSix),
  generator('gemini-3.6-flash', { ...newest, levels: fourLevels }, sinceSix),
  generator('gemini-3.5-flash', flash('MEDIUM')),
  generator('gemini-3.5-flash-lite', { ...flash('MINIMAL'), canStop: false, vague: true }),
  generator(
    'gemini-3.1-pro-preview',
    { levels: threeLevels, budget: [128, 32_768], canStop: false, unasked: 'HIGH' },
    { version: '3.1-pro-preview-01-2026' },
  ),
  generator('gemini-3.1-flash-lite', flash('MINIMAL')),
  generator('gemini-3-flash-preview', flash('HIGH')),
  generator('gemini-2.5-pro', { levels: [], budget: [128, 32_768], canStop: false, unasked: 'MEDIUM' }),
  generator(
    'gemini-2.5-flash',
    { levels: [], budget: [1, 24_576], canStop: true, unasked: 'MEDIUM' },
    { takesPenalties: false },
  ),
  generator(
    'gemini-2.5-flash-lite',
    { levels: [], budget: [512, 24_576], canStop: true },
    { tellsLogprobs: true },
  ),
  embedder('gemini-embedding-001', 2048, false),
  embedder('gemini-embedding-2', 8192, true),
];
const byId: ReadonlyMap<string, EmulatedModel> = new Map(listed.map((model) => [model.id, model]));

/** Ids that another model answers, which only modelVersion shows. */
const routed: ReadonlyMap<string, string> = new Map([
  ['gemini-3.7-flash', 'gemini-3.8-flash'],
  ['gemini-flash-latest', 'gemini-3.8-flash'],
  ['gemini-pro-latest', 'gemini-3.1-pro-preview'],
]);

const generating = ['generateContent', 'streamGenerateContent'];
const embedding = ['embedContent', 'batchEmbedContents'];

/** The model that answers a call to the resource `name`; an ApiFailure for one that is not offered, is shut down, or has no such method. */
export function findModel(name: string, method: string, version: string): EmulatedModel | ApiFailure {
  const id = name.replace(/^models\//, '');
  if (!/^(?:models|tunedModels|dynamic)\/[\w.-]+$/.test(name))
    return broken(`${messageOf(method)}.model`, 'unexpected model name format');
  const model = byId.get(routed.get(id) ?? id);
  if (!model || (model.embeds ? generating : embedding).includes(method))
    return unknownModel(name, version, method);
  return model;
}

/** A model as models.get tells it; undefined for one that is not offered. */
export function describeModel(id: string): object | undefined {
  const model = byId.get(id) ?? byId.get(routed.get(id) ?? '');
  if (!model) return undefined;
  const embeds = model.embeds !== undefined;
  return {
    name: `models/${id}`,
    version: model.version,
    displayName: id
      .split('-')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join(' '),
    description: model.description,
    inputTokenLimit: model.input,
    outputTokenLimit: model.output,
    supportedGenerationMethods: embeds
      ? ['embedContent', 'countTextTokens', 'countTokens', 'asyncBatchEmbedContent']
      : ['generateContent', 'countTokens', 'createCachedContent', 'batchGenerateContent'],
    ...(embeds ? {} : { temperature: 1, topP: 0.95, topK: 64, maxTemperature: 2, thinking: true }),
  };
}

/** Every id that models.list tells, in its order. */
export const modelIds: readonly string[] = [...byId.keys(), 'gemini-flash-latest', 'gemini-pro-latest'];
