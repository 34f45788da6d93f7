/**
 * Puts the bundle's many small chunks together into what one command loads at a time: Node takes about a millisecond for
 * each file of a module graph, and a check of suites would load 36 of them.
 */
import { isBuiltin } from 'node:module';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { rollup } from 'rollup';

/**
 * Groups, each by the modules that begin it; a chunk belongs to the first group that reaches it without an import that
 * is made later. What none reaches stays a chunk of its own, loaded when it is asked for.
 */
const groups: readonly (readonly [name: string, ...entries: string[]])[] = [
  // The start loads this alone, so that --version costs nothing.
  ['base', 'src/cli.ts'],
  ['core', 'src/commands/program.ts', 'src/commands/validate.ts'],
  ['run', 'src/commands/run.ts'],
  ['csv', 'node_modules/csv-parse/lib/sync.js'],
  ['live', 'src/execute/run.ts', 'src/execute/progress.ts', 'src/gemini/transport.ts'],
  ['reports', 'src/report/json.ts', 'src/report/html/page.ts', 'src/report/junit.ts'],
];

/** Loads chunks with what was compiled of them before: see src/compiled.ts. */
const loader = "new(require('./compiled.js').CompiledChunks)(__dirname,process.argv[2],require)";

/** Writes the bundle at `from` (whose metafile is given, with paths from `root`) anew to `to`. */
export async function regroup(root: string, { outputs }: Metafile, from: string, to: string): Promise<void> {
  const groupOf = new Map<string, string>();
  const reach = (output: string, group: string): void => {
    const found = outputs[output];
    if (!found || groupOf.has(output)) return;
    groupOf.set(output, group);
    for (const each of found.imports) if (each.kind === 'import-statement') reach(each.path, group);
  };
  for (const [group, ...entries] of groups) {
    for (const entry of entries) {
      const output = Object.keys(outputs).find((name) => outputs[name]?.entryPoint === entry);
      if (output === undefined) throw new Error(`the bundle has no entry ${entry}: mend the groups`);
      reach(output, group);
    }
  }
  const start = path.join(root, from, 'cli.js');
  const compiled = path.join(root, from, 'compiled.js');
  const bundle = await rollup({
    input: { cli: start, compiled },
    external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
    // esbuild has left out what is not used.
    treeshake: false,
    plugins: [
      {
        name: 'compiled-chunks',
        renderDynamicImport: ({ moduleId, targetModuleId }) => {
          if (moduleId === compiled) return { left: 'import(', right: ')' };
          if (targetModuleId === null || isBuiltin(targetModuleId))
            return { left: 'importModule(', right: ')' };
          return moduleId === start
            ? { left: `Promise.resolve().then(()=>${loader}.load(require.resolve(`, right: ')))' }
            : null;
        },
      },
    ],
    onwarn: ({ message }) => {
      throw new Error(message);
    },
  });
  await bundle.write({
    dir: path.join(root, to),
    // Of scripts, unlike modules, Node can keep what it compiled; and it loads them in less time.
    format: 'cjs',
    interop: 'default',
    esModule: false,
    strict: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    hoistTransitiveImports: false,
    // The start itself is no part of a group: it waits for the others, which must not wait for it.
    manualChunks: (id) => (id === start ? undefined : groupOf.get(path.relative(root, id))),
  });
}
