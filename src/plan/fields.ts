import type { Report } from '../diagnostics/diagnostic.ts';
import { copyPlace, keyPlace, valuePlace } from '../diagnostics/places.ts';
import { writtenText } from '../diagnostics/written.ts';
import { fieldFits } from '../gemini/fields.ts';
import type { JsonObject } from '../lib/json.ts';
import { checkEnums } from '../suite/config-enums.ts';
import { coerceField, fieldShape } from '../suite/coerce-field.ts';
import type { CaseRef } from './case.ts';
import { checkExactNumbers } from './exact-numbers.ts';
import type { Scope } from './lookup.ts';
import { mergeFields } from './merge.ts';
import type { RenderedChecks } from './rendered-checks.ts';
import { renderFound } from './template.ts';

/** The fields of a case’s request: the config’s over the defaults that fit its method, rendered. */
export function fieldsOf(
  ref: CaseRef,
  scope: Scope,
  checks: RenderedChecks | undefined,
  report: Report,
): JsonObject {
  const { suite, config, method } = ref;
  const fitting: JsonObject = {};
  for (const field of Object.keys(suite.defaults)) {
    if (!fieldFits(method, field)) continue;
    fitting[field] = suite.defaults[field] ?? null;
    copyPlace(suite.defaults, field, fitting, field);
  }
  const own = config?.fields ?? {};
  for (const field of Object.keys(own)) {
    if (fieldFits(method, field)) continue;
    const place = keyPlace(own, field) ?? config?.place;
    report({
      severity: 'error',
      code: 'unfit-field',
      message: `${method} has no field ${field}`,
      ...(place ? { place } : {}),
      help: 'choose the configs of the test, or move the field to another config',
    });
  }
  return render(mergeFields(fitting, own), ref, scope, checks, report);
}

function render(
  fields: JsonObject,
  { suite, config }: CaseRef,
  scope: Scope,
  checks: RenderedChecks | undefined,
  report: Report,
): JsonObject {
  const whole = config?.place ?? { file: suite.file, start: 0, end: 0 };
  const rendered: JsonObject = {};
  const changed: JsonObject = {};
  for (const [field, value] of Object.entries(fields)) {
    rendered[field] = value;
    const place = valuePlace(fields, field) ?? whole;
    const found = renderFound(value, scope, { place, report }, fieldShape(field));
    if (found.value === value) {
      checkExactNumbers(value, { place, text: writtenText(fields, field) }, report);
      continue;
    }
    const made = coerceField(field, found.value, found.text);
    checks?.later((reportLater) => checkExactNumbers(made, { place, text: found.text }, reportLater));
    rendered[field] = made;
    changed[field] = made;
    copyPlace(fields, field, changed, field);
  }
  if (Object.keys(changed).length > 0) {
    checks?.validate({ defaults: changed }, whole);
    checks?.later((reportLater) => checkEnums(changed, whole, reportLater));
  }
  return rendered;
}
