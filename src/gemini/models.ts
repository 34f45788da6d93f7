/** What is known of a model beside what models.get tells; facts of autumn 2026. */
export interface ModelFacts {
  readonly inputTokenLimit?: number;
  readonly outputTokenLimit?: number;
  readonly thinks: boolean;
  readonly embeds: boolean;
  readonly state: 'current' | 'preview' | 'superseded' | 'retiring' | 'shutDown';
  /** ISO date from which `routedTo` answers, or from which the model is shut down. */
  readonly until?: string;
  /** The model that answers in its place, silently: with other parameter rules and prices. */
  readonly routedTo?: string;
  /** temperature, topP and topK are taken and ignored: temperature 0 gives no determinism. */
  readonly ignoresSampling: boolean;
  /** Thinking levels it takes; absent: not known, or budgets only. */
  readonly thinkingLevels?: readonly string[];
  /** Thinking budgets it takes; absent where levels are used. */
  readonly thinkingBudget?: { readonly min: number; readonly max: number; readonly off: boolean };
}

const generates = {
  inputTokenLimit: 1_048_576,
  outputTokenLimit: 65_536,
  thinks: true,
  embeds: false,
  ignoresSampling: false,
};
const embeds = { thinks: false, embeds: true, ignoresSampling: false };
const fromLow = ['LOW', 'MEDIUM', 'HIGH'];
const fromMinimal = ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'];

const models: Readonly<Record<string, ModelFacts>> = {
  'gemini-3.8-flash': { ...generates, state: 'current', ignoresSampling: true, thinkingLevels: fromLow },
  'gemini-3.7-flash': {
    ...generates,
    state: 'superseded',
    routedTo: 'gemini-3.8-flash',
    ignoresSampling: true,
    thinkingLevels: fromLow,
  },
  'gemini-3.6-flash': { ...generates, state: 'current', ignoresSampling: true },
  'gemini-3.5-flash': { ...generates, state: 'current', thinkingLevels: fromMinimal },
  'gemini-3.5-flash-lite': { ...generates, state: 'current' },
  'gemini-3.1-pro-preview': { ...generates, state: 'preview', thinkingLevels: fromLow },
  'gemini-3.1-flash-lite': { ...generates, state: 'retiring', until: '2027-05-07' },
  'gemini-3-pro-preview': { ...generates, state: 'shutDown', until: '2026-03-09', thinkingLevels: fromLow },
  'gemini-3-flash-preview': { ...generates, state: 'preview', thinkingLevels: fromMinimal },
  'gemini-2.5-pro': {
    ...generates,
    state: 'retiring',
    until: '2026-12-01',
    routedTo: 'gemini-3.8-flash',
    thinkingBudget: { min: 128, max: 32_768, off: false },
  },
  'gemini-2.5-flash': {
    ...generates,
    state: 'retiring',
    until: '2026-12-01',
    routedTo: 'gemini-3.5-flash-lite',
    thinkingBudget: { min: 1, max: 24_576, off: true },
  },
  'gemini-2.5-flash-lite': {
    ...generates,
    state: 'current',
    thinkingBudget: { min: 512, max: 24_576, off: true },
  },
  'gemini-2.0-flash': {
    ...generates,
    outputTokenLimit: 8192,
    thinks: false,
    state: 'shutDown',
    until: '2026-06-01',
  },
  'gemini-2.0-flash-lite': {
    ...generates,
    outputTokenLimit: 8192,
    thinks: false,
    state: 'shutDown',
    until: '2026-06-01',
  },
  'gemini-embedding-2': { ...embeds, inputTokenLimit: 8192, state: 'current' },
  // Its shutdown was announced for 2026-07-14; whether it came is not known.
  'gemini-embedding-001': { ...embeds, inputTokenLimit: 2048, state: 'retiring', until: '2026-07-14' },
  'text-embedding-004': { ...embeds, inputTokenLimit: 2048, state: 'shutDown', until: '2026-01-14' },
  'embedding-001': { ...embeds, inputTokenLimit: 2048, state: 'shutDown', until: '2025-10-01' },
};

const gone = /^(gemini-1\.[05]-|gemini-(pro|ultra)(?!-latest)(-|$)|text-bison-|chat-bison-|embedding-gecko-)/;

/** The facts of a model by its id, bare or with `models/`; undefined for one that is not known (it may be new). */
export function modelFacts(model: string): ModelFacts | undefined {
  const id = model.replace(/^models\//, '');
  if (Object.hasOwn(models, id)) return models[id];
  return gone.test(id)
    ? { thinks: false, embeds: id.startsWith('embedding-'), state: 'shutDown', ignoresSampling: false }
    : undefined;
}

/** The ids of the known models that still answer, for help texts. */
export function knownModels(): string[] {
  return Object.entries(models).flatMap(([id, { state }]) => (state === 'shutDown' ? [] : [id]));
}
