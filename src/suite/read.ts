import type { Place, Report, SourceFile } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import type { Method } from '../gemini/methods.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
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
  raw: JsonObject,
  file: SourceFile,
  files: SuiteFiles,
  report: Report,
): Promise<Suite> {
  const whole: Place = { file, start: 0, end: 0 };
  checkPassRate(raw, report);
  const at = (key: string): Place => valuePlace(raw, key) ?? whole;
  const name = typeof raw.suite === 'string' ? raw.suite : '';
  const promptFiles = new PromptFiles(files, report);
  const configs = named(raw.configs, at('configs'));
  const prompts = named(raw.prompts, at('prompts'));
  const tests: Test[] = [];
  const written = Array.isArray(raw.tests) ? raw.tests : undefined;
  for (const [index, test] of (written ?? [{}]).entries()) {
    const place = (written && valuePlace(written, index)) ?? keyPlace(raw, 'suite') ?? whole;
    if (isObject(test)) tests.push(await readTest(test, name, place, files, report));
  }
  return {
    name,
    namePlace: at('suite'),
    file,
    root: files.root,
    repeats: typeof raw.repeats === 'number' ? raw.repeats : 1,
    passRate: typeof raw.passRate === 'number' ? raw.passRate : 1,
    env: readEnv(raw.env, report),
    vars: await readVars(isObject(raw.vars) ? raw.vars : undefined, files, report),
    configsDeclared: raw.configs !== undefined,
    configs:
      raw.configs === undefined
        ? [{ name: 'default', place: whole, fields: {} }]
        : await Promise.all(
            configs.map(({ key, value, keyAt }) => readConfig(key, value, keyAt, files, report)),
          ),
    defaults: await readFields(isObject(raw.defaults) ? raw.defaults : {}, at('defaults'), files, report),
    prompts: await Promise.all(
      prompts.map(async ({ key, value, keyAt, valueAt }) => ({
        name: key,
        place: keyAt,
        ...(await readPrompt(value, valueAt, { files: promptFiles, report })),
      })),
    ),
    promptFiles,
    assert: raw.assert === undefined ? [] : await readEntries(raw.assert, at('assert'), files, report),
    tests,
    impliedTest: written === undefined,
    digest: () => files.digest(),
    plainTemplates: files.plain,
    ...(typeof raw.description === 'string' ? { description: raw.description } : {}),
    ...axes(raw),
    ...(isObject(raw.limits) ? { limits: readLimits(raw.limits, report) } : {}),
    ...(isObject(raw.prices) ? { prices: readPrices(raw.prices, report) } : {}),
  };
}

async function readTest(
  test: JsonObject,
  suite: string,
  place: Place,
  files: SuiteFiles,
  report: Report,
): Promise<Test> {
  const at = (key: string): Place => valuePlace(test, key) ?? place;
  checkPassRate(test, report);
  const rows = test.data === undefined ? undefined : await readRows(test.data, at('data'), files, report);
  return {
    name: typeof test.name === 'string' ? test.name : suite,
    place: valuePlace(test, 'name') ?? place,
    tags: texts(test.tags),
    vars: await readVars(isObject(test.vars) ? test.vars : undefined, files, report),
    inherit: test.inherit !== false,
    assert: test.assert === undefined ? [] : await readEntries(test.assert, at('assert'), files, report),
    ...axes(test),
    ...located(test, 'prompts'),
    ...located(test, 'configs'),
    ...(test.data === undefined ? {} : { dataAt: at('data') }),
    ...(rows ? { rows } : {}),
    ...(typeof test.row === 'string' ? { rowName: { value: test.row, place: at('row') } } : {}),
    ...(typeof test.skip === 'string' ? { skip: test.skip } : {}),
    ...(typeof test.repeats === 'number' ? { repeats: test.repeats } : {}),
    ...(typeof test.passRate === 'number' ? { passRate: test.passRate } : {}),
    ...(isObject(test.extra) ? { extra: test.extra } : {}),
  };
}

function checkPassRate(from: JsonObject, report: Report): void {
  const place = valuePlace(from, 'passRate');
  if (from.passRate === 0)
    report({
      severity: 'warning',
      code: 'checks-nothing',
      message: 'with passRate 0 a case passes even if all of its trials fail',
      ...(place ? { place } : {}),
      help: 'write a share above 0, or severity: warn beside the assertions that may be missed',
    });
}

interface Named {
  readonly key: string;
  readonly value: JsonValue;
  readonly keyAt: Place;
  readonly valueAt: Place;
}

/** The entries of `configs` or `prompts`. */
function named(map: JsonValue | undefined, place: Place): Named[] {
  if (!isObject(map)) return [];
  return Object.entries(map).map(([key, value]) => ({
    key,
    value,
    keyAt: keyPlace(map, key) ?? place,
    valueAt: valuePlace(map, key) ?? place,
  }));
}

function axes(from: JsonObject): { method?: Method; model?: Located<string>; models?: Located<string>[] } {
  const place = valuePlace(from, 'model');
  return {
    ...(typeof from.method === 'string' ? { method: from.method as Method } : {}),
    ...(typeof from.model === 'string' && place ? { model: { value: from.model, place } } : {}),
    ...located(from, 'models'),
  };
}

function located<K extends string>(from: JsonObject, key: K): { [P in K]?: Located<string>[] } {
  const list = from[key];
  if (!Array.isArray(list)) return {};
  const values = list.flatMap((value, index) => {
    const place = valuePlace(list, index);
    return place ? [{ value: typeof value === 'string' ? value : '', place }] : [];
  });
  return { [key]: values } as { [P in K]?: Located<string>[] };
}

function texts(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
