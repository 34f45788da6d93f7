/** The models the emulator offers (the API's list of 2026-12-01) and what each takes, written down independently of the client's own table. */
import { broken, unknownModel, type ApiFailure } from './fail.ts';
import { messageOf } from './message-table.ts';

export type Level = 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'XHIGH';
export type Modality = 'TEXT' | 'IMAGE' | 'AUDIO';

/** How a model thinks. */
interface Thinking {
  /** The levels it takes; none on models that know only a budget. */
  readonly levels: readonly Level[];
  /** Least and most tokens of a budget; a model without takes levels alone. */
  readonly budget?: readonly [number, number];
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
  /** temperature, topP and topK are ignored, and a last turn of the model's is refused. */
  readonly ignoresSampling: boolean;
  /** Only the oldest still gives log probabilities on this API. */
  readonly tellsLogprobs: boolean;
  /** From Gemini 3 on calls carry ids and signatures, texts end with a signature, and there is one candidate. */
  readonly third: boolean;
  /** From 3.5-flash on the id in a tool's answer must be that of its call. */
  readonly matchesIds: boolean;
}

const threeLevels: readonly Level[] = ['LOW', 'MEDIUM', 'HIGH'];
const fourLevels: readonly Level[] = ['MINIMAL', ...threeLevels];

type Traits = Partial<Omit<EmulatedModel, 'id'>>;

function generator(id: string, traits: Traits): EmulatedModel {
  const third = !id.startsWith('gemini-2');
  return {
    id,
    version: id.replace('gemini-', ''),
    description: `Emulated: ${id} as its parameters, limits and shapes go.`,
    input: 1_048_576,
    output: 65_536,
    answersIn: [['TEXT']],
    pictureTokens: third ? 1120 : 1290,
    needsComputer: false,
    readsOffice: false,
    ignoresSampling: false,
    tellsLogprobs: false,
    third,
    matchesIds: /^gemini-(?:3\.[5-9]|4)/.test(id),
    ...traits,
  };
}

/** Refuses budgets, MINIMAL, and XHIGH unless it stands among its levels. */
const fourth = (unasked: Level, ...more: readonly Level[]): Traits => ({
  thinking: { levels: [...threeLevels, ...more], canStop: false, unasked },
  ignoresSampling: true,
  readsOffice: true,
});
const newest: Traits = {
  thinking: { levels: threeLevels, budget: [1, 32_768], canStop: true, unasked: 'MEDIUM' },
  ignoresSampling: true,
};
const flash = (unasked: Level): Thinking => ({
  levels: fourLevels,
  budget: [1, 24_576],
  canStop: true,
  unasked,
});
const secondPro: Thinking = { levels: [], budget: [128, 32_768], canStop: false, unasked: 'MEDIUM' };
/** Models that draw answer in text and pictures, which is what they do unasked, or in pictures alone. */
const draws: Traits = { input: 65_536, output: 32_768, answersIn: [['TEXT', 'IMAGE'], ['IMAGE']] };
const speaks: Traits = { input: 8192, output: 16_384, answersIn: [['AUDIO']] };
const embedder = (id: string, input: number, multimodal: boolean): EmulatedModel =>
  generator(id, { input, output: 1, embeds: { multimodal }, third: false });

const listed: readonly EmulatedModel[] = [
  generator('gemini-4-argon', fourth('MEDIUM')),
  generator('gemini-4-carbon', fourth('MEDIUM')),
  generator('gemini-4-hydrogen', fourth('HIGH', 'XHIGH')),
  generator('gemini-4-neon', fourth('HIGH', 'XHIGH')),
  generator('gemini-3.8-flash', newest),
  generator('gemini-3.6-flash', {
    thinking: { levels: fourLevels, budget: [1, 32_768], canStop: true, unasked: 'MEDIUM' },
    ignoresSampling: true,
  }),
  generator('gemini-3.5-flash-lite', {
    thinking: { ...flash('MINIMAL'), canStop: false, vague: true },
    ignoresSampling: true,
  }),
  generator('gemini-3.1-pro-preview', {
    thinking: { levels: threeLevels, budget: [128, 32_768], canStop: false, unasked: 'HIGH' },
    version: '3.1-pro-preview-01-2026',
  }),
  generator('gemini-3.1-flash-lite', { thinking: flash('MINIMAL') }),
  generator('gemini-3-flash-preview', { thinking: flash('HIGH') }),
  generator('gemini-2.5-flash-lite', {
    thinking: { levels: [], budget: [512, 24_576], canStop: true },
    tellsLogprobs: true,
  }),
  generator('gemini-2.5-computer-use-preview-10-2025', {
    thinking: secondPro,
    input: 128_000,
    output: 64_000,
    needsComputer: true,
  }),
  generator('gemini-nano-banana-2.1', {
    ...draws,
    thinking: { levels: ['MINIMAL', 'MEDIUM', 'HIGH'], canStop: false, unasked: 'MEDIUM' },
  }),
  generator('gemini-3-pro-image', {
    ...draws,
    thinking: { levels: ['LOW', 'HIGH'], canStop: false, unasked: 'HIGH' },
  }),
  generator('gemini-3.1-flash-lite-image', draws),
  generator('gemini-2.5-flash-image', draws),
  generator('gemini-3.8-flash-tts', speaks),
  generator('gemini-3.8-flash-lite-tts', speaks),
  embedder('gemini-embedding-001', 2048, false),
  embedder('gemini-embedding-2', 8192, true),
];
const byId: ReadonlyMap<string, EmulatedModel> = new Map(listed.map((model) => [model.id, model]));

/** Ids that another model answers by its own rules, which only modelVersion shows. */
const routed: ReadonlyMap<string, string> = new Map([
  ['gemini-3.7-flash', 'gemini-3.8-flash'],
  ['gemini-3.5-flash', 'gemini-3.6-flash'],
  ['gemini-2.5-pro', 'gemini-3.8-flash'],
  ['gemini-2.5-flash', 'gemini-3.5-flash-lite'],
  ['gemini-flash-latest', 'gemini-3.8-flash'],
  ['gemini-pro-latest', 'gemini-3.1-pro-preview'],
]);

/** Whether a model can answer in text alone. */
export const textIn = ({ answersIn }: EmulatedModel): boolean =>
  answersIn.some((each) => each.join() === 'TEXT');

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

/** A model as models.get shows it; undefined for one that is not offered. */
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
    ...(embeds ? {} : { temperature: 1, topP: 0.95, topK: 64, maxTemperature: 2 }),
    ...(model.thinking ? { thinking: true } : {}),
  };
}

/** Every id that models.list shows, in its order. */
export const modelIds: readonly string[] = [...byId.keys(), ...routed.keys()];
