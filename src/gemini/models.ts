import { bareModel } from './paths.ts';
import { models, type ModelFacts } from './model-table.ts';

const gone = /^(gemini-1\.[05]-|gemini-(pro|ultra)(?!-latest)(-|$)|text-bison-|chat-bison-|embedding-gecko-)/;
/** Shut down long ago, on a day that is not kept here. */
const longGone: ModelFacts = { thinks: false, embeds: false, ignoresSampling: false, until: '' };
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
  return gone.test(bareModel(model)) ? longGone : undefined;
}

/** The facts of a model that no longer answers by itself on a day (ISO 8601, UTC): it is routed, or shut down. */
export function endedBy(model: string, date: string): ModelFacts | undefined {
  const facts = modelFacts(model);
  return facts?.until !== undefined && date.slice(0, 10) >= facts.until ? facts : undefined;
}

/** The ids of the known models that are answered on a day (ISO 8601, UTC), if by another. */
export function knownModels(date: string): string[] {
  return Object.keys(models).filter((id) => {
    const ended = endedBy(id, date);
    return !ended || ended.routedTo !== undefined;
  });
}
