import type { Report } from '../diagnostics/diagnostic.ts';
import { mapNode, type SourceNode } from '../diagnostics/source-node.ts';
import { fieldFits } from '../gemini/fields.ts';
import type { JsonObject } from '../lib/json.ts';
import { checkEnums } from '../suite/config-enums.ts';
import { coerceField, fieldShape } from '../suite/coerce-field.ts';
import type { CaseRef } from './case.ts';
import { checkExactNumbers } from './exact-numbers.ts';
import type { Scope } from './lookup.ts';
import { mergeFields } from './merge.ts';
import type { RenderedChecks } from './rendered-checks.ts';
import { renderNode } from './template.ts';

/** The fields of a case’s request: the config’s over the defaults that fit its method, rendered. */
export function fieldsOf(
  ref: CaseRef,
  scope: Scope,
  checks: RenderedChecks | undefined,
  report: Report,
): JsonObject {
  const { suite, config, method } = ref;
  const at = { place: config?.place ?? { file: suite.file, start: 0, end: 0 } };
  const fitting = mapNode(
    suite.defaults.entries().filter(([field]) => fieldFits(method, field)),
    suite.defaults,
  );
  const own = config?.fields ?? mapNode([], { ...at, keyPlace: at.place });
  for (const [field, { keyPlace }] of own.entries())
    if (!fieldFits(method, field))
      report({
        severity: 'error',
        code: 'unfit-field',
        message: `${method} has no field ${field}`,
        place: keyPlace,
        help: 'choose the configs of the test, or move the field to another config',
      });
  return render(mergeFields(fitting, own), scope, checks, report);
}

function render(
  fields: SourceNode<JsonObject>,
  scope: Scope,
  checks: RenderedChecks | undefined,
  report: Report,
): JsonObject {
  const rendered: [string, SourceNode][] = [];
  const changed: [string, SourceNode][] = [];
  for (const [field, node] of fields.entries()) {
    const found = renderNode(node, scope, report, fieldShape(field));
    if (found.value === node.value) {
      checkExactNumbers(node, report);
      rendered.push([field, node]);
      continue;
    }
    const made = coerceField(field, found);
    checks?.later((reportLater) => checkExactNumbers(made, reportLater));
    rendered.push([field, made]);
    changed.push([field, made]);
  }
  if (changed.length > 0) {
    const defaults = mapNode(changed, fields);
    checks?.validate('defaults', defaults);
    checks?.later((reportLater) => checkEnums(defaults, reportLater));
  }
  return mapNode(rendered, fields).value;
}
