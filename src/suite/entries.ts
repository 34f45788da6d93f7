import { coerceArgs } from '../assertions/compile.ts';
import { kinds, kindsIn, nestedEntries } from '../assertions/registry.ts';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { writtenText } from '../diagnostics/written.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { locateScripts } from './scripts.ts';
import type { SuiteFiles } from './files.ts';
import type { AssertionEntry } from './suite.ts';

/** Reads an `assert` whose files are put in and whose lists are flattened. */
export async function readEntries(
  value: JsonValue,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<AssertionEntry[]> {
  if (!Array.isArray(value)) return isObject(value) ? readEntry(value, place, files, report) : [];
  const entries: AssertionEntry[] = [];
  for (const [index, item] of value.entries())
    entries.push(...(await readEntries(item, valuePlace(value, index) ?? place, files, report)));
  return entries;
}

async function readEntry(
  entry: JsonObject,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<AssertionEntry[]> {
  const kind = oneKind(entry, place, report);
  if (kind === undefined) return [];
  const at = valuePlace(entry, kind) ?? place;
  checkNested(kind, entry[kind] ?? null, at, report);
  if (kinds[kind]?.lastTurnOnly && entry.turn !== undefined)
    report({
      severity: 'error',
      code: 'misfit-turn',
      message: `${kind} judges the last turn alone`,
      place: keyPlace(entry, 'turn') ?? at,
      help: 'remove turn, or use another kind for this turn',
    });
  const written = coerceArgs(kind, entry[kind] ?? null, writtenText(entry, kind));
  return [
    {
      kind,
      args: await locateScripts(kind, written, at, files, report),
      entry,
      place: keyPlace(entry, kind) ?? place,
      severity: entry.severity === 'warn' ? 'warn' : 'error',
      guardrail: entry.guardrail === true,
      ...(typeof entry.turn === 'number' || entry.turn === 'all' ? { turn: entry.turn } : {}),
      ...(typeof entry.label === 'string' ? { label: entry.label } : {}),
    },
  ];
}

function oneKind(entry: JsonObject, place: Place, report: Report): string | undefined {
  const found = kindsIn(entry);
  if (found.length === 1) return found[0];
  const [first, second] = found;
  if (first === undefined)
    report({
      severity: 'error',
      code: 'no-kind',
      message: 'the assertion names no kind',
      place,
      help: `the kinds are ${Object.keys(kinds).join(', ')}`,
    });
  else
    report({
      severity: 'error',
      code: 'several-kinds',
      message: `an assertion has one kind, this one has ${found.join(', ')}`,
      place: (second !== undefined && keyPlace(entry, second)) || place,
      help: 'write an entry for each',
    });
  return undefined;
}

function checkNested(kind: string, args: JsonValue, place: Place, report: Report): void {
  for (const { entry: item, path } of nestedEntries(kind, args) ?? []) {
    const [index] = path;
    const at = (Array.isArray(args) && index !== undefined ? valuePlace(args, index) : undefined) ?? place;
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
    if (Object.hasOwn(item, 'turn'))
      report({
        severity: 'error',
        code: 'nested-turn',
        message: `turn cannot be set inside ${kind}`,
        place: keyPlace(item, 'turn') ?? at,
        help: `write it beside the outermost assertion, as in { turn: 1, ${kind}: … }`,
      });
    for (const key of ['severity', 'guardrail', 'label'].filter((each) => Object.hasOwn(item, each)))
      report({
        severity: 'warning',
        code: 'unused-key',
        message: `${key} does nothing inside ${kind}`,
        place: keyPlace(item, key) ?? at,
        help: 'write it beside the assertion that is the entry of the list',
      });
    checkNested(inner, item[inner] ?? null, at, report);
  }
}
