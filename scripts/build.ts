/** Builds dist/: one ESM bundle with lazily loaded chunks, and the licences of what is bundled. */
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, transform, type PluginBuild } from 'esbuild';
import { tellLicences } from './licences.ts';
import { regroup } from './regroup.ts';

const root = path.resolve(import.meta.dirname, '..');
const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };

/** Where the bundle lies before its chunks are put together. */
const parts = 'dist/parts';

await rm(path.join(root, 'dist'), { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli.ts' },
  outdir: parts,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  chunkNames: 'chunks/[name]-[hash]',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  // The ESM build, from which what is not used is left out.
  alias: {
    yaml: path.join(root, 'node_modules/yaml/browser/index.js'),
    undici: path.join(root, 'scripts/undici-client.cjs'),
  },
  plugins: [
    {
      name: 'short-names',
      // What others wrote is read at every start: shorter names inside it make that quicker. Our own keep theirs.
      setup: (made: PluginBuild) => {
        made.onLoad({ filter: /node_modules\/.*\.m?js$/ }, async ({ path: file }) => {
          const source = await readFile(file, 'utf8');
          const { code } = await transform(source, { minifyIdentifiers: true, keepNames: false });
          return { contents: code, loader: 'js' };
        });
      },
    },
    {
      name: 'no-child-process',
      // commander loads it at every start, for subcommands that are programs of their own: Assay has none.
      setup: (made: PluginBuild) => {
        made.onResolve({ filter: /^(node:)?child_process$/ }, ({ importer }) =>
          importer.includes(`${path.sep}commander${path.sep}`)
            ? { path: 'child_process', namespace: 'nothing' }
            : undefined,
        );
        made.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'module.exports = {};' }));
      },
    },
  ],
  define: { ASSAY_VERSION: JSON.stringify(manifest.version) },
  // CommonJS packages inside an ESM bundle still call require for Node's own modules.
  banner: {
    js: "import{createRequire as __assayRequire}from'node:module';const require=__assayRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
await regroup(root, result.metafile, parts, 'dist');
await rm(path.join(root, parts), { recursive: true });
await chmod(path.join(root, 'dist/cli.js'), 0o755);

const folders = new Set<string>();
for (const input of Object.keys(result.metafile.inputs)) {
  const match = /^(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (match?.[1]) folders.add(match[1]);
}
await writeFile(
  path.join(root, 'dist/THIRD_PARTY_LICENSES.txt'),
  await tellLicences([...folders].toSorted()),
);
