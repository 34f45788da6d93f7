import { scoped } from '../lib/scope.ts';
import { isPlainTemplate, nameInBraces } from '../lib/template-syntax.ts';

/** The parts of the Handlebars tree that the suite language has. */
export interface PathNode {
  type: string;
  original: string;
  parts: string[];
  data: boolean;
  depth: number;
  value?: unknown;
}
export interface Program {
  body: Node[];
  blockParams?: string[];
}
/** Arguments by name: `x=1`. */
export interface Hash {
  pairs: { key: string }[];
}
export interface Node {
  type: string;
  value?: string;
  original?: string;
  path: PathNode;
  params: PathNode[];
  hash?: Hash;
  program?: Program;
  inverse?: Program;
}

const parsed = scoped(() => new Map<string, readonly Node[] | Error>());

/** The tree of a template, or why it is none. Each text is read once. */
export function parseTemplate(text: string): readonly Node[] | Error {
  const known = parsed();
  let body = known.get(text);
  if (!body) {
    body = readPlain(text) ?? readHandlebars(text);
    known.set(text, body);
  }
  return body;
}

let parse: ((text: string) => unknown) | undefined;

/** Loads the parser that anything but `{{name}}` needs; to be called before such a text is read. */
export async function loadParser(): Promise<void> {
  ({ parse } = await import('@handlebars/parser'));
}

function readHandlebars(text: string): readonly Node[] | Error {
  if (!parse) throw new Error('the template parser was not loaded');
  try {
    return (parse(text) as Program).body;
  } catch (error) {
    // The parser throws plain errors; the caller reports them with their place.
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Reads a template with nothing but `{{name}}`, without the parser; undefined for others. */
function readPlain(text: string): readonly Node[] | undefined {
  if (!isPlainTemplate(text)) return undefined;
  const nodes: Node[] = [];
  let at = 0;
  for (const match of text.matchAll(nameInBraces)) {
    const [whole, original = ''] = match;
    if (match.index > at) nodes.push(content(text.slice(at, match.index)));
    nodes.push({
      type: 'MustacheStatement',
      path: { type: 'PathExpression', original, parts: original.split('.'), data: false, depth: 0 },
      params: [],
    });
    at = match.index + whole.length;
  }
  if (at < text.length) nodes.push(content(text.slice(at)));
  return nodes;
}

function content(value: string): Node {
  const path = { type: 'PathExpression', original: '', parts: [], data: false, depth: 0 };
  return { type: 'ContentStatement', value, original: value, path, params: [] };
}
