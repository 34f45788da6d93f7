import { mkdtempSync, writeFileSync, readFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { defaults } from '../engine/options.ts';
import { approve } from './approve.ts';
import type { Context, Finish } from './context.ts';
import { run } from './run.ts';

/** `assay demo`: its help. */
export function addDemo(program: Command, context: Context, finish: Finish): void {
  program
    .command('demo')
    .description('See a regression being caught, on the emulator: no key, nothing to set up.')
    .addHelpText('after', '\nExample:\n  assay demo')
    .action(async () => finish(await demo(context)));
}

const before = 'Tell {{customer}} that the parcel is late. Apologise, and give the new date.';
const after = 'Tell {{customer}} in one line that the parcel is late, and give the new date.';

const suite = `suite: support
model: gemini-3.8-flash
prompts:
  late: ${before}
tests:
  - name: a late parcel
    data: [ { customer: Ann }, { customer: Bo } ]
    row: "{{customer}}"
    assert:
      - contains: Friday
      - matches: "(?i)sorry|apologi[sz]e"
`;

/** What the model is made to answer: the shorter prompt loses the apology for one of the customers. */
const script = `replies:
  - when: { prompt: { contains: Tell Bo in one line } }
    reply: { text: "Hi Bo, your parcel is late and will reach you on Friday." }
  - when: { prompt: { contains: Tell Bo } }
    reply: { text: "Hi Bo, we are sorry: your parcel is late and will reach you on Friday." }
  - when: { prompt: { contains: Tell Ann } }
    reply: { text: "Hi Ann, sorry, your parcel is late and will reach you on Friday." }
`;

/** Runs a suite, approves its results, edits the prompt, and runs it again beside the baseline. */
async function demo(outer: Context): Promise<number> {
  const cwd = mkdtempSync(path.join(tmpdir(), 'assay-demo-'));
  // `approve` is disabled in CI, but this baseline is nobody's.
  const context: Context = { ...outer, cwd, env: { ...outer.env, CI: undefined } };
  const say = (text: string): void => outer.out.write(`${text}\n`);
  const file = path.join(cwd, 'suites/support.suite.yaml');
  mkdirSync(path.dirname(file));
  writeFileSync(file, suite);
  writeFileSync(path.join(cwd, 'emulator.yaml'), script);
  const flags = { reports: defaults.reports, emulator: true, script: 'emulator.yaml', reporter: 'json,html' };

  say(`This demo works in ${cwd}; the answers come from the emulator.\n`);
  say('1. A suite: one prompt, two customers, two checks.\n');
  say(indented(suite));
  say('2. Run it:  assay run\n');
  await run({ ...context, argv: ['run'] }, [], flags);
  say('\n3. These answers are good. Make them the baseline:  assay approve\n');
  await approve(context, { reports: defaults.reports, baseline: defaults.approved });
  say('\n4. Somebody makes the prompt shorter:\n');
  writeFileSync(file, readFileSync(file, 'utf8').replace(before, after));
  say(`-  late: ${before}\n+  late: ${after}\n`);
  say('5. Run it again beside the baseline:  assay run --baseline baselines\n');
  const code = await run({ ...context, argv: ['run'] }, [], { ...flags, baseline: defaults.approved });
  say(`\nThe run ends with exit code ${code}, so CI fails: the apology to Bo is gone.`);
  say(`The report: ${path.join(cwd, defaults.reports, 'index.html')}\n`);
  say('Next, in your own project:  assay init');
  return code === 1 ? 0 : 3;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
