import type { SourceRange, Report } from '../diagnostics/diagnostic.ts';
import { placeOfPiece } from '../diagnostics/position.ts';
import { SourceNode, type Source } from '../diagnostics/source-node.ts';
import { isObject, ownValue, typeName, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import type { VarMap } from '../suite/suite.ts';
import { isKeyName, keyInTemplate } from '../suite/vars.ts';
import type { Conditions } from './conditions.ts';
import { mention, mentionOf } from './template-error.ts';
import type { PathNode } from './template-tree.ts';

/** A value, for scalars the text it was written as, and for lists and maps where their parts stand. */
export interface Found {
  readonly value: JsonValue;
  readonly text?: string;
  readonly parts?: Source['parts'];
}

/** What a template sees: variables, and inside blocks the current item. */
export interface Scope {
  readonly vars: Pick<VarMap, 'get' | 'has' | 'keys'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly envNames: readonly string[];
  /** The place of the row. */
  readonly row?: string;
  /** Where the test names its rows. */
  readonly dataAt?: SourceRange;
  /** Takes note of what conditions name. */
  readonly conditions?: Conditions;
}
/** Where a template is: inside blocks, the current item and those around it. */
export interface Frame {
  readonly scope: Scope;
  readonly self?: Found & { readonly data: Record<string, JsonValue> };
  /** What the block calls its item and its key: `#each list as |item index|`. */
  readonly names?: ReadonlyMap<string, Found>;
  readonly parent?: Frame;
}

export interface RenderOptions {
  readonly place: SourceRange;
  readonly report: Report;
  /** Interpolated values are text inside a pattern. */
  readonly quote?: boolean;
  /** A text that is only `{{name}}` is a text too. */
  readonly asText?: boolean;
}

/** Nowhere: what is found by its parts has a place there, or none. */
const nowhere: SourceRange = { file: { path: '', absolute: '', text: '' }, start: 0, end: 0 };

/** The entry of a list or map with its text. */
export function foundAt({ value, parts }: Found, key: string | number): Found | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  const node = new SourceNode(value, { place: nowhere, keyPlace: nowhere, parts }).at(key);
  return foundOf(node);
}

/** What a node gives to a template. */
export function foundOf({ value, text, source: { parts } }: SourceNode): Found {
  return { value, ...(text === undefined ? {} : { text }), ...(parts ? { parts } : {}) };
}

/** The value a path names; where there is none, an error is reported and undefined returned. With `mayMiss` nothing is reported. */
export function lookup(
  path: PathNode,
  frame: Frame,
  options: RenderOptions,
  mayMiss = false,
): Found | undefined {
  if (path.type === 'SubExpression') return missing(path.original, subExpression, options);
  if (path.type !== 'PathExpression') return { value: (path.value ?? null) as JsonValue };
  let at: Frame | undefined = frame;
  for (let up = 0; up < path.depth; up++) at = at?.parent;
  const [head, ...rest] = path.parts;
  if (path.data) {
    const value = at?.self && ownValue(at.self.data, head ?? '');
    return value === undefined ? missing(path.original, noData, options) : { value };
  }
  if (head === undefined) return at?.self ?? missing(path.original, noItem, options);
  // `../x` and `this.x` are parts of an item, whatever its block calls it.
  const isOwn = path.depth > 0 || /^(?:this[./]|\.\/)/.test(path.original);
  let start: Found | undefined;
  for (let seek = at; seek && !start; seek = seek.parent) {
    start = isOwn ? undefined : seek.names?.get(head);
    if (!start && seek.self && isObject(seek.self.value)) start = foundAt(seek.self, head);
  }
  if (!start && head === 'env' && rest.length > 0) return envValue(rest[0] ?? '', frame.scope, options);
  const variable = start ? undefined : frame.scope.vars.get(head);
  start ??= variable;
  if (mayMiss) noteCondition(path.original, head, start !== undefined, frame, options.place);
  if (!start) {
    if (!mayMiss) undefinedVariable(path.original, head, frame.scope, options);
    return mayMiss ? { value: null } : undefined;
  }
  let found = start;
  for (const part of rest) {
    const { value } = found;
    const next = Array.isArray(value)
      ? foundAt(found, Number(part))
      : isObject(value)
        ? foundAt(found, part)
        : undefined;
    if (!next) {
      if (!mayMiss)
        reportTemplateError(
          options,
          'undefined-variable',
          `{{${path.original}}}: there is no ${JSON.stringify(part)} in it`,
          wayOn(value, part),
          path.original,
        );
      return mayMiss ? { value: null } : undefined;
    }
    found = next;
  }
  return found;
}

