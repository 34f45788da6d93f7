/**
 * What Assay knows about models: limits, capabilities, replacements and prices, with dates and sources.
 * The one place to change when Google does. Looked up by `models.ts` and `prices.ts`.
 */

/** USD for a million tokens of the paid standard tier. A price that is absent is unknown, never nothing. */
export interface Price {
  /** Text, and every modality without a price of its own. */
  readonly input: number;
  /** Candidates and thoughts alike. */
  readonly output?: number;
  /** Input that came from a context cache. */
  readonly cached?: number;
  readonly audio?: number;
  readonly cachedAudio?: number;
  readonly image?: number;
  readonly video?: number;
  /** What a whole request costs whose prompt has more than `above` tokens. */
  readonly long?: {
    readonly above: number;
    readonly input: number;
    readonly output?: number;
    readonly cached?: number;
  };
}

/** A price, and its first day (ISO, UTC); without one, from the start. */
interface DatedPrice extends Price {
  readonly from?: string;
  readonly source: string;
}

/** What is known about a model beside what models.get returns. */
export interface ModelFacts {
  readonly inputTokenLimit?: number;
  readonly outputTokenLimit?: number;
  readonly thinks: boolean;
  readonly embeds: boolean;
  /** ISO date (UTC) from which `routedTo` answers, or, without it, from which the model is shut down. */
  readonly until?: string;
  /** The model that answers in its place from `until` on, silently, by its own rules and at its own price. */
  readonly routedTo?: string;
  /** What to use in place of a model that is shut down. */
  readonly replacement?: string;
  /** temperature, topP and topK are accepted and ignored: temperature 0 gives no determinism. */
  readonly ignoresSampling: boolean;
  /** Thinking levels it takes; absent: not known, or budgets only. */
  readonly thinkingLevels?: readonly string[];
  /** Thinking budgets it takes; absent where levels are used. */
  readonly thinkingBudget?: { readonly min: number; readonly max: number; readonly off: boolean };
  /** Later ones last; the last one that has begun applies. */
  readonly prices?: readonly DatedPrice[];
}

/** Google's pages, as they were read on the day named, also by others. */
const pricing = 'ai.google.dev/gemini-api/docs/pricing';
const asOf = (day: string): string => `${pricing}, read ${day} by pydantic/genai-prices (commit 47df840)`;
/**
 * Limits and thinking: ai.google.dev/gemini-api/docs/models and /thinking, for Gemini 4 docs.cloud.google.com (Gemini
 * Enterprise Agent Platform, one page a model). Routing and shutdowns: ai.google.dev/gemini-api/docs/deprecations and
 * /changelog, autumn 2026.
 */
const generates = {
  inputTokenLimit: 1_048_576,
  outputTokenLimit: 65_536,
  thinks: true,
  embeds: false,
  ignoresSampling: false,
};
const embeds = { thinks: false, embeds: true, ignoresSampling: false };
/** Pictures cost more than the text beside them; without a price for each no price is known. */
const draws = { ...generates, inputTokenLimit: 65_536, outputTokenLimit: 32_768 };
const speaks = { ...generates, inputTokenLimit: 8192, outputTokenLimit: 16_384, thinks: false };
const fromLow = ['LOW', 'MEDIUM', 'HIGH'];
const fromMinimal = ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'];
const toXhigh = ['LOW', 'MEDIUM', 'HIGH', 'XHIGH'];

/** Introductory until the end of 2026, then twice as much; audio has no price of its own. */
const introductory = (source: string): DatedPrice[] => [
  { input: 0.75, output: 3.75, cached: 0.075, source },
  { from: '2027-01-01', input: 1.5, output: 7.5, cached: 0.15, source },
];
/** Gemini 4 argon and carbon: half price until the end of November 2026. */
const gemini4 = (source: string): DatedPrice[] => [
  { input: 2, output: 10, cached: 0.1, source },
  { from: '2026-12-01', input: 4, output: 20, cached: 0.2, source },
];
/** Text in, sound out; twice as much from 2027 on. */
const speech = (output: number): DatedPrice[] => {
  const source = `${pricing}, read 2026-09-22 (github.com/BerriAI/litellm/discussions/42776)`;
  return [
    { input: 0.5, output, source },
    { from: '2027-01-01', input: 1, output: 2 * output, source },
  ];
};
const pro3 = (source: string): DatedPrice[] => [
  {
    input: 2,
    output: 12,
    cached: 0.2,
    long: { above: 200_000, input: 4, output: 18, cached: 0.4 },
    source,
  },
];

