import type { SourceRange, Report } from '../diagnostics/diagnostic.ts';
import { isMapNode, type SourceNode } from '../diagnostics/source-node.ts';
import { describeFault } from './fault-words.ts';
import { steps } from './pointer.ts';
import type { SchemaFault } from './schema-fault.ts';
import { templateInside } from './shape.ts';

/** What to do where a value is not as written: a template stands there that made it a list, a map or an empty text. */
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
/** Keywords that judge a whole value, so that a wrong type makes them meaningless. */
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

/** The errors that say something of their own. */
function telling(errors: readonly SchemaFault[]): SchemaFault[] {
  const wrongType = new Set(errors.filter((e) => e.keyword === 'type').map((e) => e.instancePath));
  const unknown = new Set(errors.filter((e) => e.keyword === 'enum').map((e) => e.instancePath));
  const plain = errors.filter(
    ({ keyword, instancePath, propertyName, params }) =>
      !composites.has(keyword) &&
      // A value of a closed set that is none is no template either.
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

/** Types and choices that several branches of one value expect, as one fault. */
function joined(errors: readonly SchemaFault[]): SchemaFault[] {
  const result: SchemaFault[] = [];
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
 * Reports a validator's errors (ajv, `allErrors`, `verbose`) in the words of this project, each at the place where
 * its value or key was written; errors that only follow from others are left out. `advise` may know better what to do
 * about an unknown key: the same advice for two keys of one map is told once.
 */
export function explainErrors(
  errors: readonly SchemaFault[],
  root: SourceNode,
  report: Report,
  advise: (fault: SchemaFault, value: unknown) => string | undefined = () => undefined,
): void {
  const seen = new Set<string>();
  for (const fault of joined(telling(errors))) {
    const path = steps(fault.instancePath);
    const node = path.reduce((at: SourceNode, step) => at.at(step), root);
    const words = describeFault(fault, node.value, path, node.text);
    const place =
      words.key !== undefined && isMapNode(node)
        ? node.at(words.key).keyPlace
        : words.atKey
          ? node.keyPlace
          : node.place;
    const { code, message } = words;
    const advice = advise(fault, node.value);
    const help = advice ?? templateHelp(place, node.value) ?? words.help;
    const key = JSON.stringify(
      advice === undefined
        ? [code, message, place.file.path, place.start, place.end]
        : [fault.instancePath, advice],
    );
    if (seen.has(key)) continue;
    seen.add(key);
    report({ severity: 'error', code, message, place, ...(help === undefined ? {} : { help }) });
  }
}