function noteCondition(
  original: string,
  head: string,
  isFound: boolean,
  frame: Frame,
  place: SourceRange,
): void {
  const { conditions, vars } = frame.scope;
  if (!conditions) return;
  if (isFound) conditions.found(head);
  else {
    const item = isObject(frame.self?.value) ? Object.keys(frame.self.value) : [];
    conditions.missed(head, original, [...item, ...vars.keys()], place);
  }
}

/** The error for a word of Handlebars that the language does not have, or not here. */
interface Missing {
  readonly code: string;
  readonly message: string;
  readonly help: string;
}

const subExpression: Missing = {
  code: 'unknown-helper',
  message: 'helpers in brackets are not part of the language',
  help: 'a condition is a variable: #if takes its value as it is; compute it in vars or data',
};
const noData: Missing = {
  code: 'undefined-variable',
  message: 'there is no such name here',
  help: 'inside #each there are @index, @key, @first and @last',
};
const noItem: Missing = {
  code: 'undefined-variable',
  message: 'it names the item of an #each or #with, and there is none around it',
  help: 'name a variable',
};

function missing(
  original: string | undefined,
  { code, message, help }: Missing,
  options: RenderOptions,
): undefined {
  reportTemplateError(
    options,
    code,
    original === undefined ? message : `{{${original}}}: ${message}`,
    help,
    original,
  );
  return undefined;
}

function envValue(name: string, scope: Scope, options: RenderOptions): Found | undefined {
  if (isKeyName(name)) {
    const place = placeOfPiece(options.place, mentionOf(`env.${name}`));
    options.report({ ...keyInTemplate(name), place });
    return undefined;
  }
  if (!scope.envNames.includes(name)) {
    reportTemplateError(
      options,
      'undefined-variable',
      `the suite's env does not list ${name}`,
      `add it: env: [${[...scope.envNames, name].join(', ')}]`,
      `env.${name}`,
    );
    return undefined;
  }
  const value = ownValue(scope.env, name);
  if (value === undefined) {
    reportTemplateError(
      options,
      'unset-environment',
      `the environment variable ${name} is not set`,
      'set it in the shell, or run node with --env-file',
      `env.${name}`,
    );
    return undefined;
  }
  return { value };
}

function undefinedVariable(original: string, head: string, scope: Scope, options: RenderOptions): void {
  const near = nearest(head, [...scope.vars.keys()]);
  reportTemplateError(
    options,
    'undefined-variable',
    `there is no variable ${JSON.stringify(head)}`,
    near !== undefined
      ? `did you mean ${mention(near)}?`
      : scope.row === undefined
        ? 'define it in vars or data, or write \\{{ for literal braces'
        : missingInRow(scope.row),
    original,
  );
}

/** A table has the same columns in all rows; other rows can differ. */
function missingInRow(row: string): string {
  const table = /^(.*\.(?:csv|tsv)):\d+$/i.exec(row)?.[1];
  return table === undefined
    ? `the row at ${row} does not have it; add it there, or define it under vars for all rows`
    : `no row of ${table} has it; add a column, or define it under vars`;
}

function wayOn(value: JsonValue, part: string): string {
  if (Array.isArray(value))
    return value.length === 0 ? 'the list is empty' : `its items are 0 to ${value.length - 1}`;
  if (!isObject(value)) return `it is a ${typeName(value)}, which has no parts`;
  const names = Object.keys(value);
  const near = nearest(part, names);
  return near === undefined ? `it has ${names.join(', ')}` : `did you mean ${JSON.stringify(near)}?`;
}

/**
 * Reports an error of a template; gives the text that takes its place. With `original`, what is written
 * between the braces, the place is narrowed to those braces.
 */
export function reportTemplateError(
  options: RenderOptions,
  code: string,
  message: string,
  help: string,
  original?: string,
): string {
  options.report({
    severity: 'error',
    code,
    message,
    place: original === undefined ? options.place : placeOfPiece(options.place, mentionOf(original)),
    help,
  });
  return '';
}