export const models: Readonly<Record<string, ModelFacts>> = {
  'gemini-4-argon': {
    ...generates,
    ignoresSampling: true,
    thinkingLevels: fromLow,
    prices: gemini4('ai.google.dev/gemini-api/docs/latest-model (argon), read 2026-11'),
  },
  'gemini-4-carbon': {
    ...generates,
    ignoresSampling: true,
    thinkingLevels: fromLow,
    prices: gemini4(`${pricing}, read 2026-11-11 (apidog.com)`),
  },
  'gemini-4-hydrogen': {
    ...generates,
    ignoresSampling: true,
    thinkingLevels: toXhigh,
    prices: [{ input: 1.5, output: 7.5, cached: 0.075, source: `${pricing}, read 2026-11-13 (apidog.com)` }],
  },
  'gemini-4-neon': {
    ...generates,
    ignoresSampling: true,
    thinkingLevels: toXhigh,
    prices: [{ input: 3, output: 15, cached: 0.15, source: `${pricing}, read 2026-11-19 (apidog.com)` }],
  },
  'gemini-3.8-flash': {
    ...generates,
    ignoresSampling: true,
    thinkingLevels: fromLow,
    prices: introductory(
      `${pricing}: "$0.75 through December 31, 2026", read 2026-10-07 (api-evangelist/deepmind); output, cache and 2027: BerriAI/litellm#39357`,
    ),
  },
  'gemini-3.7-flash': {
    ...generates,
    until: '2026-10-08',
    routedTo: 'gemini-3.8-flash',
    ignoresSampling: true,
    thinkingLevels: fromLow,
    prices: introductory(asOf('2026-08-13')),
  },
  'gemini-3.6-flash': {
    ...generates,
    ignoresSampling: true,
    thinkingLevels: fromMinimal,
    prices: introductory(asOf('2026-08-13')),
  },
  'gemini-3.5-flash': {
    ...generates,
    until: '2026-10-08',
    routedTo: 'gemini-3.6-flash',
    thinkingLevels: fromMinimal,
    prices: [{ input: 1.5, output: 9, cached: 0.15, source: asOf('2026-05-19') }],
  },
  'gemini-3.5-flash-lite': {
    ...generates,
    ignoresSampling: true,
    thinkingLevels: fromMinimal,
    prices: [{ input: 0.3, output: 2.5, cached: 0.03, source: asOf('2026-07-22') }],
  },
  'gemini-3.1-pro-preview': {
    ...generates,
    thinkingLevels: fromLow,
    prices: pro3(asOf('2026-02-23')),
  },
  'gemini-3.1-flash-lite': {
    ...generates,
    until: '2027-05-07',
    replacement: 'gemini-3.5-flash-lite',
    thinkingLevels: fromMinimal,
    prices: [
      {
        input: 0.25,
        output: 1.5,
        cached: 0.025,
        audio: 0.5,
        cachedAudio: 0.05,
        source: asOf('2026-05-12'),
      },
    ],
  },
  'gemini-3.1-flash-lite-preview': {
    ...generates,
    until: '2026-05-25',
    replacement: 'gemini-3.5-flash-lite',
  },
  'gemini-3-pro-preview': {
    ...generates,
    until: '2026-03-09',
    replacement: 'gemini-3.1-pro-preview',
    thinkingLevels: ['LOW', 'HIGH'],
    prices: pro3(asOf('2025-11-18')),
  },
  'gemini-3-flash-preview': {
    ...generates,
    thinkingLevels: fromMinimal,
    prices: [{ input: 0.5, output: 3, cached: 0.05, audio: 1, cachedAudio: 0.1, source: asOf('2025-12-19') }],
  },
  'gemini-2.5-pro': {
    ...generates,
    until: '2026-12-01',
    routedTo: 'gemini-3.8-flash',
    thinkingBudget: { min: 128, max: 32_768, off: false },
    prices: [
      {
        input: 1.25,
        output: 10,
        cached: 0.125,
        long: { above: 200_000, input: 2.5, output: 15, cached: 0.25 },
        source: asOf('2025-10-31'),
      },
    ],
  },
  'gemini-2.5-flash': {
    ...generates,
    until: '2026-12-01',
    routedTo: 'gemini-3.5-flash-lite',
    thinkingBudget: { min: 1, max: 24_576, off: true },
    prices: [
      { input: 0.3, output: 2.5, cached: 0.03, audio: 1, cachedAudio: 0.1, source: asOf('2025-10-31') },
    ],
  },
  // Stays "until further notice".
  'gemini-2.5-flash-lite': {
    ...generates,
    thinkingBudget: { min: 512, max: 24_576, off: true },
    prices: [
      { input: 0.1, output: 0.4, cached: 0.01, audio: 0.3, cachedAudio: 0.03, source: asOf('2025-10-31') },
    ],
  },
  'gemini-2.5-computer-use-preview-10-2025': {
    ...generates,
    inputTokenLimit: 128_000,
    outputTokenLimit: 64_000,
    thinkingBudget: { min: 128, max: 32_768, off: false },
  },
  'gemini-2.0-flash': {
    ...generates,
    outputTokenLimit: 8192,
    thinks: false,
    until: '2026-06-01',
    replacement: 'gemini-3.8-flash',
    prices: [
      { input: 0.1, output: 0.4, cached: 0.025, audio: 0.7, cachedAudio: 0.175, source: asOf('2025-07-04') },
    ],
  },
  'gemini-2.0-flash-lite': {
    ...generates,
    outputTokenLimit: 8192,
    thinks: false,
    until: '2026-06-01',
    replacement: 'gemini-3.5-flash-lite',
    prices: [{ input: 0.075, output: 0.3, source: asOf('2025-07-04') }],
  },
  // Models that answer in pictures: ai.google.dev/gemini-api/docs/image-generation.
  'gemini-nano-banana-2.1': { ...draws, thinkingLevels: ['MINIMAL', 'MEDIUM', 'HIGH'] },
  'gemini-3-pro-image': { ...draws },
  'gemini-3.1-flash-lite-image': { ...draws },
  // The shutdown is reported in github.com/BerriAI/litellm/discussions/44983, not on Google's page as it was read.
  'gemini-3.1-flash-image': { ...draws, until: '2026-10-29', replacement: 'gemini-nano-banana-2.1' },
  'gemini-2.5-flash-image': {
    ...draws,
    thinks: false,
    until: '2027-03-15',
    replacement: 'gemini-3.1-flash-lite-image',
  },
  'gemini-3.1-flash-image-preview': {
    ...draws,
    until: '2026-06-25',
    replacement: 'gemini-nano-banana-2.1',
  },
  'gemini-3-pro-image-preview': { ...draws, until: '2026-06-25', replacement: 'gemini-3-pro-image' },
  // Models that speak: ai.google.dev/gemini-api/docs/speech-generation.
  'gemini-3.8-flash-tts': { ...speaks, prices: speech(9) },
  'gemini-3.8-flash-lite-tts': { ...speaks, prices: speech(6) },
  'gemini-3.1-flash-tts-preview': {
    ...speaks,
    until: '2026-11-17',
    replacement: 'gemini-3.8-flash-lite-tts',
  },
  'gemini-2.5-flash-preview-tts': {
    ...speaks,
    until: '2026-11-17',
    replacement: 'gemini-3.8-flash-lite-tts',
  },
  'gemini-2.5-pro-preview-tts': { ...speaks, until: '2026-11-17', replacement: 'gemini-3.8-flash-tts' },
  'gemini-embedding-2': {
    ...embeds,
    inputTokenLimit: 8192,
    prices: [{ input: 0.2, image: 0.45, audio: 6.5, video: 12, source: asOf('2026-07-22') }],
  },
  // Its shutdown was announced for 2026-07-14; whether it came is not known.
  'gemini-embedding-001': {
    ...embeds,
    inputTokenLimit: 2048,
    prices: [{ input: 0.15, source: asOf('2026-08-21') }],
  },
  'text-embedding-004': {
    ...embeds,
    inputTokenLimit: 2048,
    until: '2026-01-14',
    replacement: 'gemini-embedding-2',
  },
  'embedding-001': {
    ...embeds,
    inputTokenLimit: 2048,
    until: '2025-10-01',
    replacement: 'gemini-embedding-2',
  },
};
