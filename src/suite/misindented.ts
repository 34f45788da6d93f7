import { kinds, kindsIn } from '../assertions/registry.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import type { SourceNode } from '../diagnostics/source-node.ts';
import type { JsonObject } from '../lib/json.ts';

/** Keys that are allowed beside the kind of an assertion. */
const besideKind = new Set(['label', 'severity', 'guardrail', 'turn']);

/** Reports arguments beside the kind of an assertion instead of below it; true if there are any. */
export function isMisindented(node: SourceNode<JsonObject>, report: Report): boolean {
  const entry = node.value;
  const kind = kindsIn(entry).find((key) => entry[key] === null);
  if (kind === undefined) return false;
  const args = Object.keys(entry).filter((key) => key !== kind && !besideKind.has(key));
  const [first] = args;
  // Two kinds in one entry are another mistake, unless the first can contain the second.
  if (first === undefined || (!kinds[kind]?.nests && args.some((key) => Object.hasOwn(kinds, key))))
    return false;
  report({
    severity: 'error',
    code: 'not-indented',
    message: `${args.map((key) => JSON.stringify(key)).join(', ')} ${args.length > 1 ? 'are' : 'is'} beside ${kind}, not below it`,
    place: node.at(first).keyPlace,
    help: `indent the lines below ${kind}: its arguments begin further right than its first letter`,
  });
  return true;
}
