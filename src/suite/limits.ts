import { bareModel } from '../gemini/paths.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import { isMapNode, type SourceNode } from '../diagnostics/source-node.ts';
import type { JsonObject } from '../lib/json.ts';
import { checkModelKeys } from './models.ts';
import type { Limits } from './suite.ts';

/** The `limits` of a suite, those of single models under their bare ids. */
export function readLimits(written: SourceNode<JsonObject>, report: Report): Limits {
  const models = written.at('models');
  if (!isMapNode(models)) return written.value;
  checkModelKeys(models, report);
  const bare = Object.entries(models.value).map(([model, rates]) => [bareModel(model), rates] as const);
  return { ...written.value, models: Object.fromEntries(bare) } as Limits;
}
