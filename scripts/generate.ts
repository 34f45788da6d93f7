/** Writes what is made from code: the published schemas, the precompiled validator, the table of assertion kinds in docs/assertions.md. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { transformSync } from 'esbuild';
import { documentKinds } from '../src/assertions/registry.ts';
import type { JsonObject } from '../src/lib/json.ts';
import { compareSchema } from '../src/report/shapes/compare.ts';
import { readSchemas, resultsSchema } from '../src/judge/case-record.ts';
import { runSchema } from '../src/report/shapes/run.ts';
import { templateKeyword } from '../src/shape/shape.ts';
import { suiteSchema } from '../src/suite/schema.ts';

const schema = suiteSchema();
for (const [name, made] of [
  ['suite', schema],
  ['results', resultsSchema()],
  ['run', runSchema()],
  ['compare', compareSchema()],
] as const)
  writeFileSync(`schemas/${name}.schema.json`, `${JSON.stringify(made, null, 2)}\n`);

/** Writes validators as a module of its own: loading ajv's compiler at each start would cost 0.1 s. */
function writeValidators(
  module: string,
  schemas: Readonly<Record<string, JsonObject>>,
  { allErrors }: { readonly allErrors: boolean },
): void {
  const ajv = new Ajv({
    strict: true,
    allowUnionTypes: true,
    strictTypes: false,
    strictRequired: false,
    inlineRefs: false,
    allErrors,
    verbose: true,
    // Ours are in shape/: the texts of ajv would only make the start longer.
    messages: false,
    code: { source: true, esm: true },
  });
  ajv.addKeyword(templateKeyword);
  const names = Object.keys(schemas);
  for (const [name, from] of Object.entries(schemas)) ajv.addSchema(from, name);
  const compile = standalone as unknown as (ajv: Ajv, names: Readonly<Record<string, string>>) => string;
  const code = compile(ajv, Object.fromEntries(names.map((name) => [name, name])))
    // The validator's run-time pieces are CommonJS; as imports they are bundled.
    .replace(
      /const (\w+) = require\("([^"]+)"\)(\.default)?;/g,
      // Loaders differ in whether they look through the default of such a module by themselves.
      (_, binding: string, piece: string, inner = '') =>
        `import ${binding}_module from "${piece}.js"; const ${binding} = ${binding}_module${inner}${inner === '' ? '' : ` ?? ${binding}_module`};`,
    );
  writeFileSync(`src/generated/${module}.js`, transformSync(code, { minify: true }).code);
  const declarations = names.map(
    (name) => `export const ${name}: { (value: unknown): boolean; errors?: SchemaError[] | null };\n`,
  );
  writeFileSync(
    `src/generated/${module}.d.ts`,
    `import type { SchemaError } from '../shape/schema-error.ts';\n\n${declarations.join('')}`,
  );
}

mkdirSync('src/generated', { recursive: true });
writeValidators('suite-validator', { validate: schema }, { allErrors: true });
writeValidators('results-validator', readSchemas(), { allErrors: false });

const rows = documentKinds().map(
  ({ name, doc, example }) =>
    `| \`${name}\` | \`${JSON.stringify(example).replaceAll('|', '\\|')}\` | ${doc} |`,
);
const page = 'docs/assertions.md';
const assertions = readFileSync(page, 'utf8').replace(
  /<!-- kinds -->[\s\S]*<!-- \/kinds -->/,
  () => `<!-- kinds -->\n| kind | example | checks |\n|---|---|---|\n${rows.join('\n')}\n<!-- /kinds -->`,
);
writeFileSync(page, assertions);
