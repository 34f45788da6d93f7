import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { validate } from '../generated/suite-validator.js';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { unreadConfig } from './doubts.ts';
import { explainErrors, telling } from '../shape/explain.ts';
import { prune } from '../shape/prune.ts';
import { foreignForm } from './foreign-entry.ts';

/** Faults may hide others: so many times the rest is looked at once more. */
const mostRounds = 5;

/** What a value is worth to further checks: all of it, or what is left without the faults that were told. */
export interface Held {
  readonly value: JsonObject;
  readonly sound: boolean;
}

/** Whether a value is a suite by the schema; what is wrong with one that is not, {@link holdToSchema} tells. */
export function fitsSchema(value: JsonValue): boolean {
  return validate(value);
}

/** Holds a value to the schema of suites; every fault is told. Undefined if nothing is left to look at. */
export async function holdToSchema(
  raw: JsonValue,
  rootPlace: Place,
  report: Report,
): Promise<Held | undefined> {
  if (validate(raw) && isObject(raw)) return { value: raw, sound: true };
  explainErrors(validate.errors ?? [], raw, rootPlace, report, foreignForm);
  if (!isObject(raw)) return undefined;
  let value = raw;
  for (let round = 0; round < mostRounds; round++) {
    value = prune(value, telling(validate.errors ?? []), standIn);
    if (validate(value)) return { value, sound: false };
  }
  return undefined;
}

/** A prompt or config keeps its name, so that those who use it are not told that it does not exist. */
function standIn(path: readonly string[]): JsonValue | undefined {
  if (path.length !== 2) return undefined;
  return path[0] === 'configs' ? unreadConfig() : path[0] === 'prompts' ? '' : undefined;
}
