import type { SourceRange, Report } from '../diagnostics/diagnostic.ts';
import { isMapNode, type SourceNode } from '../diagnostics/source-node.ts';
import { describeError } from './describe-error.ts';
import { steps } from './pointer.ts';
import type { SchemaError } from './schema-error.ts';
import { templateInside } from './shape.ts';

/** The help for a template that gave a list, a map or an empty text. */
function templateHelp({ file, start, end }: SourceRange, value: unknown): string | undefined {
  const written = file.text.slice(start, end).trim();
  const isMade = (typeof value === 'object' && value !== null) || value === '';
  const [template] = (isMade && /^["']?\{\{.*\}\}["']?$/s.exec(written)) || [];
  if (template === undefined) return undefined;
  const named = template.replaceAll(/^["']|["']$/g, '');
  return value === ''
    ? `${named} is empty here: give it a value`
    : `${named} is a ${Array.isArray(value) ? 'list' : 'map'} here: name one of its values`;
}

/** Keywords that only sum up other errors. */
const composites = new Set(['if', 'anyOf', 'oneOf', 'allOf', 'not', '$ref']);
/** Keywords that mean nothing for a value of the wrong type. */
const ofTheType = new Set([
  'enum',
  'const',
  'pattern',
  'minimum',
  'maximum',
  'format',
  'minLength',
  'maxLength',
]);

/** The errors that do not follow from others. */
function meaningful(errors: readonly SchemaError[]): SchemaError[] {
  const wrongType = new Set(errors.filter((e) => e.keyword === 'type').map((e) => e.instancePath));
  const unknown = new Set(errors.filter((e) => e.keyword === 'enum').map((e) => e.instancePath));
  const plain = errors.filter(
    ({ keyword, instancePath, propertyName, params }) =>
      !composites.has(keyword) &&
      // The unknown value of a closed set has an error already.
      !(keyword === 'pattern' && params['pattern'] === templateInside && unknown.has(instancePath)) &&
      propertyName === undefined &&
      !(ofTheType.has(keyword) && wrongType.has(instancePath)),
  );
  const alone = errors.filter(
    ({ keyword, instancePath }) =>
      composites.has(keyword) &&
      keyword !== 'if' &&
      !plain.some((e) => e.instancePath === instancePath || e.instancePath.startsWith(`${instancePath}/`)),
  );
  return [...plain, ...alone];
}

/** Types and choices that several branches of one value expect, as one error. */
function joined(errors: readonly SchemaError[]): SchemaError[] {
  const result: SchemaError[] = [];
  const at = new Map<string, number>();
  for (const error of errors) {
    const list = error.keyword === 'type' ? 'type' : error.keyword === 'enum' ? 'allowedValues' : undefined;
    const key = `${error.keyword} ${error.instancePath}`;
    const index = at.get(key);
    const before = index === undefined ? undefined : result[index];
    if (list === undefined || index === undefined || before === undefined) {
      at.set(key, result.length);
      result.push(error);
    } else {
      const values = new Set([before.params[list], error.params[list]].flat());
      result[index] = { ...before, params: { ...before.params, [list]: [...values] } };
    }
  }
  return result;
}

/**
 * Reports a validator's errors (ajv, `allErrors`, `verbose`), each at its value or key, without those that follow from
 * others. `advise` may give better help for an unknown key; the same help for two keys of one map is reported once.
 */
export function explainErrors(
  errors: readonly SchemaError[],
  root: SourceNode,
  report: Report,
  advise: (error: SchemaError, value: unknown) => string | undefined = () => undefined,
): void {
  const seen = new Set<string>();
  for (const error of joined(meaningful(errors))) {
    const path = steps(error.instancePath);
    const node = path.reduce((at: SourceNode, step) => at.at(step), root);
    const words = describeError(error, node.value, path, node.text);
    const place =
      words.key !== undefined && isMapNode(node)
        ? node.at(words.key).keyPlace
        : words.atKey
          ? node.keyPlace
          : node.place;
    const { code, message } = words;
    const advice = advise(error, node.value);
    const help = advice ?? templateHelp(place, node.value) ?? words.help;
    const key = JSON.stringify(
      advice === undefined
        ? [code, message, place.file.path, place.start, place.end]
        : [error.instancePath, advice],
    );
    if (seen.has(key)) continue;
    seen.add(key);
    report({ severity: 'error', code, message, place, ...(help === undefined ? {} : { help }) });
  }
}
