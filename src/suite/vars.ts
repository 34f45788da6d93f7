import type { Diagnostic, SourceRange, Report } from '../diagnostics/diagnostic.ts';
import { isMapNode, type SourceNode } from '../diagnostics/source-node.ts';
import { fileReference, type SuiteFiles } from './files.ts';
import type { Variable, VarMap } from './suite.ts';

/** Words that mean something else in a template. */
const reservedNames: readonly string[] = [
  'if',
  'unless',
  'each',
  'with',
  'lookup',
  'log',
  'else',
  'this',
  'env',
];

/** Reads `vars:`; a `{ file: path }` is the file's value, and no template. */
export async function readVars(vars: SourceNode, files: SuiteFiles, report: Report): Promise<VarMap> {
  const map = new Map<string, Variable>();
  if (!isMapNode(vars)) return map;
  for (const [name, node] of vars.entries()) {
    checkName(name, node.keyPlace, report);
    map.set(name, await readVariable(node, true, files));
  }
  return map;
}

/** The variable that a value gives. */
export async function readVariable(
  node: SourceNode,
  template: boolean,
  files: SuiteFiles,
): Promise<Variable> {
  const at = { place: node.place, nameAt: node.keyPlace };
  const reference = fileReference(node);
  if (reference === undefined) return { ...variableOf(node), template, ...at };
  const inFile = node.at('file').place;
  const read = await files.value(reference, inFile);
  return { ...(read ? variableOf(read) : { value: null }), template: false, ...at };
}

function variableOf({
  value,
  text,
  source: { parts },
}: SourceNode): Pick<Variable, 'value' | 'text' | 'parts'> {
  return { value, ...(text === undefined ? {} : { text }), ...(parts ? { parts } : {}) };
}

/** Whether an environment variable is the API key, which no template may read. */
export function isKeyName(name: string): boolean {
  return name === 'GEMINI_API_KEY' || name === 'GOOGLE_API_KEY';
}

/** Why a template may not read such a variable. */
export function keyInTemplate(name: string): Pick<Diagnostic, 'severity' | 'code' | 'message' | 'help'> {
  return {
    severity: 'error',
    code: 'key-in-template',
    message: `${name} holds the API key, which no template may read`,
    help: 'the key is only sent as a header: no prompt, report or file contains it',
  };
}

/** Reads `env:`, the environment variables that templates may read; the API key is none of them. */
export function readEnv(names: SourceNode, report: Report): string[] {
  return names.items().map(({ value, place }) => {
    const name = typeof value === 'string' ? value : '';
    if (isKeyName(name)) report({ ...keyInTemplate(name), place });
    return name;
  });
}

/** Reports a name that no variable may have. */
export function checkName(name: string, place: SourceRange | undefined, report: Report): void {
  if (!reservedNames.includes(name)) return;
  report({
    severity: 'error',
    code: 'reserved-name',
    message: `a variable may not be named ${JSON.stringify(name)}: it is a word of the template language`,
    ...(place ? { place } : {}),
    help: 'give it another name',
  });
}
