import { kinds, kindsIn } from '../assertions/registry.ts';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { resolveArgumentFiles } from './argument-files.ts';
import type { SuiteFiles } from './files.ts';
import type { AssertionEntry } from './suite.ts';

/** Reads an `assert` whose files are put in: a list, and lists inside are flattened. */
export async function readEntries(
  value: JsonValue,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<AssertionEntry[]> {
  if (Array.isArray(value)) {
    const entries: AssertionEntry[] = [];
    for (const [index, item] of value.entries())
      entries.push(...(await readEntries(item, valuePlace(value, index) ?? place, files, report)));
    return entries;
  }
  if (!isObject(value)) {
    report({
      severity: 'error',
      code: 'wrong-type',
      message: 'expected an assertion, a map with one kind',
      place,
    });
    return [];
  }
  const entry = await readEntry(value, place, files, report);
  return entry ? [entry] : [];
}

async function readEntry(
  entry: JsonObject,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<AssertionEntry | undefined> {
  const kind = oneKind(entry, place, report);
  if (kind === undefined) return undefined;
  const args = await resolveArgumentFiles(
    kind,
    entry[kind] ?? null,
    valuePlace(entry, kind) ?? place,
    files,
    report,
  );
  checkNested(kind, args, place, report);
  return {
    kind,
    args,
    entry,
    place: keyPlace(entry, kind) ?? place,
    severity: entry.severity === 'warn' ? 'warn' : 'error',
    guardrail: entry.guardrail === true,
    ...(typeof entry.label === 'string' ? { label: entry.label } : {}),
  };
}

function oneKind(entry: JsonObject, place: Place, report: Report): string | undefined {
  const found = kindsIn(entry);
  if (found.length === 1) return found[0];
  const beside = ['label', 'severity', 'guardrail'];
  const unknown = Object.keys(entry).find((key) => !beside.includes(key) && !found.includes(key));
  // An unknown key was told already by the schema.
  if (found.length === 0 && unknown !== undefined && !nearest(unknown, Object.keys(kinds))) return undefined;
  if (found.length === 0 && unknown !== undefined) return undefined;
  report({
    severity: 'error',
    code: found.length === 0 ? 'no-kind' : 'several-kinds',
    message:
      found.length === 0
        ? 'the assertion names no kind'
        : `an assertion has one kind, this one has ${found.join(', ')}`,
    place,
    help: found.length === 0 ? `the kinds are ${Object.keys(kinds).join(', ')}` : 'write an entry for each',
  });
  return undefined;
}

function checkNested(kind: string, args: JsonValue, place: Place, report: Report): void {
  const list = kind === 'not' ? [args] : kind === 'any' || kind === 'all' ? args : [];
  if (!Array.isArray(list)) return;
  for (const [index, item] of list.entries()) {
    if (!isObject(item)) continue;
    const at = (Array.isArray(args) ? valuePlace(args, index) : undefined) ?? place;
    const inner = oneKind(item, at, report);
    if (inner === undefined) continue;
    if (kinds[inner]?.topOnly)
      report({
        severity: 'error',
        code: 'nested-kind',
        message: `${inner} may not stand inside ${kind}`,
        place: at,
        help: 'write it as an entry of its own',
      });
    checkNested(inner, item[inner] ?? null, at, report);
  }
}
