/** The models of the API on 2026-12-01 and what each takes. The client's table is not used: one mistake must not pass both. */
import type { JsonObject } from '../lib/json.ts';
import { badRequest, invalidField, noSuchModel, unknownModel } from './errors.ts';
import { messageOf } from './message-table.ts';

export type Level = 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'XHIGH';
export type Modality = 'TEXT' | 'IMAGE' | 'AUDIO';

/** How a model thinks. */
interface Thinking {
  /** The levels it takes; none on models that know only a budget. */
  readonly levels: readonly Level[];
  /** Least and most tokens of a budget; absent where it takes levels alone. */
  readonly budget?: readonly [number, number];
  /** Whether a budget of 0 stops it. */
  readonly canStop: boolean;
  /** A budget of 0 is refused without a reason. */
  readonly refusesVaguely?: boolean;
  /** How it thinks where the request does not say; absent: it does not. */
  readonly defaultLevel?: Level;
}

export interface Model {
  readonly id: string;
  readonly version: string;
  readonly input: number;
  readonly output: number;
  readonly embeds?: { readonly multimodal: boolean };
  /** Absent: it does not think. */
  readonly thinking?: Thinking;
  /** Each combination of modalities that it answers in; a request must name one of them. */
  readonly answersIn: readonly (readonly Modality[])[];
  /** Tokens that one picture of it takes. */
  readonly pictureTokens: number;
  /** Refuses every request without the computer-use tool. */
  readonly needsComputer: boolean;
  /** Takes text documents of office programs. */
  readonly readsOffice: boolean;
  /** Ignores temperature, topP and topK, and refuses requests that end with a turn of the model. */
  readonly ignoresSampling: boolean;
  /** Gives log probabilities. */
  readonly hasLogprobs: boolean;
  /** From Gemini 3 on, calls have ids and signatures, texts end with a signature, and there is one candidate. */
  readonly fromGemini3: boolean;
  /** From 3.5-flash on, the id of a function response must be that of its call. */
  readonly matchesIds: boolean;
}

const threeLevels: readonly Level[] = ['LOW', 'MEDIUM', 'HIGH'];
const fourLevels: readonly Level[] = ['MINIMAL', ...threeLevels];

type Traits = Partial<Omit<Model, 'id'>>;

function generator(id: string, traits: Traits): Model {
  const fromGemini3 = !id.startsWith('gemini-2');
  return {
    id,
    version: id.replace('gemini-', ''),
    input: 1_048_576,
    output: 65_536,
    answersIn: [['TEXT']],
    pictureTokens: fromGemini3 ? 1120 : 1290,
    needsComputer: false,
    readsOffice: false,
    ignoresSampling: false,
    hasLogprobs: false,
    fromGemini3,
    matchesIds: /^gemini-(?:3\.[5-9]|4)/.test(id),
    ...traits,
  };
}

/** Gemini 4: no budgets, no MINIMAL; XHIGH where it is given. */
const gemini4 = (defaultLevel: Level, ...more: readonly Level[]): Traits => ({
  thinking: { levels: [...threeLevels, ...more], canStop: false, defaultLevel },
  ignoresSampling: true,
  readsOffice: true,
});
const newest: Traits = {
  thinking: { levels: threeLevels, budget: [1, 32_768], canStop: true, defaultLevel: 'MEDIUM' },
  ignoresSampling: true,
};
const flash = (defaultLevel: Level): Thinking => ({
  levels: fourLevels,
  budget: [1, 24_576],
  canStop: true,
  defaultLevel,
});
const gemini25Pro: Thinking = { levels: [], budget: [128, 32_768], canStop: false, defaultLevel: 'MEDIUM' };
/** Picture models answer in text and pictures, which is the default, or in pictures alone. */
const pictures: Traits = { input: 65_536, output: 32_768, answersIn: [['TEXT', 'IMAGE'], ['IMAGE']] };
const speech: Traits = { input: 8192, output: 16_384, answersIn: [['AUDIO']] };
const embedder = (id: string, input: number, multimodal: boolean): Model =>
  generator(id, { input, output: 1, embeds: { multimodal }, fromGemini3: false });

