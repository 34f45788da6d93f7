import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { validate } from '../generated/suite-validator.js';
import type { JsonValue } from '../lib/json.ts';
import { explainErrors } from '../shape/explain.ts';
import { foreignForm } from './foreign-entry.ts';

/** Whether a value is a suite by the schema; {@link validateSuite} reports what is wrong with one that is not. */
export function fitsSchema(value: JsonValue): boolean {
  return validate(value);
}

/** Validates a value against the schema of suites and reports every error; true if there is none. */
export function validateSuite(raw: JsonValue, rootPlace: Place, report: Report): boolean {
  if (validate(raw)) return true;
  explainErrors(validate.errors ?? [], raw, rootPlace, report, foreignForm);
  return false;
}
