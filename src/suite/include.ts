import path from 'node:path';
import { kinds } from '../assertions/registry.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import { isListNode, isMapNode, mapEntries, mapItems, type SourceNode } from '../diagnostics/source-node.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { fileReference, type SuiteFiles } from './files.ts';
import { isMisindented } from './misindented.ts';

const roles = ['user', 'model', 'function'];

/** What including files needs. */
interface Including {
  readonly files: SuiteFiles;
  readonly report: Report;
}

/**
 * Replaces references to files by their contents, for prompts, turns, configs, variables, assertions and schemas
 * in them. The schema is checked afterwards, so shared files follow the same rules and errors show their own lines.
 * Text files stay references. Lists inside a list of assertions are flattened.
 */
export async function includeFiles(
  suite: SourceNode,
  files: SuiteFiles,
  report: Report,
): Promise<SourceNode> {
  if (!isMapNode(suite)) return suite;
  const including = { files, report };
  const shared = (node: SourceNode, key: string): Promise<SourceNode> | SourceNode => {
    if (key === 'assert') return includeAssert(node, including);
    return key === 'vars' ? includeVars(node, including) : node;
  };
  return mapEntries(suite, (node, key) => {
    if (key === 'configs') return includeConfigs(node, including);
    if (key === 'prompts') return includePrompts(node, including);
    if (key !== 'tests' || !isListNode(node)) return shared(node, key);
    return mapItems(node, (test) => (isMapNode(test) ? mapEntries(test, shared) : test));
  });
}

/** The same for the `assert` of a row; undefined after an error. */
export async function includeAssertions(
  assert: SourceNode,
  files: SuiteFiles,
  report: Report,
): Promise<SourceNode | undefined> {
  let failed = false;
  const watched: Report = (diagnostic) => {
    failed ||= diagnostic.severity === 'error';
    report(diagnostic);
  };
  const included = await includeAssert(assert, { files, report: watched });
  return failed ? undefined : included;
}

/** `configs`: a file as a whole, or one for an entry. */
async function includeConfigs(configs: SourceNode, including: Including): Promise<SourceNode> {
  const { node, chain } = await follow(configs, including, { expected: 'a map of configs' });
  if (!isMapNode(node)) return node;
  return mapEntries(
    node,
    async (entry) => (await follow(entry, including, { chain, expected: 'a config' })).node,
  );
}

/** `prompts`: a file as a whole, or one for an entry or a turn. */
async function includePrompts(prompts: SourceNode, including: Including): Promise<SourceNode> {
  // Beside others, "file" is the name of a prompt like any.
  const isNames = isMapNode(prompts) && Object.keys(prompts.value).length > 1;
  const { node, chain } = isNames ? { node: prompts, chain: [] } : await follow(prompts, including);
  if (!isMapNode(node)) return node;
  return mapEntries(node, async (entry) => {
    const prompt = await follow(entry, including, { chain, mayBeText: true });
    if (isTurn(prompt.node.value)) refuseAlone(prompt.node, 'turn', including.report);
    if (!isListNode(prompt.node)) return prompt.node;
    return mapItems(prompt.node, async (item) => {
      const found = await follow(item, including, { chain: prompt.chain, mayBeText: true });
      return isTurn(found.node.value) ? found.node : item;
    });
  });
}

/** `vars` of a suite or a test: a file as a whole; a file for one of them is read with it. */
async function includeVars(vars: SourceNode, including: Including): Promise<SourceNode> {
  // Beside others, "file" is the name of a variable like any.
  if (!isMapNode(vars) || Object.keys(vars.value).length > 1) return vars;
  const { node } = await follow(vars, including, {
    expected: 'a map of variables',
    help: 'a lone "file" under vars names a .yaml or .json file with all the variables; a variable of that name needs another name',
  });
  return node;
}

/** All of an `assert`. */
async function includeAssert(assert: SourceNode, including: Including): Promise<SourceNode> {
  const found = await includeList(assert, including);
  if (isMapNode(found) && fileReference(found) === undefined)
    refuseAlone(found, 'assertion', including.report);
  return found;
}

