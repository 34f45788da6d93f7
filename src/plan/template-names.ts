import type { JsonValue } from '../lib/json.ts';
import { templatesIn, type Described } from '../shape/walk.ts';
import type { NamedPrompt, PromptPart, VarMap } from '../suite/suite.ts';
import { parseTemplate, type Node, type PathNode, type Program } from './template-tree.ts';

/** Adds the names of variables that the templates in a value use. */
export function addNames(value: JsonValue | undefined, names: Set<string>, described?: Described): void {
  for (const text of templatesIn(value, described)) {
    const body = parseTemplate(text);
    if (!(body instanceof Error)) addFromBody(body, names);
  }
}

function addFromBody(body: readonly Node[], names: Set<string>): void {
  const path = ({ type, parts }: PathNode): void => {
    // An item of #each may hide a variable of its name: both count as used.
    if (type === 'PathExpression' && parts[0] !== undefined) names.add(parts[0]);
  };
  const program = (inner: Program | undefined): void => inner && addFromBody(inner.body, names);
  for (const node of body) {
    if (node.type !== 'MustacheStatement' && node.type !== 'BlockStatement') continue;
    if (node.type === 'MustacheStatement') path(node.path);
    node.params.forEach(path);
    program(node.program);
    program(node.inverse);
  }
}

/** The same of a prompt; files whose path is a template are not known here. */
export function addNamesOfPrompt({ parts = [], turns = [] }: NamedPrompt, names: Set<string>): void {
  for (const part of [...parts, ...turns.flatMap((turn) => turn.parts ?? [])]) addNamesOfPart(part, names);
}

/** The same of a part of a prompt. */
export function addNamesOfPart(part: PromptPart, names: Set<string>): void {
  if (part.kind === 'api') addNames(part.part.value, names);
  else addNames(part.beside.value, names);
  if (part.kind === 'text' && part.template) addNames(part.text, names);
  if (part.kind === 'file') addNames(part.reference, names);
  if (part.kind === 'fileUri') [part.fileUri, part.mimeType].forEach((each) => addNames(each, names));
}

/** The names, and those that the templates of such variables use in turn. */
export function withNested(names: ReadonlySet<string>, vars: VarMap): Set<string> {
  const all = new Set(names);
  // A set yields what is added while it is read.
  for (const name of all) {
    const variable = vars.get(name);
    if (variable?.template) addNames(variable.value, all);
  }
  return all;
}
