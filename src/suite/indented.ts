import { kinds, kindsIn } from '../assertions/registry.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import { copyPlace, keyPlace, setPlace } from '../diagnostics/places.ts';
import type { JsonObject } from '../lib/json.ts';

/** What stands beside the kind of an assertion. */
const beside = new Set(['label', 'severity', 'guardrail', 'turn']);

/**
 * An assertion whose arguments stand beside its kind instead of below it, for want of spaces: told, and given as it was
 * meant. Any other comes back as it is.
 */
export function indented(entry: JsonObject, report: Report): JsonObject {
  const kind = kindsIn(entry).find((key) => entry[key] === null);
  if (kind === undefined) return entry;
  const { nests } = kinds[kind] ?? {};
  const others = Object.keys(entry).filter((key) => key !== kind);
  const lost = others.filter((key) => !beside.has(key));
  const [first] = lost;
  // Two kinds in one entry are another slip, but where the first is to hold the second.
  if (first === undefined || (!nests && lost.some((key) => Object.hasOwn(kinds, key)))) return entry;
  const at = keyPlace(entry, first) ?? keyPlace(entry, kind);
  report({
    severity: 'error',
    code: 'not-indented',
    message: `${lost.map((key) => JSON.stringify(key)).join(', ')} ${lost.length > 1 ? 'stand' : 'stands'} beside ${kind}, not below it`,
    ...(at ? { place: at } : {}),
    help: `indent the lines below ${kind}: its arguments begin further right than its first letter`,
  });
  const args: JsonObject = {};
  const meant: JsonObject = { [kind]: nests?.takes === 'list' ? [args] : args };
  const place = keyPlace(entry, kind);
  if (place) setPlace(meant, kind, place, place);
  for (const key of others) {
    const into = beside.has(key) ? meant : args;
    into[key] = entry[key] ?? null;
    copyPlace(entry, key, into, key);
  }
  return meant;
}
