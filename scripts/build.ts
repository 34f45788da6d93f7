/** Builds dist/: one ESM bundle with lazily loaded chunks, the types of the library, and the licences of what is bundled. */
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { writeDeclarations } from './declarations.ts';
import { tellLicences } from './licences.ts';

const root = path.resolve(import.meta.dirname, '..');
const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };

await rm(path.join(root, 'dist'), { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'src/cli.ts', index: 'src/index.ts', emulator: 'src/emulator/index.ts' },
  outdir: 'dist',
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
  alias: { yaml: path.join(root, 'node_modules/yaml/browser/index.js') },
  // CommonJS packages ask for Node's modules with `require`, which an ESM file does not have.
  banner: {
    js: "import { createRequire as createNodeRequire } from 'node:module'; const require = createNodeRequire(import.meta.url);",
  },
  define: { ASSAY_VERSION: JSON.stringify(manifest.version) },
  logLevel: 'warning',
});
await chmod(path.join(root, 'dist/cli.js'), 0o755);

await writeDeclarations(root, ['index.ts', 'emulator/index.ts']);

const folders = new Set<string>();
for (const input of Object.keys(result.metafile.inputs)) {
  const match = /^(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (match?.[1]) folders.add(match[1]);
}
await writeFile(
  path.join(root, 'dist/THIRD_PARTY_LICENSES.txt'),
  await tellLicences([...folders].toSorted()),
);
