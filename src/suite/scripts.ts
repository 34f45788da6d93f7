import path from 'node:path';
import { kindOf, kinds } from '../assertions/registry.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import {
  isListNode,
  isMapNode,
  mapEntries,
  mapItems,
  mapNode,
  type SourceNode,
} from '../diagnostics/source-node.ts';
import type { SuiteFiles } from './files.ts';

/** Locates the scripts that an assertion's arguments name, nested ones too: each is read, and counts as part of the suite. */
export async function locateScripts(
  kind: string,
  args: SourceNode,
  files: SuiteFiles,
  report: Report,
): Promise<SourceNode> {
  const { moduleArgument, nests } = kinds[kind] ?? {};
  if (moduleArgument !== undefined) return locateScript(args, moduleArgument, files, report);
  const nested = async (entry: SourceNode): Promise<SourceNode> => {
    const inner = isMapNode(entry) ? kindOf(entry.value) : undefined;
    if (!isMapNode(entry) || inner === undefined) return entry;
    return mapEntries(entry, (node, key) =>
      key === inner ? locateScripts(inner, node, files, report) : node,
    );
  };
  if (nests?.takes === 'one') return nested(args);
  return nests && isListNode(args) ? mapItems(args, nested) : args;
}

/** Writes the path of a script from the root, so that it is the same on every machine. */
async function locateScript(
  args: SourceNode,
  argument: string,
  files: SuiteFiles,
  report: Report,
): Promise<SourceNode> {
  const map = isMapNode(args) ? args : mapNode([[argument, args]], args);
  const node = map.at(argument);
  const { value: file, place } = node;
  if (typeof file !== 'string') return args;
  const fail = (code: string, message: string, help: string): SourceNode => {
    report({ severity: 'error', code, message, place, help });
    return map.with({ ...map.value, [argument]: file.replaceAll(/[{}]/g, '') });
  };
  if (file.includes('{{'))
    return fail(
      'template-in-path',
      'the path of a script holds no templates',
      'name one script, and give it what differs under `with`',
    );
  if (path.extname(file) !== '.mjs')
    return fail(
      'wrong-format',
      `a script is an .mjs file, this one is ${JSON.stringify(path.basename(file))}`,
      'rename it to .mjs: a module that exports a function',
    );
  const read = await files.source(file, place);
  if (!read) return map;
  const fromRoot = path.relative(files.root, read.absolute).split(path.sep).join('/');
  return map.with({ ...map.value, [argument]: fromRoot });
}
