import type { Report } from '../diagnostics/diagnostic.ts';
import type { SourceNode } from '../diagnostics/source-node.ts';
import { validate } from '../generated/suite-validator.js';
import type { JsonValue } from '../lib/json.ts';
import { explainErrors } from '../shape/explain.ts';
import { migrationHint } from './migration-hint.ts';

/** Whether a value is a suite by the schema; {@link validateSuite} reports what is wrong with one that is not. */
export function fitsSchema(value: JsonValue): boolean {
  return validate(value);
}

/** Validates a value against the schema of suites and reports every error; true if there is none. */
export function validateSuite(suite: SourceNode, report: Report): boolean {
  if (validate(suite.value)) return true;
  explainErrors(validate.errors ?? [], suite, report, migrationHint);
  return false;
}
