import type { JsonObject } from '../lib/json.ts';
import { buildSuiteSchema } from './shapes/suite.ts';

/** The JSON Schema of the suite language, as published in schemas/suite.schema.json. */
export function suiteSchema(): JsonObject {
  return buildSuiteSchema();
}
