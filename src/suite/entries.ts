import { coerceArgs } from '../assertions/compile.ts';
import { kinds, kindsIn } from '../assertions/registry.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import { isMapNode, type SourceNode } from '../diagnostics/source-node.ts';
import type { JsonObject } from '../lib/json.ts';
import { locateScripts } from './scripts.ts';
import type { SuiteFiles } from './files.ts';
import type { AssertionEntry } from './suite.ts';

/** Reads an `assert` whose files are put in and whose lists are flattened. */
export async function readEntries(
  assert: SourceNode,
  files: SuiteFiles,
  report: Report,
): Promise<AssertionEntry[]> {
  const entries: AssertionEntry[] = [];
  for (const item of assert.items()) {
    const entry = isMapNode(item) ? await readEntry(item, files, report) : undefined;
    if (entry) entries.push(entry);
  }
  return entries;
}

async function readEntry(
  entry: SourceNode<JsonObject>,
  files: SuiteFiles,
  report: Report,
): Promise<AssertionEntry | undefined> {
  const kind = oneKind(entry, report);
  if (kind === undefined) return undefined;
  const written = entry.at(kind);
  checkNested(kind, written, report);
  const { severity, guardrail, turn, label } = entry.value;
  if (kinds[kind]?.lastTurnOnly && turn !== undefined)
    report({
      severity: 'error',
      code: 'misfit-turn',
      message: `${kind} judges the last turn alone`,
      place: entry.at('turn').keyPlace,
      help: 'remove turn, or use another kind for this turn',
    });
  const args = await locateScripts(kind, written.with(coerceArgs(kind, written)), files, report);
  return {
    kind,
    args: args.value,
    entry,
    place: written.keyPlace,
    severity: severity === 'warn' ? 'warn' : 'error',
    guardrail: guardrail === true,
    ...(typeof turn === 'number' || turn === 'all' ? { turn } : {}),
    ...(typeof label === 'string' ? { label } : {}),
  };
}

function oneKind(entry: SourceNode<JsonObject>, report: Report): string | undefined {
  const found = kindsIn(entry.value);
  if (found.length === 1) return found[0];
  const [first, second] = found;
  if (first === undefined)
    report({
      severity: 'error',
      code: 'no-kind',
      message: 'the assertion names no kind',
      place: entry.place,
      help: `the kinds are ${Object.keys(kinds).join(', ')}`,
    });
  else
    report({
      severity: 'error',
      code: 'several-kinds',
      message: `expected one kind in an assertion, received ${found.join(', ')}`,
      place: second === undefined ? entry.place : entry.at(second).keyPlace,
      help: 'write an entry for each',
    });
  return undefined;
}

function checkNested(kind: string, args: SourceNode, report: Report): void {
  const takes = kinds[kind]?.nests?.takes;
  const nested = takes === 'one' ? [args] : takes === 'list' ? args.items() : [];
  for (const item of nested.filter(isMapNode)) {
    const inner = oneKind(item, report);
    if (inner === undefined) continue;
    if (kinds[inner]?.topOnly)
      report({
        severity: 'error',
        code: 'nested-kind',
        message: `${inner} is not allowed inside ${kind}`,
        place: item.place,
        help: 'write it as an entry of its own',
      });
    if (Object.hasOwn(item.value, 'turn'))
      report({
        severity: 'error',
        code: 'nested-turn',
        message: `turn cannot be set inside ${kind}`,
        place: item.at('turn').keyPlace,
        help: `write it beside the outermost assertion, as in { turn: 1, ${kind}: … }`,
      });
    for (const key of ['severity', 'guardrail', 'label'].filter((each) => Object.hasOwn(item.value, each)))
      report({
        severity: 'warning',
        code: 'unused-key',
        message: `${key} does nothing inside ${kind}`,
        place: item.at(key).keyPlace,
        help: 'write it beside the assertion that is the entry of the list',
      });
    checkNested(inner, item.at(inner), report);
  }
}
