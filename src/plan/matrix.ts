import type { SourceRange, Report } from '../diagnostics/diagnostic.ts';
import { mostBatched, type Method } from '../gemini/methods.ts';
import type { Located, NamedConfig, NamedPrompt, Row, Suite, Test } from '../suite/suite.ts';

/** One cell before its row: what the axes other than rows give. */
export interface Cell {
  readonly prompt?: NamedPrompt;
  readonly config?: NamedConfig;
  readonly model?: Located<string>;
  readonly modelInId: boolean;
  readonly method: Method;
}

const promptMethods: readonly Method[] = [
  'generateContent',
  'streamGenerateContent',
  'countTokens',
  'embedContent',
];
const configMethods: readonly Method[] = ['generateContent', 'streamGenerateContent', 'countTokens'];

/** The prompts a test names, or all. Unknown names were reported when the suite was checked. */
export function promptsOf(suite: Suite, test: Test): readonly NamedPrompt[] {
  return test.prompts
    ? suite.prompts.filter(({ name }) => test.prompts?.some(({ value }) => value === name))
    : suite.prompts;
}

/** The cells of a test without its rows: prompts × configs × models, as its methods cross them. */
export function cellsOf(suite: Suite, test: Test, report: Report): Cell[] {
  const cells: Cell[] = [];
  const seen = new Set<Method>();
  for (const config of configsOf(suite, test)) {
    const method = test.method ?? config.method ?? suite.method ?? 'generateContent';
    const crossed = configMethods.includes(method) || test.configs !== undefined;
    // Methods that configs do not cross give one cell, whatever configs there are.
    if (!crossed && seen.has(method)) continue;
    seen.add(method);
    const prompts = promptMethods.includes(method) ? promptsOf(suite, test) : [];
    if (method === 'batchEmbedContents') checkBatch(promptsOf(suite, test).length, test, report);
    if (promptMethods.includes(method) && prompts.length === 0)
      report({
        severity: 'error',
        code: 'no-prompt',
        message: `${method} needs a prompt, and the suite has none`,
        place: test.place,
        help: 'add prompts to the suite: prompts: { story: Write a story. }',
      });
    // Without a prompt the rest can still be checked.
    for (const prompt of prompts.length > 0 ? prompts : [undefined]) {
      for (const { model, axis } of modelsOf(suite, test, crossed ? config : undefined, method, report)) {
        cells.push({
          method,
          modelInId: axis,
          ...(prompt ? { prompt } : {}),
          ...(crossed ? { config } : {}),
          ...(model ? { model } : {}),
        });
      }
    }
  }
  checkUnasked(test, [...seen], report);
  // The config says the method, and so whether there are prompts; the matrix has prompts before configs all the same.
  const order = new Map(suite.prompts.map((prompt, index) => [prompt, index]));
  const rank = ({ prompt }: Cell): number => (prompt ? (order.get(prompt) ?? 0) : -1);
  return cells.toSorted((a, b) => rank(a) - rank(b));
}

/** The configs a test names, or all. */
function configsOf(suite: Suite, test: Test): readonly NamedConfig[] {
  return test.configs
    ? suite.configs.filter(({ name }) => test.configs?.some(({ value }) => value === name))
    : suite.configs;
}

function checkBatch(prompts: number, test: Test, report: Report): void {
  if (prompts <= mostBatched) return;
  report({
    severity: 'error',
    code: 'too-many-prompts',
    message: `batchEmbedContents takes ${mostBatched} prompts in a call at most, this test has ${prompts}`,
    place: test.prompts?.[mostBatched]?.place ?? test.place,
    help: 'share them out among several tests, or choose embedContent: a call for each',
  });
}

/** What a test chooses and none of its methods has a use for would be dropped without a word. */
function checkUnasked(test: Test, methods: readonly Method[], report: Report): void {
  const [method] = methods;
  if (method === undefined) return;
  const model = test.model ?? test.models?.[0];
  const refuse = (what: string, place: SourceRange | undefined): void =>
    report({
      severity: 'error',
      code: 'unfit-choice',
      message: `${method} asks no ${what}`,
      ...(place ? { place } : {}),
      help: `remove it, or choose another method`,
    });
  if (test.prompts && methods.every((each) => each.startsWith('models.')))
    refuse('prompt', test.prompts[0]?.place);
  if (model && methods.every((each) => each === 'models.list')) refuse('model', model.place);
}

function modelsOf(
  suite: Suite,
  test: Test,
  config: NamedConfig | undefined,
  method: Method,
  report: Report,
): { model?: Located<string>; axis: boolean }[] {
  if (method === 'models.list') return [{ axis: false }];
  if (test.model) return [{ model: test.model, axis: false }];
  // A config that names its model does not use the models axis, nor the test's own.
  if (config?.model) return [{ model: config.model, axis: false }];
  const axis = test.models ?? suite.models;
  if (axis) return withoutTwice(axis).map((model) => ({ model, axis: true }));
  if (suite.model) return [{ model: suite.model, axis: false }];
  const place: SourceRange = test.place;
  report({
    severity: 'error',
    code: 'no-model',
    message: `no model for ${method}: neither the test, nor its config, nor the suite names one`,
    place,
    help: 'add model: gemini-3.8-flash at the top of the suite',
  });
  return [{ axis: false }];
}

/** The entries of an axis, less those that another names, which were reported. */
function withoutTwice(models: readonly Located<string>[]): readonly Located<string>[] {
  return models.filter(({ value }, index) => models.findIndex((each) => each.value === value) === index);
}

/** A test's rows, or one row that is none. */
export async function* rowsOf(test: Test): AsyncGenerator<Row | undefined> {
  if (test.rows) yield* test.rows();
  else yield undefined;
}
