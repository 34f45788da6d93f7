import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Option, type Command } from 'commander';
import { usageError } from '../diagnostics/diagnostic.ts';
import { bareModel, isModelName } from '../engine/options.ts';
import type { Context, Finish } from './context.ts';

const workflows = ['github', 'gitlab'] as const;
type Workflow = (typeof workflows)[number];

const defaultModel = 'gemini-3.8-flash';

/** `assay init`: its options and help. */
export function addInit(program: Command, context: Context, finish: Finish): void {
  program
    .command('init')
    .description('Write a first suite and what goes with it; never overwrites a file.')
    .argument('[dir]', 'where to write (default: this folder)')
    .option('--yes', 'ask nothing: the defaults, and no CI workflow unless --ci names one')
    .option('--model <id>', `the model of the suite (default: ${defaultModel})`)
    .addOption(new Option('--ci <service>', 'write a CI workflow too').choices(workflows))
    .addHelpText(
      'after',
      `
Examples:
  assay init --yes
  assay init --yes --ci github
  assay init prompts/tests               in another folder`,
    )
    .action(async (dir, flags) => finish(await init(context, dir ?? '.', flags)));
}

interface Flags {
  readonly yes?: boolean;
  readonly model?: string;
  readonly ci?: Workflow;
}

/** Writes the files that are missing, and says what to type next. */
async function init(context: Context, dir: string, flags: Flags): Promise<number> {
  const folder = path.resolve(context.cwd, dir);
  if (flags.model !== undefined) checkModel(flags.model);
  const { model, ci } = await choices(flags, process.stdin.isTTY && context.out.isTTY);
  const show = (name: string): string => path.join(dir, name);
  const files: [name: string, text: string][] = [['suites/first.suite.yaml', suite(bareModel(model))]];
  if (ci === 'github') files.push(['.github/workflows/assay.yml', githubWorkflow]);
  if (ci === 'gitlab') files.push(['.gitlab-ci.yml', gitlabWorkflow]);
  for (const [name, text] of files) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    const isNew = !existsSync(file);
    if (isNew) writeFileSync(file, text, { flag: 'wx' });
    context.out.write(`${isNew ? 'wrote' : 'kept '} ${show(name)}${isNew ? '' : ' (it exists)'}\n`);
  }
  const added = ignoreLines(path.join(folder, '.gitignore'));
  if (added.length > 0) context.out.write(`added ${added.join(', ')} to ${show('.gitignore')}\n`);
  const at = dir === '.' ? '' : ` ${show('suites')}`;
  context.out.write(`
Next:
  assay run${at} --emulator     try it without a key; the emulator's answers are made up
  assay run${at}                run it against the API (GEMINI_API_KEY)
  assay demo                see a regression being caught
`);
  return 0;
}

function checkModel(name: string): void {
  if (!isModelName(name))
    throw usageError('bad-model-name', `not the name of a model: ${name}`, `for example ${defaultModel}`);
}

/** Asks for what no flag says, where somebody sits at the terminal. */
async function choices(
  { yes, model, ci }: Flags,
  interactive: boolean,
): Promise<{ model: string; ci: Workflow | undefined }> {
  if (yes || !interactive) return { model: model ?? defaultModel, ci };
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const named = model ?? (await terminal.question(`Model [${defaultModel}]: `)).trim();
    const service = ci ?? (await terminal.question('CI workflow, github, gitlab or none [none]: ')).trim();
    if (named !== '') checkModel(named);
    if (!['', 'none', ...workflows].includes(service))
      throw usageError(
        'unknown-workflow',
        `no CI workflow for ${service}`,
        `there are ${workflows.join(' and ')}`,
      );
    return { model: named || defaultModel, ci: workflows.find((each) => each === service) };
  } finally {
    terminal.close();
  }
}

/** Adds to .gitignore what Assay writes and nobody commits; gives the lines that were missing. */
function ignoreLines(file: string): string[] {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const present = new Set(text.split(/\r?\n/).map((line) => line.trim().replace(/^\/|\/$/g, '')));
  const missing = ['reports/', '.assay/'].filter((line) => !present.has(line.replace(/\/$/, '')));
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  if (missing.length > 0) writeFileSync(file, `${text}${gap}${missing.map((line) => `${line}\n`).join('')}`);
  return missing;
}

const suite = (
  model: string,
): string => `# yaml-language-server: $schema=../node_modules/prompt-assay/schemas/suite.schema.json
# Every prompt is run with every config; each test checks the replies.
suite: first
model: ${model}

# Sets of request parameters, by the API's own names. Compare them by name in the reports.
configs:
  plain: {}
  careful:
    temperature: 0.2
    maxOutputTokens: 400

prompts:
  story: Write a short story about {{object}}.

# Holds for every reply of this suite.
assert:
  - finishReason: STOP

tests:
  - name: tells a story
    # One case for each row.
    data:
      - object: a magic backpack
      - object: a lantern
    row: "{{object}}"
    assert:
      - length: { words: { min: 5, max: 400 } }
      - not: { matches: "(?i)as an ai" }
      # - contains: { text: "{{object}}", ignoreCase: true }

  - name: stays short
    method: countTokens
    vars: { object: a magic backpack }
    assert:
      - tokens: { total: { max: 50 } }
`;

const githubWorkflow = `name: prompts
on: [push, pull_request]
jobs:
  assay:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      - run: npm ci
      - run: npx assay run --reporter json,html,junit,github
        env:
          GEMINI_API_KEY: \${{ secrets.GEMINI_API_KEY }}
      - uses: actions/upload-artifact@v4
        if: always()
        with: { name: assay-reports, path: reports }
`;

const gitlabWorkflow = `assay:
  image: node:22
  script:
    - npm ci
    - npx assay run
  artifacts:
    when: always
    paths: [reports]
    reports:
      junit: reports/junit.xml
`;
