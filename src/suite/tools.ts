import type { Report } from '../diagnostics/diagnostic.ts';
import {
  isListNode,
  isMapNode,
  listNode,
  mapEntries,
  mapItems,
  type SourceNode,
} from '../diagnostics/source-node.ts';
import { typeName } from '../lib/json.ts';
import { fileReference, type SuiteFiles } from './files.ts';

/** What reading files takes. */
interface Reading {
  readonly files: SuiteFiles;
  readonly report: Report;
}

/** The schemas of a function declaration, in both spellings that the API reads. */
const schemas = new Set([
  'parameters',
  'parametersJsonSchema',
  'parameters_json_schema',
  'response',
  'responseJsonSchema',
  'response_json_schema',
]);

/** Tools with the contents of their files: for an entry, a function declaration, or its schema. A file may have several entries. */
export async function readTools(node: SourceNode, reading: Reading): Promise<SourceNode> {
  return resolveAll(node, reading, readTool);
}

/** A list, or a single value as a list; each entry, and each that a file gives in its place, is read. */
async function resolveAll(
  node: SourceNode,
  reading: Reading,
  read: (entry: SourceNode, reading: Reading) => Promise<SourceNode>,
): Promise<SourceNode> {
  const whole = await resolve(node, reading);
  const list = isListNode(whole) ? whole : listNode([whole], whole);
  return mapItems(
    list,
    async (entry) => {
      const resolved = await resolve(entry, reading);
      return isListNode(resolved)
        ? mapItems(resolved, (each) => read(each, reading))
        : read(resolved, reading);
    },
    { flatten: true },
  );
}

async function readTool(tool: SourceNode, reading: Reading): Promise<SourceNode> {
  if (!isMapNode(tool)) return tool;
  return mapEntries(tool, (node, key) =>
    key === 'functionDeclarations' || key === 'function_declarations'
      ? resolveAll(node, reading, readDeclaration)
      : node,
  );
}

async function readDeclaration(declaration: SourceNode, reading: Reading): Promise<SourceNode> {
  if (!isMapNode(declaration)) return declaration;
  return mapEntries(declaration, (node, key) => (schemas.has(key) ? resolve(node, reading) : node));
}

/** A value, or the map or list of its file. */
async function resolve(node: SourceNode, reading: Reading): Promise<SourceNode> {
  if (fileReference(node) === undefined) return node;
  const found = await readFile(node, reading);
  return isListNode(found) ? found : asMap(found, node, reading);
}

/** The map in the file that a value names; an empty one after an error. */
export async function readMap(node: SourceNode, reading: Reading): Promise<SourceNode> {
  return asMap(await readFile(node, reading), node, reading);
}

async function readFile(node: SourceNode, { files }: Reading): Promise<SourceNode> {
  return (await files.value(fileReference(node) ?? '', node.at('file').place)) ?? node.with({});
}

function asMap(found: SourceNode, node: SourceNode, { report }: Reading): SourceNode {
  if (isMapNode(found)) return found;
  report({
    severity: 'error',
    code: 'wrong-type',
    message: `expected a map, ${JSON.stringify(fileReference(node))} holds a ${typeName(found.value)}`,
    place: node.at('file').place,
    help: 'it is read from a .yaml or .json file, and from no text file',
  });
  return found.with({});
}