const listed: readonly Model[] = [
  generator('gemini-4-argon', gemini4('MEDIUM')),
  generator('gemini-4-carbon', gemini4('MEDIUM')),
  generator('gemini-4-hydrogen', gemini4('HIGH', 'XHIGH')),
  generator('gemini-4-neon', gemini4('HIGH', 'XHIGH')),
  generator('gemini-3.8-flash', newest),
  generator('gemini-3.6-flash', {
    thinking: { levels: fourLevels, budget: [1, 32_768], canStop: true, defaultLevel: 'MEDIUM' },
    ignoresSampling: true,
  }),
  generator('gemini-3.5-flash-lite', {
    thinking: { ...flash('MINIMAL'), canStop: false, refusesVaguely: true },
    ignoresSampling: true,
  }),
  generator('gemini-3.1-pro-preview', {
    thinking: { levels: threeLevels, budget: [128, 32_768], canStop: false, defaultLevel: 'HIGH' },
    version: '3.1-pro-preview-01-2026',
  }),
  generator('gemini-3.1-flash-lite', { thinking: flash('MINIMAL') }),
  generator('gemini-3-flash-preview', { thinking: flash('HIGH') }),
  generator('gemini-2.5-flash-lite', {
    thinking: { levels: [], budget: [512, 24_576], canStop: true },
    hasLogprobs: true,
  }),
  generator('gemini-2.5-computer-use-preview-10-2025', {
    thinking: gemini25Pro,
    input: 128_000,
    output: 64_000,
    needsComputer: true,
  }),
  generator('gemini-nano-banana-2.1', {
    ...pictures,
    thinking: { levels: ['MINIMAL', 'MEDIUM', 'HIGH'], canStop: false, defaultLevel: 'MEDIUM' },
  }),
  generator('gemini-3-pro-image', {
    ...pictures,
    thinking: { levels: ['LOW', 'HIGH'], canStop: false, defaultLevel: 'HIGH' },
  }),
  generator('gemini-3.1-flash-lite-image', pictures),
  generator('gemini-2.5-flash-image', pictures),
  generator('gemini-3.8-flash-tts', speech),
  generator('gemini-3.8-flash-lite-tts', speech),
  embedder('gemini-embedding-001', 2048, false),
  embedder('gemini-embedding-2', 8192, true),
];
const byId: ReadonlyMap<string, Model> = new Map(listed.map((model) => [model.id, model]));

/** Ids that another model answers; only modelVersion shows it. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['gemini-3.7-flash', 'gemini-3.8-flash'],
  ['gemini-3.5-flash', 'gemini-3.6-flash'],
  ['gemini-2.5-pro', 'gemini-3.8-flash'],
  ['gemini-2.5-flash', 'gemini-3.5-flash-lite'],
  ['gemini-flash-latest', 'gemini-3.8-flash'],
  ['gemini-pro-latest', 'gemini-3.1-pro-preview'],
]);

/** Whether a model can answer in text alone. */
export const answersInText = ({ answersIn }: Model): boolean =>
  answersIn.some((each) => each.join() === 'TEXT');

const generating = ['generateContent', 'streamGenerateContent'];
const embedding = ['embedContent', 'batchEmbedContents'];

/** The model that answers a call to the resource `name`; throws the API's 400 or 404 for one that does not have the method. */
export function findModel(name: string, method: string, version: string): Model {
  const id = name.replace(/^models\//, '');
  if (!/^(?:models|tunedModels|dynamic)\/[\w.-]+$/.test(name))
    throw invalidField(`${messageOf(method)}.model`, 'unexpected model name format');
  const model = byId.get(aliases.get(id) ?? id);
  if (!model || (model.embeds ? generating : embedding).includes(method))
    throw unknownModel(name, version, method);
  return model;
}

/** A model as models.get shows it; throws the API's 404. */
export function getModel(name: string, version: string): JsonObject {
  const id = name.replace(/^models\//, '');
  const model = byId.get(id) ?? byId.get(aliases.get(id) ?? '');
  if (!model) throw noSuchModel(name, version);
  const embeds = model.embeds !== undefined;
  return {
    name: `models/${id}`,
    version: model.version,
    displayName: id
      .split('-')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join(' '),
    description: `Emulated: ${model.id} as its parameters, limits and shapes go.`,
    inputTokenLimit: model.input,
    outputTokenLimit: model.output,
    supportedGenerationMethods: embeds
      ? ['embedContent', 'countTextTokens', 'countTokens', 'asyncBatchEmbedContent']
      : ['generateContent', 'countTokens', 'createCachedContent', 'batchGenerateContent'],
    ...(embeds ? {} : { temperature: 1, topP: 0.95, topK: 64, maxTemperature: 2 }),
    ...(model.thinking ? { thinking: true } : {}),
  };
}

const modelIds: readonly string[] = [...byId.keys(), ...aliases.keys()];
const defaultPageSize = 50;
const maxPageSize = 1000;
const tokenOf = (start: number): string => Buffer.from(`models:${start}`).toString('base64url');

/** A ListModelsResponse; the last page has no `nextPageToken`. Throws the API's 400 for a bad size or token. */
export function listModels(query: URLSearchParams): JsonObject {
  const read = (camel: string, snake: string): string => query.get(camel) ?? query.get(snake) ?? '';
  const given = read('pageSize', 'page_size');
  if (!/^-?\d*$/.test(given)) {
    const description = `Invalid value at 'page_size' (TYPE_INT32), ${JSON.stringify(given)}`;
    throw badRequest([{ field: 'page_size', description }]);
  }
  const size = Number(given) || defaultPageSize;
  if (size < 0) throw invalidField('ListModelsRequest.page_size', 'page_size must not be negative.');
  const token = read('pageToken', 'page_token');
  const start = token === '' ? 0 : startOf(token);
  const end = start + Math.min(size, maxPageSize);
  return {
    models: modelIds.slice(start, end).map((id) => getModel(`models/${id}`, '')),
    ...(end < modelIds.length ? { nextPageToken: tokenOf(end) } : {}),
  };
}

function startOf(token: string): number {
  const start = Number(/^models:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1] ?? Number.NaN);
  if (tokenOf(start) !== token || start >= modelIds.length)
    throw invalidField('ListModelsRequest.page_token', 'page_token is invalid.');
  return start;
}
