/** Everything that must pass before a change lands: fresh generated files, types, lint, format, imports, dead code, build, tests. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const withoutTests = process.argv.includes('--without-tests');
const bin = (name: string): string => `node_modules/.bin/${name}`;

const generated = ['suite', 'results', 'run', 'compare']
  .map((name) => `schemas/${name}.schema.json`)
  .concat('docs/assertions.md');
const textOf = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const before = generated.map(textOf);

const steps: [name: string, command: string, ...args: string[]][] = [
  ['generated files', bin('tsx'), 'scripts/generate.ts'],
  ['types', bin('tsc'), '--noEmit'],
  ['lint', bin('oxlint'), '--type-aware', '--deny-warnings'],
  ['format', bin('oxfmt'), '--check'],
  ['import rules', bin('tsx'), 'scripts/import-rules.ts'],
  ['dead code', bin('knip')],
  ['build', bin('tsx'), 'scripts/build.ts'],
  ['package', bin('publint'), '--strict'],
  ...(withoutTests ? [] : [['tests', bin('vitest'), 'run'] as [string, string, string]]),
];

const failed: string[] = [];
for (const [name, command, ...args] of steps) {
  process.stdout.write(`== ${name}\n`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) failed.push(name);
  if (name === 'generated files') {
    const stale = generated.filter((file, index) => textOf(file) !== before[index]);
    if (stale.length > 0) {
      process.stderr.write(`out of date, now written again (commit them): ${stale.join(', ')}\n`);
      failed.push(name);
    }
  }
}
process.stdout.write(failed.length > 0 ? `check: failed: ${failed.join(', ')}\n` : 'check: all good\n');
process.exitCode = failed.length > 0 ? 1 : 0;
