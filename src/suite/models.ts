import type { SourceRange, Report } from '../diagnostics/diagnostic.ts';
import type { SourceNode } from '../diagnostics/source-node.ts';
import { endedBy } from '../gemini/models.ts';
import { isModelName, bareModel } from '../gemini/paths.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Located } from './suite.ts';

/** Tells of a text that names no model. */
export function checkModelName(name: string, place: SourceRange | undefined, report: Report): void {
  if (isModelName(name)) return;
  report({
    severity: 'error',
    code: 'bad-model-name',
    message: `expected the name of a model, received ${JSON.stringify(name)}`,
    ...(place ? { place } : {}),
    help: 'letters, digits and . _ - :, with or without models/ or tunedModels/ before them: gemini-3.8-flash',
  });
}

/** Warns of a model that no longer answers by itself on a day (ISO 8601, UTC): another answers in its place, or none does. */
export function warnAboutEnded(
  model: string,
  day: string,
  place: SourceRange | undefined,
  report: Report,
): void {
  const { routedTo, until, replacement } = endedBy(model, day) ?? {};
  if (until === undefined) return;
  const at = place ? { place } : {};
  if (routedTo !== undefined)
    report({
      severity: 'warning',
      code: 'routed-model',
      message: `${model} is answered by ${routedTo} since ${until}`,
      ...at,
      help: `write ${routedTo}: its parameters and its price apply`,
    });
  else
    report({
      severity: 'warning',
      code: 'retired-model',
      message: until === '' ? `${model} has been shut down` : `${model} was shut down on ${until}`,
      ...at,
      help:
        replacement === undefined
          ? 'assay models lists the models there are'
          : `write ${replacement} in its place`,
    });
}

/** Checks the models that a suite, test or config names; those that are templates are looked at when they are rendered. */
export function checkModels(
  { model, models = [] }: { readonly model?: Located<string>; readonly models?: readonly Located<string>[] },
  report: Report,
): void {
  const seen = new Set<string>();
  for (const { value, place } of model ? [model, ...models] : models)
    if (!value.includes('{{')) checkModelName(value, place, report);
  for (const { value, place } of models) {
    const bare = bareModel(value);
    if (seen.has(bare)) reportDuplicate(bare, place, report);
    seen.add(bare);
  }
}

/** Tells that an entry of `models` names one that another names. */
export function reportDuplicate(model: string, place: SourceRange, report: Report): void {
  report({
    severity: 'error',
    code: 'duplicate-model',
    message: `"models" names ${JSON.stringify(model)} twice`,
    place,
    help: 'remove it; to ask the same model several times, use repeats',
  });
}

/** The same for the keys of a map by model. */
export function checkModelKeys(map: SourceNode<JsonObject>, report: Report): void {
  for (const [name, { keyPlace }] of map.entries()) checkModelName(name, keyPlace, report);
}
