import { bareModel } from './paths.ts';
import { models, type ModelFacts } from './model-table.ts';

const gone = /^(gemini-1\.[05]-|gemini-(pro|ultra)(?!-latest)(-|$)|text-bison-|chat-bison-|embedding-gecko-)/;
/** How the service names a state of a model: `-001`, `-01-2026`. */
const versionSuffix = /-(\d{3}|\d{2}-\d{4})$/;

/** The id under which a map by model holds what is said of a model: bare, and without its version where only that is held. */
export function idIn(map: Readonly<Record<string, unknown>>, model: string): string | undefined {
  const id = bareModel(model);
  return [id, id.replace(versionSuffix, '')].find((each) => Object.hasOwn(map, each));
}

/** The facts of a model by its id, bare or with `models/`; undefined for one that is not known (it may be new). */
export function modelFacts(model: string): ModelFacts | undefined {
  const id = idIn(models, model);
  if (id !== undefined) return models[id];
  const bare = bareModel(model);
  return gone.test(bare)
    ? { thinks: false, embeds: bare.startsWith('embedding-'), state: 'shutDown', ignoresSampling: false }
    : undefined;
}

/** The ids of the known models that still answer, for help texts. */
export function knownModels(): string[] {
  return Object.entries(models).flatMap(([id, { state }]) => (state === 'shutDown' ? [] : [id]));
}
