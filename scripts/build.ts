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

const folderOf = (name: string): string => path.join('node_modules', name) + path.sep;

/** What the bundle has in the stead of a module that a package asks for. */
const leftOut = [
  // For subcommands that are programs of their own: there are none.
  { by: folderOf('commander'), what: /child_process$/, pluginData: '{}' },
  // HTTP/2 is not turned on: see src/gemini/transport.ts.
  { by: folderOf('undici'), what: /client-h2\.js$/, pluginData: 'undefined' },
  // For the bound on headers, which transport.ts gives, and to know its messages, of which there are none.
  { by: folderOf('undici'), what: /^node:http$/, pluginData: '{}' },
];

await rm(path.join(root, 'dist'), { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli.ts', compiled: 'src/compiled.ts' },
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
      name: 'left-out',
      // What packages load at every start for what Assay never asks of them.
      setup: (made: PluginBuild) => {
        made.onResolve(
          { filter: /child_process$|^node:http$|client-h2\.js$/ },
          ({ path: asked, importer }) => {
            const { pluginData } =
              leftOut.find(({ by, what }) => importer.includes(by) && what.test(asked)) ?? {};
            return pluginData === undefined ? undefined : { path: asked, namespace: 'left-out', pluginData };
          },
        );
        made.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ pluginData }) => ({
          contents: `module.exports = ${String(pluginData)};`,
        }));
      },
    },
  ],
  define: { ASSAY_VERSION: JSON.stringify(manifest.version) },
  logLevel: 'warning',
});
await regroup(root, result.metafile, parts, 'dist');
await rm(path.join(root, parts), { recursive: true });
// The package is one of modules; what is built is scripts.
await writeFile(path.join(root, 'dist/package.json'), '{ "type": "commonjs" }\n');
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
