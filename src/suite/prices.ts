import { bareModel } from '../gemini/paths.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import type { Price, PriceOverrides } from '../gemini/prices.ts';
import type { SourceNode } from '../diagnostics/source-node.ts';
import type { JsonObject } from '../lib/json.ts';
import { checkModelKeys } from './models.ts';

/** The `prices` of a suite: what it leaves out of a cache's price is that of other input. */
export function readPrices(written: SourceNode<JsonObject>, report: Report): PriceOverrides {
  checkModelKeys(written, report);
  return Object.fromEntries(
    Object.entries(written.value as unknown as PriceOverrides).map(
      ([model, { long, ...price }]): [string, Price] => [
        bareModel(model),
        { cached: price.input, ...price, ...(long ? { long: { cached: long.input, ...long } } : {}) },
      ],
    ),
  );
}
