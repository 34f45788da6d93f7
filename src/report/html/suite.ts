import type { CaseRecord } from '../../judge/case-record.ts';
import type { CaseOutline, SuiteResults } from '../../judge/results.ts';
import { plural } from '../../lib/words.ts';
import { isBad } from './case.ts';
import { badge, escapeHtml } from './pieces.ts';

/**
 * Where cases are in the page: those that need attention and the others are counted apart, in the order
 * of the results, so that whoever sees only the first knows the same places.
 */
export function countAnchors(suite: number): (each: Pick<CaseRecord, 'verdict'>) => string {
  const next = { bad: 0, case: 0 };
  return (each) => {
    const kind = isBad(each) ? 'bad' : 'case';
    return `${kind}-${suite}-${next[kind]++}`;
  };
}

/** The start of a suite's section: its matrix. */
export function* suiteHead(suite: SuiteResults, number: number): Generator<string> {
  const { description, path, summary } = suite;
  yield `<section aria-labelledby="suite-${number}"><h2 id="suite-${number}">${escapeHtml(suite.suite)}</h2>`;
  if (description !== undefined) yield `<p>${escapeHtml(description)}</p>`;
  yield `<p class="dim">${escapeHtml(path)} · ${plural(summary.cases, 'case')}</p>\n`;
  yield* matrix(suite, number);
}

/** Names as a text of their own: two lists of names are equal only if all of them are. */
const keyOf = (names: readonly (string | undefined)[]): string => JSON.stringify(names);
const joined = (names: readonly (string | undefined)[]): string =>
  names.filter((name) => name !== undefined).join(' / ');

/**
 * Tests, rows and prompts down; configs and models across; each cell leads to its case. Cases of one line follow one
 * another in the order of ids, so only one line is in memory.
 */
function* matrix({ suite, outline, groups }: SuiteResults, number: number): Generator<string> {
  const withModel = new Set(groups.map(({ model }) => model)).size > 1;
  const anchors = countAnchors(number);
  const columns = new Map(
    groups.map((group) => [
      keyOf(columnOf(group, withModel)),
      joined(columnOf(group, withModel)) || 'no config',
    ]),
  );
  yield `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(`matrix of ${suite}`)}"><table><thead><tr><th scope="col">test</th>${[...columns.values()].map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('')}</tr></thead><tbody>\n`;
  let line: { key: string; name: string; cells: Map<string, string> } | undefined;
  const written = (): string =>
    line
      ? `<tr><th scope="row">${escapeHtml(line.name)}</th>${[...columns.keys()].map((column) => `<td>${line?.cells.get(column) ?? ''}</td>`).join('')}</tr>\n`
      : '';
  for (const each of outline()) {
    const down = [each.test, each.row, each.prompt];
    const key = keyOf(down);
    if (line?.key !== key) {
      yield written();
      line = { key, name: joined(down), cells: new Map() };
    }
    line.cells.set(keyOf(columnOf(each, withModel)), badge(each.verdict, anchors(each)));
  }
  yield `${written()}</tbody></table></div>\n`;
}

/** A model that all cases share says nothing in a head. */
function columnOf(
  { config, model }: Pick<CaseOutline, 'config' | 'model'>,
  withModel: boolean,
): (string | undefined)[] {
  return withModel ? [config, model] : [config];
}
