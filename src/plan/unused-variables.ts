import { argumentsOf } from '../assertions/compile.ts';
import type { SourceRange, Report } from '../diagnostics/diagnostic.ts';
import { placeOfPiece } from '../diagnostics/position.ts';
import { fieldShape } from '../suite/coerce-field.ts';
import type { AssertionEntry, Row, Suite, Test, Variable, VarMap } from '../suite/suite.ts';
import { filesOf, promptsFor } from './contents.ts';
import type { Cell } from './matrix.ts';
import type { PlanCheck } from './plan-check.ts';
import { addNames, addNamesOfPart, addNamesOfPrompt, withNested } from './template-names.ts';
import { looksLikeSetting, unusedVariable, type Home } from './unused-variable-warning.ts';

/** What is known of a test: its rows are looked at once, one by one. */
interface Known {
  /** What its templates name. */
  readonly names: Set<string>;
  readonly requests: readonly Requests[];
  /** The variables of its rows, by name, with the first row that has each. */
  readonly columns: Map<string, { readonly row: Row; readonly variable: Variable }>;
  rows: number;
  /** Set where a file may use any variable: its path is a template that was not looked up. */
  unread?: true;
}

/** The requests of a test that use the same variables: rows that do not differ in these send the same. */
interface Requests {
  readonly names: ReadonlySet<string>;
  readonly prompts: Set<string>;
  readonly seen: Map<string, Row>;
  same?: readonly [Row, Row];
}

/** Warns of variables and columns that nothing uses, and of rows whose requests are equal; `narrowed` if not all cases are seen. */
export function unusedVariables(suite: Suite, narrowed: boolean): PlanCheck {
  const tests = new Map<Test, Known>();
  return {
    test: (test, cells) => {
      tests.set(test, namesOfTest(suite, test, cells, !narrowed && test.skip === undefined));
    },
    row: (test, row) => {
      const known = tests.get(test);
      if (known) addRow(known, row);
    },
    part: (test, part) => {
      const known = tests.get(test);
      if (known) addNamesOfPart(part, known.names);
    },
    end: (report) => {
      warnOfUnused(suite, [...tests], report);
      for (const [test, known] of tests)
        for (const requests of known.requests) warnOfSame(test, known, requests, report);
    },
  };
}

/** What a test and its cells name; `whole` is false where some of its cases are not rendered. */
function namesOfTest(suite: Suite, test: Test, cells: readonly Cell[], whole: boolean): Known {
  const vars = new Map([...suite.vars, ...test.vars]);
  const names = new Set<string>();
  const requests = new Map<string, Requests>();
  let unread = false;
  for (const cell of cells) {
    const own = new Set<string>();
    const prompts = promptsFor({ ...cell, suite, test });
    addNamesOfRequest(suite, test, cell, own);
    for (const prompt of prompts) addNamesOfPrompt(prompt, own);
    for (const name of own) names.add(name);
    if (prompts.some((prompt) => filesOf(prompt).some(({ family }) => family === undefined))) {
      unread = true;
      continue;
    }
    const all = withNested(own, vars);
    const key = [...all].toSorted().join('\0');
    const known = requests.get(key) ?? { names: all, prompts: new Set(), seen: new Map() };
    requests.set(key, known);
    for (const { name } of prompts) known.prompts.add(name);
  }
  addNames(test.rowName?.value, names);
  addNamesOfEntries(test.inherit ? [...suite.assert, ...test.assert] : test.assert, names);
  return {
    names,
    requests: [...requests.values()],
    columns: new Map(),
    rows: 0,
    ...(unread && !whole ? { unread: true as const } : {}),
  };
}

function addRow(known: Known, row: Row): void {
  known.rows++;
  for (const [name, variable] of row.values)
    if (!known.columns.has(name)) known.columns.set(name, { row, variable });
  addNamesOfEntries(row.assert, known.names);
  for (const requests of known.requests) {
    if (requests.same) continue;
    const key = keyOf(requests.names, row.values);
    const first = requests.seen.get(key);
    if (first) {
      requests.same = [first, row];
      requests.seen.clear();
    } else requests.seen.set(key, row);
  }
}

