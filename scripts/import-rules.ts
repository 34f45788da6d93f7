/** Checks the import rules. Fails too if it read very few files: a parser that reads nothing finds no violation. */
import { spawnSync } from 'node:child_process';

const fewest = 80;
const { stdout, stderr } = spawnSync(
  'node_modules/.bin/depcruise',
  ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'],
  { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
);
if (!stdout) {
  process.stderr.write(stderr);
  process.exit(1);
}
const { modules, summary } = JSON.parse(stdout) as {
  modules: { source: string; dependencies: unknown[] }[];
  summary: { violations: { rule: { name: string }; from: string; to: string }[] };
};
const ours = modules.filter((module) => module.source.startsWith('src/'));
const edges = ours.reduce((sum, module) => sum + module.dependencies.length, 0);
for (const { rule, from, to } of summary.violations) process.stderr.write(`${rule.name}: ${from} -> ${to}\n`);
if (ours.length < fewest || edges < fewest) {
  process.stderr.write(`read only ${ours.length} files and ${edges} imports: the rules were not checked\n`);
  process.exit(1);
}
process.stdout.write(
  `import rules: ${ours.length} files, ${edges} imports, ${summary.violations.length} violations\n`,
);
process.exit(summary.violations.length > 0 ? 1 : 0);