/** A list of assertions, with lists inside; all of it or an entry may be a file. */
async function includeList(
  written: SourceNode,
  including: Including,
  chain: readonly string[] = [],
): Promise<SourceNode> {
  if (isMapNode(written) && isMisindented(written, including.report)) return written;
  const found = await follow(written, including, { chain, expected: 'a list of assertions' });
  if (isMapNode(found.node)) return includeEntry(found.node, including, found.chain);
  if (!isListNode(found.node)) return found.node;
  return mapItems(found.node, (item) => includeList(item, including, found.chain), { flatten: true });
}

/** One assertion, with nested assertions and schema files. */
function includeEntry(
  entry: SourceNode<JsonObject>,
  including: Including,
  chain: readonly string[],
): Promise<SourceNode> {
  return mapEntries(entry, (args, kind) => {
    const { nests, fileArguments = [] } = kinds[kind] ?? {};
    if (nests) return includeList(args, including, chain);
    if (!isMapNode(args)) return args;
    return mapEntries(args, async (node, key) =>
      fileArguments.includes(key) ? (await follow(node, including, { chain })).node : node,
    );
  });
}

function isTurn(value: JsonValue): boolean {
  return isObject(value) && roles.some((role) => role in value);
}

/** Reports a turn or an assertion that is not an entry of a list. */
function refuseAlone(node: SourceNode, what: 'turn' | 'assertion', report: Report): void {
  const keys = Object.keys(node.value ?? {});
  const key = (what === 'turn' ? keys.find((each) => roles.includes(each)) : keys[0]) ?? '';
  report({
    severity: 'error',
    code: `${what}-alone`,
    message: `expected a list of ${what}s, received "${key}" alone`,
    place: node.at(key).keyPlace,
    help: `write "- ${key}: …"`,
  });
}

/** How a reference may be followed. */
interface Following {
  /** The files that led here. */
  readonly chain?: readonly string[];
  /** A text file stays a reference; otherwise it is an error. */
  readonly mayBeText?: boolean;
  /** What is expected where a suite would pass for any other map. */
  readonly expected?: string;
  /** The help for a text file where more than a text is expected. */
  readonly help?: string;
}

/** Resolves `{ file: path }` through .yaml and .json files; null after an error. */
async function follow(
  node: SourceNode,
  including: Including,
  following: Following = {},
): Promise<{ node: SourceNode; chain: readonly string[] }> {
  const { files, report } = including;
  const { chain = [], mayBeText = false, expected, help } = following;
  if (!isMapNode(node) || typeof node.value.file !== 'string') return { node, chain };
  const reference = node.value.file;
  const { place } = node.at('file');
  const fail = (
    code: string,
    message: string,
    advice: string,
  ): { node: SourceNode; chain: readonly string[] } => {
    report({ severity: 'error', code, message, place, help: advice });
    return { node: node.with(null), chain };
  };
  const isText = !/\.(?:ya?ml|json)$/i.test(reference);
  if (isText && mayBeText) return { node, chain };
  const beside = Object.keys(node.value).find((key) => key !== 'file');
  if (beside !== undefined) {
    if (mayBeText) return { node, chain };
    report({
      severity: 'error',
      code: 'file-not-alone',
      message: `${JSON.stringify(beside)} cannot be combined with "file"`,
      place: node.at(beside).keyPlace,
      help: 'move it into the file, or write everything here',
    });
  } else if (isText)
    return fail(
      'unknown-form',
      `expected a .yaml or .json file, received ${JSON.stringify(reference)}`,
      help ?? 'only a prompt, a text of a prompt, a system instruction or a variable may be a text file',
    );
  const absolute = path.resolve(path.dirname(place.file.absolute), reference);
  if (chain.includes(absolute))
    return fail(
      'circular-file',
      `${JSON.stringify(reference)} leads back to itself`,
      'a shared file may not include itself, not by way of others either',
    );
  const content = await files.value(reference, place);
  if (expected !== undefined && content && isSuite(content.value))
    return fail(
      'suite-for-part',
      `${JSON.stringify(reference)} is a suite, expected ${expected}`,
      'suites do not include each other: write what they share into a file of its own',
    );
  return follow(content ?? node.with(null), including, { ...following, chain: [...chain, absolute] });
}

/** Whether a value looks like a suite. */
function isSuite(value: JsonValue): boolean {
  return (
    isObject(value) &&
    typeof value.suite === 'string' &&
    ['model', 'prompts', 'tests', 'configs', 'assert'].some((key) => key in value)
  );
}
