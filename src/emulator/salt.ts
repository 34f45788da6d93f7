/** What makes answers differ: the request, the server's seed and, where a model heeds a temperature, how often it was asked. */
import { nameOf } from './chance.ts';
import type { EmulatedModel } from './models.ts';
import type { GenerateRequest } from './request.ts';

/** A salt for each request; equal ones are counted for models that heed a temperature above 0 and got no seed. */
export function createSalts(
  seed: number,
): (request: GenerateRequest, model: EmulatedModel, key: string) => string {
  const asked = new Map<string, number>();
  return (request, { ignoresSampling }, key) => {
    const { contents, systemInstruction, tools, generationConfig = {} } = request;
    // What only cuts or decorates an answer must not change it: a shorter answer is the start of the longer.
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
    let count = 0;
    if (varies) {
      count = asked.get(key) ?? 0;
      asked.set(key, count + 1);
    }
    return nameOf(
      JSON.stringify([contents, systemInstruction, tools, config, sampling]),
      String(seed),
      String(count),
    );
  };
}