function warnOfUnused(suite: Suite, known: readonly [Test, Known][], report: Report): void {
  const used = known.map(([test, { names }]) => withNested(names, new Map([...suite.vars, ...test.vars])));
  const warn = (
    name: string,
    variable: Variable,
    home: Home,
    isUsed: boolean,
    place: SourceRange | undefined,
  ): void => {
    // Other suites may use a variable from a file of variables.
    const isShared = variable.nameAt !== undefined && variable.nameAt.file.absolute !== suite.file.absolute;
    if (!isShared && (!isUsed || looksLikeSetting(name)))
      warnOfVariable(name, variable, home, isUsed, place, report);
  };
  if (known.length === suite.tests.length && known.every(([, { unread }]) => !unread))
    for (const [name, variable] of suite.vars)
      warn(
        name,
        variable,
        'the suite',
        used.some((names) => names.has(name)),
        variable.place,
      );
  for (const [index, [test, { columns, unread }]] of known.entries()) {
    if (unread) continue;
    for (const [name, variable] of test.vars)
      warn(name, variable, 'the test', used[index]?.has(name) === true, variable.place ?? test.place);
    for (const [name, { row, variable }] of columns) {
      const isUsed = used.some(
        (names, at) => names.has(name) && (at === index || haveOneFile(suite, row, known[at]?.[1])),
      );
      if (!isUsed || looksLikeSetting(name))
        warnOfVariable(name, variable, 'a row', isUsed, placeOfColumn(name, row, test), report, test.dataAt);
    }
  }
}

/** Whether the rows of a test come from the file of a row of another test. */
function haveOneFile(suite: Suite, { origin }: Row, other: Known | undefined): boolean {
  const file = fileOf(origin);
  const [first] = other?.columns.values() ?? [];
  return file !== suite.file.path && fileOf(first?.row.origin ?? '') === file;
}

function addNamesOfRequest(
  { defaults }: Suite,
  test: Test,
  { config, model }: Cell,
  names: Set<string>,
): void {
  for (const fields of [defaults.value, config?.fields.value ?? {}])
    for (const [field, value] of Object.entries(fields)) addNames(value, names, fieldShape(field));
  addNames(config?.extra?.value, names);
  addNames(test.extra?.value, names);
  addNames(model?.value, names);
}

function addNamesOfEntries(entries: readonly AssertionEntry[], names: Set<string>): void {
  for (const { kind, args, label } of entries) {
    addNames(args, names, argumentsOf(kind));
    addNames(label, names);
  }
}

/** The file of `data/rows.csv:17`. */
const fileOf = (origin: string): string => origin.replace(/:[^:]*$/, '');

/** What a row gives to the variables of a request. */
function keyOf(names: ReadonlySet<string>, values: VarMap): string {
  let key = '';
  for (const name of names) {
    const variable = values.get(name);
    if (!variable) continue;
    const { value, text } = variable;
    key += `${name}\0${text ?? (typeof value === 'string' ? value : JSON.stringify(value))}\0`;
  }
  return key;
}

function warnOfVariable(
  name: string,
  { value, nameAt }: Variable,
  home: Home,
  isUsed: boolean,
  place: SourceRange | undefined,
  report: Report,
  allowAt?: SourceRange,
): void {
  const at = nameAt ?? place;
  report({
    ...unusedVariable(name, value, home, isUsed),
    ...(at ? { place: at } : {}),
    ...(allowAt ? { allowAt } : {}),
  });
}

/** Where a column is named: in the first line of a table, in the first row that has it, else where the test names its data. */
function placeOfColumn(name: string, { place }: Row, test: Test): SourceRange {
  if (!place) return test.dataAt ?? test.place;
  const isTable = /\.(?:csv|tsv)$/i.test(place.file.path);
  const whole = isTable ? { file: place.file, start: 0, end: place.file.text.length } : place;
  const quoted = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return placeOfPiece(whole, new RegExp(`(?<![\\p{L}\\p{N}_])${quoted}(?![\\p{L}\\p{N}_])`, 'u'));
}

function warnOfSame(
  test: Test,
  { rows, columns }: Known,
  { names, prompts, same }: Requests,
  report: Report,
): void {
  if (!same) return;
  const [first, second] = same;
  const all = [...columns.keys()];
  const isWhole = !all.some((name) => names.has(name));
  const [name = 'name'] = all;
  report({
    severity: 'warning',
    code: 'equal-requests',
    message: isWhole
      ? `all ${rows} rows of the test ${JSON.stringify(test.name)} send the same request${prompts.size > 0 ? ` with the prompt ${[...prompts].join(', ')}` : ''}`
      : `this row sends the same request as the one at ${first.origin}`,
    place: isWhole ? (test.dataAt ?? test.place) : (second.place ?? test.dataAt ?? test.place),
    help: isWhole
      ? `use a variable of the rows in the prompt, for example {{${name}}}; to send a request several times, use repeats`
      : 'put the assertions of both into one row; to send a request several times, use repeats',
    ...(test.dataAt ? { allowAt: test.dataAt } : {}),
  });
}
