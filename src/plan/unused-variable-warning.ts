import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { generationFields, requestFields } from '../gemini/fields.ts';
import type { JsonValue } from '../lib/json.ts';

/** What has the variable. */
export type Home = 'the suite' | 'the test' | 'a row';

/** Keys of a test: under `vars` or in a row they are variables. */
const testKeys = new Set(
  'assert tags skip repeats passRate severity vars data row inherit extra prompts configs method model models'.split(
    ' ',
  ),
);
const configFields = new Set([...generationFields, ...requestFields]);

/** Names that are likely meant for the test even where a template uses them. */
const settings = new Set(['assert', 'tags', 'skip', 'repeats', 'passRate', 'severity']);

/** Whether a variable is reported though a template uses it. */
export const looksLikeSetting = (name: string): boolean => settings.has(name);

/** The warning of a variable that nothing uses, or that is named like a setting, by what its name was likely meant for. */
export function unusedVariable(
  name: string,
  value: JsonValue,
  home: Home,
  isUsed: boolean,
): Pick<Diagnostic, 'severity' | 'code' | 'message' | 'help'> {
  const severity = 'warning' as const;
  const what = home === 'a row' ? 'a variable of the row' : `a variable of ${home}`;
  const quoted = JSON.stringify(name);
  if (name === 'assert')
    return {
      severity,
      code: 'misplaced-key',
      message: `"assert" under vars is ${what}: its assertions are not checked`,
      help: 'write assert beside vars, not under it',
    };
  if (testKeys.has(name))
    return {
      severity,
      code: 'misplaced-key',
      message: `${quoted} here is ${what}, ${isUsed ? 'and sets nothing' : 'and nothing uses it'}`,
      help: helpFor(name, home),
    };
  if (configFields.has(name))
    return {
      severity,
      code: 'misplaced-key',
      message: `${quoted} here is ${what}, and nothing uses it`,
      help: `write it in a config, where it is a field of the request: configs: { a: { ${name}: ${inWords(value)} } }`,
    };
  if (name.startsWith('__'))
    return {
      severity,
      code: 'foreign-column',
      message: `${quoted} is ${what}, and nothing uses it: Assay reads no assertions or settings from such names`,
      help: `name it ${name.replace(/^_+/, '')} and use it, for example in assert: [ { contains: "{{${name.replace(/^_+/, '')}}}" } ]`,
    };
  if (name === 'file' && typeof value === 'string' && /\.(?:ya?ml|json)$/i.test(value))
    return {
      severity,
      code: 'unused-variable',
      message: `"file" here is ${what}, and nothing uses it: the variables of ${JSON.stringify(value)} are not read`,
      help:
        home === 'a row'
          ? `to read all rows from the file, write data: ${value} in the test`
          : `vars: { file: ${value} } reads them where "file" is the only key; move the others into the file, or to the vars of a test`,
    };
  return {
    severity,
    code: 'unused-variable',
    message: `no prompt, config, assertion or row name uses the variable ${quoted}`,
    help:
      name === 'name' && home === 'a row'
        ? 'to name the rows by it, write row: "{{name}}" in the test'
        : `write {{${name}}} where its value belongs, or remove it`,
  };
}

function helpFor(name: string, home: Home): string {
  if (name === 'severity') return 'write severity: warn beside the kind of an assertion';
  if (name === 'vars' && home === 'a row') return 'write the variables in the row itself';
  return home === 'a row'
    ? `write ${name} as a key of the test; rows that need another ${name} belong in a test of their own`
    : `write ${name} beside vars, not under it`;
}

function inWords(value: JsonValue): string {
  return typeof value === 'object' ? '…' : String(value);
}
