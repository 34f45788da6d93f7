/** Writes what is made from code: the published schema, the precompiled validator, the README's table of kinds. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { documentKinds } from '../src/assertions/registry.ts';
import { suiteSchema } from '../src/suite/schema.ts';

const schema = suiteSchema();
writeFileSync('schemas/suite.schema.json', `${JSON.stringify(schema, null, 2)}\n`);

const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  strict: true,
  allowUnionTypes: true,
  strictTypes: false,
  strictRequired: false,
  code: { source: true, esm: true, lines: true },
});
const compile = standalone as unknown as (ajv: Ajv, validate: unknown) => string;
const code = compile(ajv, ajv.compile(schema))
  // The validator's run-time pieces are CommonJS; as imports they are bundled.
  .replace(
    /const (\w+) = require\("([^"]+)"\)(\.default)?;/g,
    (_, name: string, from: string, inner = '') =>
      `import ${name}_module from "${from}.js"; const ${name} = ${name}_module${inner};`,
  );
mkdirSync('src/generated', { recursive: true });
writeFileSync('src/generated/suite-validator.js', code);
writeFileSync(
  'src/generated/suite-validator.d.ts',
  "import type { SchemaFault } from '../shape/schema-fault.ts';\n\nexport const validate: { (value: unknown): boolean; errors?: SchemaFault[] | null };\nexport default validate;\n",
);

const rows = documentKinds().map(
  ({ name, doc, example }) =>
    `| \`${name}\` | \`${JSON.stringify(example).replaceAll('|', '\\|')}\` | ${doc} |`,
);
const readme = readFileSync('README.md', 'utf8').replace(
  /<!-- kinds -->[\s\S]*<!-- \/kinds -->/,
  () => `<!-- kinds -->\n| kind | example | holds if |\n|---|---|---|\n${rows.join('\n')}\n<!-- /kinds -->`,
);
writeFileSync('README.md', readme);
