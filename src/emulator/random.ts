/** Deterministic pseudo-random values: the same words give the same values, on every machine. */
import { hash } from 'node:crypto';
import type { Model } from './models.ts';
import type { GenerateRequest } from './request.ts';

/** The bytes of the SHA-256 of words. */
export function digest(...words: readonly string[]): Buffer {
  return hash('sha256', words.join('\0'), 'buffer');
}

/** A short text that stands for words. */
export function hashOf(...words: readonly string[]): string {
  return hash('sha1', words.join('\0'), 'base64');
}

/** A whole number from 0 to `below` - 1. */
export function randomInt(below: number, ...words: readonly string[]): number {
  return digest(...words).readUInt32BE(0) % below;
}

/** One of a list. */
export function pick<T>(list: readonly T[], ...words: readonly string[]): T | undefined {
  return list[randomInt(list.length, ...words)];
}

/**
 * Makes the seed of each response from the request and the server's seed. Models that heed a temperature above 0 answer
 * equal requests differently, unless the request has a seed: these requests are counted by `key`.
 */
export function createResponseSeeds(
  serverSeed: number,
): (request: GenerateRequest, model: Model, key: string) => string {
  const counts = new Map<string, number>();
  return (request, { ignoresSampling }, key) => {
    const { contents, systemInstruction, tools, generationConfig = {} } = request;
    // These only cut or decorate an answer: a shorter answer must be the start of the longer one.
    const {
      maxOutputTokens: _a,
      stopSequences: _b,
      candidateCount: _c,
      responseLogprobs: _d,
      logprobs: _e,
      thinkingConfig: _f,
      mediaResolution: _g,
      temperature,
      topP,
      topK,
      ...config
    } = generationConfig;
    const sampling = ignoresSampling ? [] : [temperature ?? 1, topP ?? null, topK ?? null];
    const varies = !ignoresSampling && (temperature ?? 1) > 0 && config.seed === undefined;
    const count = varies ? (counts.get(key) ?? 0) : 0;
    if (varies) counts.set(key, count + 1);
    return hashOf(
      JSON.stringify([contents, systemInstruction, tools, config, sampling]),
      String(serverSeed),
      String(count),
    );
  };
}
