import type { SourceRange, Report, SourceFile } from '../diagnostics/diagnostic.ts';
import { isMapNode, mapNode, type SourceNode } from '../diagnostics/source-node.ts';
import type { Method } from '../gemini/methods.ts';
import type { JsonObject } from '../lib/json.ts';
import { readConfig, readFields } from './configs.ts';
import { readEntries } from './entries.ts';
import type { SuiteFiles } from './files.ts';
import { readLimits } from './limits.ts';
import { readPrices } from './prices.ts';
import { PromptFiles } from './prompt-files.ts';
import { readPrompt } from './prompts.ts';
import { readRows } from './rows.ts';
import type { Located, Suite, Test } from './suite.ts';
import { readEnv, readVars } from './vars.ts';

/** Turns a valid YAML value into a suite, resolving its files. */
export async function readSuite(
  suite: SourceNode<JsonObject>,
  file: SourceFile,
  files: SuiteFiles,
  report: Report,
): Promise<Suite> {
  const { value } = suite;
  const whole: SourceRange = { file, start: 0, end: 0 };
  checkPassRate(suite, report);
  const name = typeof value.suite === 'string' ? value.suite : '';
  const promptFiles = new PromptFiles(files, report);
  const [configs, limits, prices] = [suite.at('configs'), suite.at('limits'), suite.at('prices')];
  // Without tests there is one over everything, shown at the suite's name.
  const implied = mapNode([], { place: suite.at('suite').keyPlace, keyPlace: whole });
  const tests = value.tests === undefined ? [implied] : suite.at('tests').items();
  return {
    name,
    namePlace: suite.at('suite').place,
    file,
    root: files.root,
    repeats: typeof value.repeats === 'number' ? value.repeats : 1,
    passRate: typeof value.passRate === 'number' ? value.passRate : 1,
    env: readEnv(suite.at('env'), report),
    vars: await readVars(suite.at('vars'), files, report),
    configsDeclared: value.configs !== undefined,
    configs:
      value.configs === undefined
        ? [{ name: 'default', place: whole, fields: mapNode([], { place: whole, keyPlace: whole }) }]
        : await Promise.all(configs.entries().map(([key, node]) => readConfig(key, node, files, report))),
    defaults: await readFields(suite.at('defaults'), files, report),
    prompts: await Promise.all(
      suite
        .at('prompts')
        .entries()
        .map(async ([key, node]) => ({
          name: key,
          place: node.keyPlace,
          ...(await readPrompt(node, { files: promptFiles, report })),
        })),
    ),
    promptFiles,
    assert: await readEntries(suite.at('assert'), files, report),
    tests: await inTurn(tests, (test) => readTest(test, name, files, report)),
    impliedTest: value.tests === undefined,
    digest: () => files.digest(),
    plainTemplates: files.plain,
    ...(typeof value.description === 'string' ? { description: value.description } : {}),
    ...axes(suite),
    ...(isMapNode(limits) ? { limits: readLimits(limits, report) } : {}),
    ...(isMapNode(prices) ? { prices: readPrices(prices, report) } : {}),
  };
}

async function inTurn<T, U>(items: readonly T[], read: (item: T) => Promise<U>): Promise<U[]> {
  const made: U[] = [];
  for (const item of items) made.push(await read(item));
  return made;
}

async function readTest(
  test: SourceNode,
  suiteName: string,
  files: SuiteFiles,
  report: Report,
): Promise<Test> {
  checkPassRate(test, report);
  const { name, data, row, skip, repeats, passRate, inherit, tags } = (test.value ?? {}) as JsonObject;
  const rows = data === undefined ? undefined : await readRows(test.at('data'), files, report);
  const extra = test.at('extra');
  return {
    name: typeof name === 'string' ? name : suiteName,
    place: test.at('name').place,
    tags: Array.isArray(tags) ? tags.map(String) : [],
    vars: await readVars(test.at('vars'), files, report),
    inherit: inherit !== false,
    assert: await readEntries(test.at('assert'), files, report),
    ...axes(test),
    ...located(test, 'prompts'),
    ...located(test, 'configs'),
    ...(data === undefined ? {} : { dataAt: test.at('data').place }),
    ...(rows ? { rows } : {}),
    ...(typeof row === 'string' ? { rowName: { value: row, place: test.at('row').place } } : {}),
    ...(typeof skip === 'string' ? { skip } : {}),
    ...(typeof repeats === 'number' ? { repeats } : {}),
    ...(typeof passRate === 'number' ? { passRate } : {}),
    ...(isMapNode(extra) ? { extra } : {}),
  };
}

function checkPassRate(from: SourceNode, report: Report): void {
  const { value, place } = from.at('passRate');
  if (value === 0)
    report({
      severity: 'warning',
      code: 'checks-nothing',
      message: 'with passRate 0 a case passes even if all of its trials fail',
      place,
      help: 'write a share above 0, or severity: warn beside the assertions that may be missed',
    });
}

function axes(from: SourceNode): { method?: Method; model?: Located<string>; models?: Located<string>[] } {
  const { value: method } = from.at('method');
  const { value: model, place } = from.at('model');
  return {
    ...(typeof method === 'string' ? { method: method as Method } : {}),
    ...(typeof model === 'string' ? { model: { value: model, place } } : {}),
    ...located(from, 'models'),
  };
}

function located<K extends string>(from: SourceNode, key: K): { [P in K]?: Located<string>[] } {
  const list = from.at(key);
  if (!Array.isArray(list.value)) return {};
  const values = list
    .items()
    .map(({ value, place }) => ({ value: typeof value === 'string' ? value : '', place }));
  return { [key]: values } as { [P in K]?: Located<string>[] };
}
