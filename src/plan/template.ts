import type { Report } from '../diagnostics/diagnostic.ts';
import { placeOfPiece } from '../diagnostics/position.ts';
import { listNode, mapNode, SourceNode } from '../diagnostics/source-node.ts';
import { isObject, typeName, type JsonValue } from '../lib/json.ts';
import { literalPattern } from '../lib/literal-pattern.ts';
import { entryOf, schemasFor, templateMode, type Described } from '../shape/walk.ts';
import {
  reportTemplateError,
  foundAt,
  lookup,
  type Found,
  type Frame,
  type RenderOptions,
  type Scope,
} from './lookup.ts';
import { explainTemplateError, mention } from './template-error.ts';
import { parseTemplate, type Hash, type Node, type Program } from './template-tree.ts';

/** Renders one text; a text that is only `{{name}}` takes the value with its type. Faults are reported, the text then stays as it is. */
function renderText(text: string, scope: Scope, options: RenderOptions): Found {
  if (!text.includes('{{')) return { value: text };
  const body = parseTemplate(text);
  if (body instanceof Error) {
    const { message, piece } = explainTemplateError(body, text);
    options.report({
      severity: 'error',
      code: 'bad-template',
      message: `invalid template: ${message}`,
      place: placeOfPiece(options.place, piece),
      help: /\.\d/.test(piece)
        ? 'an item of a list is written {{list.[0]}}'
        : /\.(?:ya?ml|json)$/i.test(options.place.file.path)
          ? 'write \\{{ for literal braces, or { raw: … }'
          : 'write \\{{ for literal braces. Or read the file under vars: templates do not apply there',
    });
    return { value: text };
  }
  const frame: Frame = { scope };
  const only = body.filter((node) => !(node.type === 'ContentStatement' && node.original?.trim() === ''));
  const single = only[0];
  const isValue =
    only.length === 1 && single?.type === 'MustacheStatement' && single.params.length === 0 && !single.hash;
  if (isValue && !options.quote && !options.asText) {
    return lookup(single.path, frame, options) ?? { value: text };
  }
  return { value: renderBody(body, frame, options) };
}

/** Renders one text to a text: a scalar is kept as it was written, a list or map is an error. */
export function renderString(text: string, scope: Scope, options: RenderOptions): string {
  const { value } = renderText(text, scope, { ...options, asText: true });
  return typeof value === 'string' ? value : '';
}

function renderBody(body: readonly Node[], frame: Frame, options: RenderOptions): string {
  return body.map((node) => renderPiece(node, frame, options)).join('');
}

function renderPiece(node: Node, frame: Frame, options: RenderOptions): string {
  switch (node.type) {
    case 'ContentStatement':
      return node.value ?? '';
    case 'CommentStatement':
      return '';
    case 'MustacheStatement': {
      if (node.params.length > 0) {
        const words = [node.path, ...node.params].map(({ original }) => original).join(' ');
        return reportTemplateError(
          options,
          'unknown-helper',
          `there is no helper ${JSON.stringify(node.path.original)}`,
          frame.scope.vars.has(words)
            ? `the variable ${JSON.stringify(words)} is written ${mention(words)}`
            : 'the blocks are #if, #unless, #each and #with',
          node.path.original,
        );
      }
      if (node.hash) return namedArgument(node.path.original, node.hash, options);
      const found = lookup(node.path, frame, options);
      if (found === undefined) return '';
      if (typeof found.value === 'object' && found.value !== null) {
        return reportTemplateError(
          options,
          'not-a-scalar',
          `{{${node.path.original}}} is a ${Array.isArray(found.value) ? 'list' : 'map'}, which cannot be part of a text`,
          'name one of its values, or use #each',
          node.path.original,
        );
      }
      const text = found.text ?? (found.value === null ? '' : String(found.value));
      return options.quote ? literalPattern(text) : text;
    }
    case 'BlockStatement':
      return renderBlock(node, frame, options);
    default:
      return reportTemplateError(
        options,
        'unknown-helper',
        'partials and decorators are not part of the language',
        'put shared text in a variable',
      );
  }
}

