import { validateCase, validateFile } from '../generated/results-validator.js';
import { olderFormat, resultsFormat, type CaseRecord, type ResultsHead } from '../judge/case-record.ts';
import { verdictOf, verdictOfTrial } from '../judge/verdict.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { describeError } from '../shape/describe-error.ts';
import { steps } from '../shape/pointer.ts';
import type { SchemaError } from '../shape/schema-error.ts';

/** A value that was checked, or what is wrong with it: `trials[0].verdict: expected …`. */
export type Checked<T> = { readonly value: T } | { readonly error: string };

/** Checks the part of a results file before its cases. `schema` stays as in the file. */
export function checkHead(value: JsonObject): Checked<ResultsHead> {
  const isValid = validateFile({ ...value, schema: resultsFormat, cases: [] });
  return isValid
    ? { value: value as unknown as ResultsHead }
    : { error: errorIn(value, validateFile.errors) };
}

/** Checks a case of a results file of this format, and brings it into the form of today. */
export function checkCase(value: JsonValue, schema: string): Checked<CaseRecord> {
  if (!isObject(value)) return { error: 'expected a map' };
  const upgraded = schema === olderFormat ? fromVersion1(value) : value;
  return validateCase(upgraded)
    ? { value: upgraded as unknown as CaseRecord }
    : { error: errorIn(upgraded, validateCase.errors) };
}

/** A case of version 1, which has only the texts of the earlier turns: their outcome is not compared. */
function fromVersion1(value: JsonObject): JsonObject {
  const { trials } = value;
  if (!Array.isArray(trials)) return value;
  return {
    ...value,
    trials: trials.map((trial) => {
      if (!isObject(trial) || !Array.isArray(trial.turns) || !Array.isArray(trial.candidates)) return trial;
      const outcome = trial.outcome ?? null;
      const last = { text: [], ...(isObject(trial.candidates[0]) ? trial.candidates[0] : {}) };
      return { ...trial, turns: [...trial.turns.map((text) => ({ outcome, text })), { outcome, ...last }] };
    }),
  };
}

/** Describes a verdict that does not follow from the trials of a case; statistics may leave a case undecided. */
export function wrongVerdict({ id, verdict, trials, ...rest }: CaseRecord): string | undefined {
  for (const [index, trial] of trials.entries()) {
    const expected = verdictOfTrial(trial.assertions);
    if (trial.verdict !== 'errored' && trial.verdict !== expected)
      return `trial ${index + 1} of ${JSON.stringify(id)} has the verdict ${trial.verdict}, its assertions say ${expected}`;
  }
  const expected = verdictOf(rest, trials);
  return verdict === expected || verdict === 'inconclusive'
    ? undefined
    : `${JSON.stringify(id)} has the verdict ${verdict}, its trials say ${expected}`;
}

function errorIn(root: JsonValue, errors: readonly SchemaError[] | null | undefined): string {
  const [error] = errors ?? [];
  if (!error) return 'it does not fit the schema';
  const path = steps(error.instancePath);
  let value: unknown = root;
  for (const step of path) value = (value as Record<string, unknown> | undefined)?.[step];
  const where = path.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`)).join('');
  const { message } = describeError(error, value, path);
  return where === '' ? message : `${where.replace(/^\./, '')}: ${message}`;
}
