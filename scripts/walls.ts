/** Holds the import walls; fails too when it has read suspiciously few files, since a parser that reads nothing is always content. */
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
  process.stderr.write(`read only ${ours.length} files and ${edges} imports: the walls were not looked at\n`);
  process.exit(1);
}
process.stdout.write(
  `walls: ${ours.length} files, ${edges} imports, ${summary.violations.length} breaches\n`,
);
process.exit(summary.violations.length > 0 ? 1 : 0);
