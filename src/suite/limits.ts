import { bareModel } from '../gemini/paths.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import { isObject, type JsonObject } from '../lib/json.ts';
import { checkModelKeys } from './models.ts';
import type { Limits } from './suite.ts';

/** The `limits` of a suite, those of single models under their bare ids. */
export function readLimits(written: JsonObject, report: Report): Limits {
  const { models } = written;
  if (!isObject(models)) return written;
  checkModelKeys(models, report);
  const bare = Object.entries(models).map(([model, rates]) => [bareModel(model), rates] as const);
  return { ...written, models: Object.fromEntries(bare) } as Limits;
}
