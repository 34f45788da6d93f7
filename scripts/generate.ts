/** Writes what is made from code: the published schemas, the precompiled validator, the README's table of kinds. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Ajv, type Options } from 'ajv';
import { transformSync } from 'esbuild';
import standalone from 'ajv/dist/standalone/index.js';
import { documentKinds } from '../src/assertions/registry.ts';
import { isObject, type JsonObject, type JsonValue } from '../src/lib/json.ts';
import { compareSchema } from '../src/report/shapes/compare.ts';
import { resultsSchema } from '../src/report/shapes/results.ts';
import { runSchema } from '../src/report/shapes/run.ts';
import { suiteSchema } from '../src/suite/schema.ts';

const schema = suiteSchema();
for (const [name, made] of [
  ['suite', schema],
  ['results', resultsSchema()],
  ['run', runSchema()],
  ['compare', compareSchema()],
] as const)
  writeFileSync(`schemas/${name}.schema.json`, `${JSON.stringify(made, null, 2)}\n`);

/**
 * Writes a validator as a module of its own. Two are made: the gate, which only says yes or no and loads fast, and
 * the one that tells every fault, which loads when the gate says no.
 */
function writeValidator(
  name: string,
  from: JsonObject,
  options: Options,
  shrink: (code: string) => string = (code) => code,
): void {
  const ajv = new Ajv({
    strict: true,
    allowUnionTypes: true,
    strictTypes: false,
    strictRequired: false,
    inlineRefs: false,
    code: { source: true, esm: true, lines: true },
    ...options,
  });
  const compile = standalone as unknown as (ajv: Ajv, validate: unknown) => string;
  const code = compile(ajv, ajv.compile(from))
    // The validator's run-time pieces are CommonJS; as imports they are bundled.
    .replace(
      /const (\w+) = require\("([^"]+)"\)(\.default)?;/g,
      // Loaders differ in whether they look through the default of such a module by themselves.
      (_, binding: string, piece: string, inner = '') =>
        `import ${binding}_module from "${piece}.js"; const ${binding} = ${binding}_module${inner}${inner === '' ? '' : ` ?? ${binding}_module`};`,
    );
  writeFileSync(`src/generated/${name}.js`, shrink(code));
  writeFileSync(
    `src/generated/${name}.d.ts`,
    "import type { SchemaFault } from '../shape/schema-fault.ts';\n\nexport const validate: { (value: unknown): boolean; errors?: SchemaFault[] | null };\nexport default validate;\n",
  );
}
/** The schema without what only people read. Maps of names to schemas are walked as such: a key may bear any name. */
function bare(value: JsonValue, names = false): JsonValue {
  if (Array.isArray(value)) return value.map((item) => bare(item));
  if (!isObject(value)) return value;
  const told = names ? [] : ['description', 'examples', 'title'];
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      told.includes(key)
        ? []
        : [[key, bare(inner, !names && ['properties', 'patternProperties', '$defs'].includes(key))]],
    ),
  );
}

/**
 * The gate never tells what is wrong: the fault objects that ajv writes out, one a line, are left empty, and a check
 * that calls another neither tells it where it stands nor takes over its faults, but counts one.
 */
function withoutFaults(code: string): string {
  const lean = code
    .replace(/\{instancePath[:,].*,schemaPath:.*\}(?=\]?;$)|\{instancePath,schemaPath:.*\}(?=\]?;$)/gm, '{}')
    .replace(/, ?\{instancePath:instancePath\+?[^{}]*,rootData\}\)/g, ')')
    .replace(
      /vErrors = vErrors === null \? ([\w.]+)\.errors : vErrors\.concat\(\1\.errors\);\s*errors = vErrors\.length;/g,
      'errors++;',
    );
  return transformSync(slimConstants(lean), { minify: true, format: 'esm' }).code;
}

/** Of the schemas that ajv embeds, only what the code still reads is kept. */
function slimConstants(code: string): string {
  return code.replace(/^const (schema\d+) = (\{.*\});$/gm, (whole, name: string, literal: string) => {
    const uses = [
      ...code.matchAll(new RegExp(`\\b${name}\\b((?:\\.[\\w$]+|\\[(?:\\d+|"[^"]*")\\])*)`, 'g')),
    ].slice(1);
    if (uses.some(([, steps]) => steps === '')) return whole;
    const from = JSON.parse(literal) as JsonObject;
    const kept: JsonObject = {};
    for (const [, steps = ''] of uses)
      keep(
        from,
        kept,
        [...steps.matchAll(/[\w$-]+/g)].map(([step]) => step),
      );
    return `const ${name} = ${JSON.stringify(kept)};`;
  });
}

/** Copies the value at the end of the steps; of a map of properties only the names, which is all that is asked of it. */
function keep(from: JsonValue, to: JsonObject, steps: readonly string[]): void {
  const [step = '', ...rest] = steps;
  const value = (from as JsonObject)[step];
  if (value === undefined) throw new Error(`the validator reads ${step}, which the schema has not`);
  if (rest.length > 0) {
    const inner = isObject(to[step]) ? to[step] : {};
    to[step] = inner;
    keep(value, inner, rest);
  } else if (step === 'properties' && isObject(value)) {
    const names = Object.fromEntries(Object.keys(value).map((name) => [name, 0]));
    to[step] = { ...names, ...(isObject(to[step]) ? to[step] : {}) };
  } else to[step] ??= value;
}

mkdirSync('src/generated', { recursive: true });
writeValidator(
  'suite-gate',
  bare(schema) as JsonObject,
  { allErrors: false, messages: false },
  withoutFaults,
);
writeValidator('suite-validator', schema, { allErrors: true, verbose: true });

const rows = documentKinds().map(
  ({ name, doc, example }) =>
    `| \`${name}\` | \`${JSON.stringify(example).replaceAll('|', '\\|')}\` | ${doc} |`,
);
const readme = readFileSync('README.md', 'utf8').replace(
  /<!-- kinds -->[\s\S]*<!-- \/kinds -->/,
  () => `<!-- kinds -->\n| kind | example | holds if |\n|---|---|---|\n${rows.join('\n')}\n<!-- /kinds -->`,
);
writeFileSync('README.md', readme);
