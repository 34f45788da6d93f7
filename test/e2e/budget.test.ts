/** What a plan says a run could cost, and runs with a ceiling. */
import { expect, test } from 'vitest';
import { project, type Project } from './project.ts';

/** 50 cases whose replies are as long as they may be, and cost as much. */
const suite = `suite: a
model: gemini-3.5-flash
defaults: { maxOutputTokens: 100 }
prompts: { p: "Number {{n}}." }
tests: [ { name: t, data: rows.csv, row: "{{n}}", assert: [ { outcome: truncated } ] } ]
`;
const rows = `n\n${Array.from({ length: 50 }, (_, n) => n).join('\n')}\n`;
const script = `replies:
  - reply:
      text: one two three
      finishReason: MAX_TOKENS
      usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 100, totalTokenCount: 200 }
`;
const files = { 'suites/a.suite.yaml': suite, 'suites/rows.csv': rows, 'script.yaml': script };

interface Ran {
  readonly ended: string;
  readonly suites: { readonly groups: { readonly usd: number; readonly tokens: number }[] }[];
}
const ran = ({ read }: Project): Ran => JSON.parse(read('reports/run.json')) as Ran;
const spent = (at: Project): { usd: number; tokens: number } =>
  ran(at).suites[0]?.groups[0] ?? { usd: 0, tokens: 0 };

test.for([0.001, 0.004, 0.01, 0.02])('--max-cost %d is not passed, and --resume goes on', (most) =>
  project(files, async (at) => {
    const ended = await at.assay(`run --emulator --script script.yaml --max-cost ${most} --concurrency 16`);
    expect(ended.code).toBe(3);
    expect(ran(at).ended).toBe('budget');
    expect(spent(at).usd).toBeLessThanOrEqual(most);
    const { passed = 0, skipped = 0, errored } = at.results('a').summary;
    expect(passed + skipped).toBe(50);
    expect(errored).toBe(0);
    expect(ended.stderr).toContain('error[budget-ended]: the next call of gemini-3.5-flash may cost up to');
    expect(ended.stderr).toContain(
      `go on with: assay run --resume --emulator --script script.yaml --max-cost ${most} --concurrency 16\n`,
    );
    const again = await at.assay('run --emulator --script script.yaml --resume');
    expect(again.code).toBe(0);
    expect(again.stderr).toContain(`resumed: ${passed} trial`);
    expect(at.results('a').summary).toMatchObject({ passed: 50 });
  }),
);

test('--max-tokens is not passed', () =>
  project(files, async (at) => {
    const ended = await at.assay('run --emulator --script script.yaml --max-tokens 3000');
    expect(ended.code).toBe(3);
    expect(spent(at).tokens).toBeLessThanOrEqual(3000);
    expect(spent(at).tokens).toBeGreaterThan(2000);
  }));

test('a ceiling that is high enough changes nothing', () =>
  project(files, async (at) => {
    expect((await at.assay('run --emulator --script script.yaml --max-cost 1')).code).toBe(0);
    expect(spent(at).usd).toBeCloseTo((50 * (100 * 1.5 + 100 * 9)) / 1e6, 9);
  }));

test('a model without a price is refused under --max-cost, at its test', () =>
  project({ ...files, 'suites/a.suite.yaml': suite.replace('3.5-flash', '99-new') }, async (at) => {
    const ended = await at.assay('run --emulator --max-cost 1');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('error[unpriced-model]: no price of gemini-99-new is known');
    expect(ended.stderr).toContain('--> suites/a.suite.yaml:5:');
    at.write(
      'suites/a.suite.yaml',
      `${suite.replace('3.5-flash', '99-new')}prices: { gemini-99-new: { input: 1, output: 2 } }\n`,
    );
    expect((await at.assay('run --emulator --script script.yaml --max-cost 1')).code).toBe(3);
  }));

test('plan tells calls, tokens and the most that a run could cost', () =>
  project(files, async (at) => {
    const { stdout } = await at.assay('plan');
    expect(stdout).toContain('50 cases, 50 trials, 50 calls, about 150 input tokens');
    expect(stdout).toMatch(/at most [\d,]+ tokens and \$0\.0\d+; nothing was sent/);
    const counted = await at.assay('plan --count-tokens --emulator');
    expect(counted.stdout).toMatch(
      /50 calls, 150 input tokens\nat most 5,150 tokens and \$0\.0452; only tokens were counted/,
    );
  }));