function renderBlock(node: Node, frame: Frame, options: RenderOptions): string {
  const name = node.path.original;
  const subject = node.params[0];
  if (!['if', 'unless', 'each', 'with'].includes(name) || node.params.length !== 1 || !subject) {
    return reportTemplateError(
      options,
      'unknown-helper',
      ['if', 'unless', 'each', 'with'].includes(name)
        ? `#${name} takes one value, this one has ${node.params.length}`
        : `there is no block ${JSON.stringify(`#${name}`)}`,
      'the blocks are #if, #unless, #each and #with, each with one value',
      `#${name}`,
    );
  }
  if (node.hash) return namedArgument(`#${name}`, node.hash, options);
  const { blockParams = [] } = node.program ?? {};
  const mostNames = name === 'each' ? 2 : name === 'with' ? 1 : 0;
  if (blockParams.length > mostNames) return tooManyNames(name, blockParams, mostNames, options);
  const namesFor = (...values: readonly Found[]): ReadonlyMap<string, Found> =>
    new Map(blockParams.flatMap((each, index) => (values[index] ? [[each, values[index]]] : [])));
  const found = lookup(subject, frame, options, name === 'if' || name === 'unless');
  const value = found?.value ?? null;
  const run = (program: Program | undefined, inner = frame): string =>
    program ? renderBody(program.body, inner, options) : '';
  if (typeof value === 'string' && (name === 'if' || name === 'unless'))
    frame.scope.conditions?.texted(subject.original, value, frame.scope, options.place);
  if (name === 'if' || name === 'unless')
    return isTrue(value) === (name === 'if') ? run(node.program) : run(node.inverse);
  if (found === undefined) return '';
  if (name === 'with')
    return isTrue(value)
      ? run(node.program, {
          scope: frame.scope,
          parent: frame,
          self: { ...found, data: {} },
          names: namesFor(found),
        })
      : run(node.inverse);
  if (typeof value !== 'object') return notAList(subject.original, value, options);
  const keys: (string | number)[] = Array.isArray(value)
    ? [...value.keys()]
    : isObject(value)
      ? Object.keys(value)
      : [];
  const items = keys.flatMap((key) => {
    const item = found && foundAt(found, key);
    return item ? [{ key, item }] : [];
  });
  if (items.length === 0) return run(node.inverse);
  return items
    .map(({ key, item }, index) =>
      run(node.program, {
        scope: frame.scope,
        parent: frame,
        self: { ...item, data: { index, key, first: index === 0, last: index === items.length - 1 } },
        names: namesFor(item, { value: key }),
      }),
    )
    .join('');
}

/** `{{name x=1}}`: no variable and no block takes arguments by name. */
function namedArgument(original: string, hash: Hash, options: RenderOptions): string {
  const named = hash.pairs.map(({ key }) => `${key}=…`).join(' ');
  return reportTemplateError(
    options,
    'unknown-helper',
    `${original.startsWith('#') ? original : `{{${original}}}`} takes no arguments by name, this one has ${named}`,
    'compute it in vars or data',
    original,
  );
}

/** `#each` would show nothing of a text, without a word. */
function notAList(original: string, value: JsonValue, options: RenderOptions): string {
  return reportTemplateError(
    options,
    'not-a-list',
    `#each takes a list or a map, {{${original}}} is a ${typeName(value)}`,
    typeof value === 'string'
      ? 'rows of CSV hold texts only: give lists in JSON, JSONL or YAML'
      : 'name a list or a map',
    original,
  );
}

/** Names between bars that a block has no value for. */
function tooManyNames(block: string, names: readonly string[], most: number, options: RenderOptions): string {
  return reportTemplateError(
    options,
    'unknown-helper',
    `#${block} gives ${most === 0 ? 'no names' : most === 1 ? 'one name' : 'two names'}, this one has as |${names.join(' ')}|`,
    most === 0
      ? `only #each and #with name their item; inside #${block} the variables are those around it`
      : '#each list as |item index|, #with value as |name|',
    `#${block}`,
  );
}

/** Handlebars' own notion: false, null, "", 0 and [] are false. */
function isTrue(value: JsonValue): boolean {
  return Array.isArray(value)
    ? value.length > 0
    : value !== null && value !== false && value !== '' && value !== 0;
}

/** Renders the texts of a value, all of them where nothing describes it; the same node comes back where nothing changed. */
export function renderNode(
  node: SourceNode,
  scope: Scope,
  report: Report,
  described?: Described,
): SourceNode {
  const { value, place, keyPlace } = node;
  const schemas = described ? schemasFor(value, described) : [];
  const mode = templateMode(schemas);
  if (mode === 'literal') return node;
  if (typeof value === 'string') {
    const found = renderText(value, scope, { place, report, quote: mode === 'pattern' });
    if (found.value === value) return node;
    return new SourceNode(found.value, { place, keyPlace, text: found.text, parts: found.parts });
  }
  const isList = Array.isArray(value);
  let changed = false;
  const entries = node.entries().map(([name, inner]): [string, SourceNode] => {
    const entry = entryOf(described, schemas, isList ? Number(name) : name);
    const rendered = renderNode(inner, scope, report, entry);
    changed ||= rendered !== inner;
    return [name, rendered];
  });
  if (!changed) return node;
  return isList
    ? listNode(
        entries.map(([, inner]) => inner),
        node,
      )
    : mapNode(entries, node);
}
