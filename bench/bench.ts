/** `npm run bench`: the speed table, each figure beside its bare counterpart in one run. `--quick` takes fewer runs; `--memory` adds 100,000 cases. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Table from 'cli-table3';
import { compare, measure } from './measure.ts';

const root = path.resolve(import.meta.dirname, '..');
const cli = path.join(root, 'dist/cli.js');
const loop = path.join(root, 'bench/loop.mjs');
const quick = process.argv.includes('--quick');
const folder = mkdtempSync(path.join(os.tmpdir(), 'assay-bench-'));

function writeSuite(name: string, cases: number): string {
  const file = path.join(folder, `${name}.suite.yaml`);
  const rows = Array.from({ length: cases }, (_, i) => `object ${i}`).join('\n');
  writeFileSync(path.join(folder, `${name}.csv`), `object\n${rows}\n`);
  writeFileSync(
    file,
    `suite: ${name}
model: gemini-3.8-flash
prompts:
  story: Write a story about {{object}}.
tests:
  - name: stories
    data: ${name}.csv
    row: "{{object}}"
    assert:
      - contains: backpack
      - finishReason: STOP
      - tokens: { candidates: { max: 800 } }
`,
  );
  return file;
}

async function serve(delay: number): Promise<{ url: string; stop: () => void }> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(root, 'bench/server.ts'), String(delay)],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${line.toString().trim()}`, stop: () => void child.kill() };
}

const table = new Table({
  head: ['what', 'Assay', 'beside', 'figure', 'bound', 'holds'],
  style: { head: [], border: [] },
});
let broken = 0;
function row(what: string, assay: string, beside: string, figure: number, bound: number, unit: string): void {
  const holds = figure <= bound;
  if (!holds) broken++;
  table.push([
    what,
    assay,
    beside,
    `${figure.toFixed(2)}${unit}`,
    `<= ${bound}${unit}`,
    holds ? 'yes' : 'NO',
  ]);
  process.stderr.write(`${what}: ${figure.toFixed(2)}${unit} (bound ${bound}${unit})\n`);
}
const ms = (value: number): string => `${value.toFixed(0)} ms`;
const node = () => measure(['-e', '0'], { cwd: folder });

const starts = quick ? 7 : 21;
const version = await compare(starts, () => measure([cli, '--version'], { cwd: folder }), node);
row('assay --version over bare node', ms(version.a), ms(version.b), version.ratio, 1.3, 'x');

const fifty = writeSuite('fifty', 50);
const validate = await compare(starts, () => measure([cli, 'validate', fifty], { cwd: folder }), node);
row('assay validate, 50 cases, over bare node', ms(validate.a), ms(validate.b), validate.ratio, 2, 'x');

async function live(
  cases: number,
  inFlight: number,
  delay: number,
  runs: number,
  bound: number,
): Promise<void> {
  const suite = writeSuite(`cases-${cases}-${delay}`, cases);
  const server = await serve(delay);
  try {
    const reports = path.join(folder, 'reports');
    const result = await compare(
      runs,
      () =>
        measure(
          [
            cli,
            'run',
            suite,
            '--base-url',
            server.url,
            '--concurrency',
            String(inFlight),
            '--reports',
            reports,
            '--reporter',
            'json,html',
          ],
          { cwd: folder, env: { GEMINI_API_KEY: 'bench' } },
        ),
      () => measure([loop, server.url, String(cases), String(inFlight)], { cwd: root }),
    );
    row(
      `${cases} cases, server at ${delay} ms, ${inFlight} in flight, over the bare loop`,
      ms(result.a),
      ms(result.b),
      result.ratio,
      bound,
      'x',
    );
  } finally {
    server.stop();
  }
}
await live(1000, 64, 0, quick ? 3 : 9, 2);
await live(10_000, 64, 0, quick ? 2 : 5, 3);
await live(1000, 50, 200, quick ? 2 : 5, 1.1);

async function peak(cases: number): Promise<number> {
  const suite = writeSuite(`memory-${cases}`, cases);
  const server = await serve(0);
  try {
    const { peakMb } = await measure(
      [
        cli,
        'run',
        suite,
        '--base-url',
        server.url,
        '--concurrency',
        '64',
        '--reports',
        path.join(folder, 'reports'),
        '--reporter',
        'json,html,junit',
        '--quiet',
      ],
      { cwd: folder, env: { GEMINI_API_KEY: 'bench' }, watchMemory: true },
    );
    return peakMb;
  } finally {
    server.stop();
  }
}
if (process.argv.includes('--memory')) {
  const small = await peak(10_000);
  const large = await peak(100_000);
  row(
    'peak memory, 100,000 cases',
    `${large.toFixed(0)} MB`,
    `${small.toFixed(0)} MB at 10,000`,
    large,
    300,
    ' MB',
  );
  row('… above 10,000 cases', `${large.toFixed(0)} MB`, `${small.toFixed(0)} MB`, large - small, 100, ' MB');
}

function install(): void {
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (packed.status !== 0 || !tarball) throw new Error(`npm pack failed: ${packed.stderr}`);
  const target = path.join(folder, 'install');
  spawnSync('npm', ['install', '--prefix', target, '--no-audit', '--no-fund', path.join(folder, tarball)], {
    cwd: folder,
  });
  const installed = path.join(target, 'node_modules');
  let bytes = 0;
  let packages = 0;
  for (const entry of readdirSync(installed, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    bytes += statSync(path.join(entry.parentPath, entry.name)).size;
    if (entry.name === 'package.json' && !entry.parentPath.includes(`${path.sep}dist`)) packages++;
  }
  row('an install brings', `${packages} packages`, '', bytes / 1e6, 15, ' MB');
  row('… packages', '', '', packages, 25, '');
}
install();

process.stdout.write(
  `${table.toString()}\nnode ${process.version}, ${os.cpus().length} cores; medians, pairs run in turn\n`,
);
rmSync(folder, { recursive: true, force: true });
process.exitCode = broken > 0 ? 1 : 0;
