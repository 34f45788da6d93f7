import { kinds } from '../assertions/registry.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceNode } from '../diagnostics/source-node.ts';
import { placeOfPiece } from '../diagnostics/position.ts';
import type { JsonValue } from '../lib/json.ts';
import { lookup, type Scope } from './lookup.ts';
import { mention, mentionOf } from './template-error.ts';
import { addNames } from './template-names.ts';
import { parseTemplate, type PathNode } from './template-tree.ts';

/** An argument as written and as rendered; of nested keys, joined by dots. */
interface Argument {
  readonly kind: string;
  readonly key: string;
  readonly written: SourceNode;
  readonly rendered: JsonValue;
}

/** The arguments of an assertion that templates changed, those of nested ones among them. */
function* changed({ kind, key, written, rendered }: Argument): Generator<Argument> {
  const { value } = written;
  if (value === rendered) return;
  if (typeof value !== 'object' || value === null || typeof rendered !== 'object' || rendered === null) {
    yield { kind, key, written, rendered };
    return;
  }
  const nests = key === '' && kinds[kind]?.nests !== undefined;
  for (const [name, inner] of written.entries()) {
    const came = (rendered as Record<string, JsonValue>)[name] ?? null;
    const below = { written: inner, rendered: came };
    if (Array.isArray(value)) yield* changed({ kind, key, ...below });
    else if (nests) yield* changed({ kind: name, key: '', ...below });
    else yield* changed({ kind, key: key === '' ? name : `${key}.${name}`, ...below });
  }
}

const isBlank = (value: JsonValue | undefined): boolean =>
  value == null || (typeof value === 'string' && value.trim() === '');

/** A value that is empty, or a list of which an item is. */
const isEmpty = (value: JsonValue): boolean =>
  isBlank(value) || (Array.isArray(value) && (value.length === 0 || value.some(isBlank)));

/** An error for the first argument of an assertion that a variable without a text left empty, or weaker than it was written. */
export function emptyArgument(
  kind: string,
  written: SourceNode,
  rendered: JsonValue,
  scope: Scope,
): Diagnostic | undefined {
  for (const argument of changed({ kind, key: '', written, rendered })) {
    const found = emptyIn(argument, scope);
    if (found) return found;
  }
  return undefined;
}

function emptyIn({ kind, key, written: node, rendered }: Argument, scope: Scope): Diagnostic | undefined {
  const { value: written, place } = node;
  const { parts = [], wholes = [] } = kinds[kind]?.neverEmpty ?? {};
  const byParts = parts.includes(key);
  if (typeof written !== 'string' || !(byParts || wholes.includes(key) || wholes.includes('*')))
    return undefined;
  // In JSON a null, and an empty list, is a value like any other.
  const isWhole = key.endsWith('contains') ? rendered === '' || isBlankText(rendered) : isEmpty(rendered);
  const blank = blankIn(written, scope);
  if (!isWhole && (!byParts || blank === undefined || typeof rendered !== 'string')) return undefined;
  const name = blank ?? firstName(written);
  return {
    severity: 'error',
    code: 'empty-expectation',
    message: `${name === undefined ? 'the template' : `the variable ${JSON.stringify(name)}`} is empty: ${kind} would check ${isWhole ? 'nothing' : 'less than is written'}`,
    place: name === undefined ? place : placeOfPiece(place, mentionOf(name)),
    help:
      isWhole || name === undefined
        ? scope.row === undefined
          ? 'give it a text, or remove the assertion'
          : 'give it a text, or move the row to a test without this assertion'
        : `give it a text; if it may be missing, write {{#if ${name}}}${mention(name)}{{/if}}`,
  };
}

const isBlankText = (value: JsonValue): boolean => typeof value === 'string' && value.trim() === '';

/** The first name between braces whose value is empty; what is in a block is there on a condition. */
function blankIn(template: string, scope: Scope): string | undefined {
  const body = parseTemplate(template);
  if (body instanceof Error) return undefined;
  return body.find((node) => node.type === 'MustacheStatement' && isBlank(valueOf(node.path, scope)))?.path
    .original;
}

function valueOf(path: PathNode, { vars, env, envNames }: Scope): JsonValue | undefined {
  const nowhere = { file: { path: '', absolute: '', text: '' }, start: 0, end: 0 };
  return lookup(path, { scope: { vars, env, envNames } }, { place: nowhere, report: () => undefined }, true)
    ?.value;
}

function firstName(template: string): string | undefined {
  const names = new Set<string>();
  addNames(template, names);
  return [...names][0];
}
