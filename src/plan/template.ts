import { parse } from '@handlebars/parser';
import { keyPlace, setPlace, valuePlace } from '../diagnostics/places.ts';
import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import { quotePattern } from '../lib/pattern.ts';
import type { Variable, VarMap } from '../suite/suite.ts';

/** The parts of the Handlebars tree that the suite language has. */
interface PathNode {
  type: string;
  original: string;
  parts: string[];
  data: boolean;
  depth: number;
  value?: unknown;
}
interface Program {
  body: Node[];
  blockParams?: string[];
}
interface Node {
  type: string;
  value?: string;
  original?: string;
  path: PathNode;
  params: PathNode[];
  hash?: { pairs: unknown[] };
  program?: Program;
  inverse?: Program;
}

/** What a template sees: variables, and inside blocks the current item. */
export interface Scope {
  readonly vars: VarMap;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly envNames: readonly string[];
}
interface Frame {
  readonly scope: Scope;
  readonly self?: { readonly value: JsonValue; readonly data: Record<string, JsonValue> };
  readonly parent?: Frame;
}

const parsed = new Map<string, Node[] | Error>();
function parseTemplate(text: string): Node[] | Error {
  let body = parsed.get(text);
  if (!body) {
    try {
      body = (parse(text) as unknown as Program).body;
    } catch (error) {
      body = error instanceof Error ? error : new Error(String(error));
    }
    parsed.set(text, body);
  }
  return body;
}

export interface RenderOptions {
  readonly place: Place;
  readonly report: Report;
  /** Interpolated values are text inside a pattern. */
  readonly quote?: boolean;
}

/** Renders one text; a text that is only `{{name}}` takes the value with its type. Faults are reported, the text then stays as it is. */
export function renderText(text: string, scope: Scope, options: RenderOptions): JsonValue {
  if (!text.includes('{{')) return text;
  const body = parseTemplate(text);
  if (body instanceof Error) {
    options.report({
      severity: 'error',
      code: 'bad-template',
      message: `not a template: ${body.message.split('\n')[0] ?? ''}`,
      place: options.place,
      help: 'write \\{{ for literal braces, or { raw: … }',
    });
    return text;
  }
  const frame: Frame = { scope };
  const only = body.filter((node) => !(node.type === 'ContentStatement' && node.original?.trim() === ''));
  const single = only[0];
  if (only.length === 1 && single?.type === 'MustacheStatement' && !options.quote) {
    const found = lookup(single.path, frame, options);
    return found === undefined ? text : found.value;
  }
  return renderBody(body, frame, options);
}

function renderBody(body: readonly Node[], frame: Frame, options: RenderOptions): string {
  return body.map((node) => renderNode(node, frame, options)).join('');
}

function renderNode(node: Node, frame: Frame, options: RenderOptions): string {
  switch (node.type) {
    case 'ContentStatement':
      return node.value ?? '';
    case 'CommentStatement':
      return '';
    case 'MustacheStatement': {
      if (node.params.length > 0)
        return fault(
          options,
          'unknown-helper',
          `there is no helper ${JSON.stringify(node.path.original)}`,
          'the blocks are #if, #unless, #each and #with',
        );
      const found = lookup(node.path, frame, options);
      if (found === undefined) return '';
      if (typeof found.value === 'object' && found.value !== null) {
        return fault(
          options,
          'not-a-scalar',
          `{{${node.path.original}}} is a ${Array.isArray(found.value) ? 'list' : 'map'}, which cannot stand inside a text`,
          'name one of its values, or use #each',
        );
      }
      const shown = found.text ?? (found.value === null ? '' : String(found.value));
      return options.quote ? quotePattern(shown) : shown;
    }
    case 'BlockStatement':
      return renderBlock(node, frame, options);
    default:
      return fault(
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
    return fault(
      options,
      'unknown-helper',
      `there is no block ${JSON.stringify(`#${name}`)} with ${node.params.length} values`,
      'the blocks are #if, #unless, #each and #with, each with one value',
    );
  }
  const found = lookup(subject, frame, options, name === 'if' || name === 'unless');
  const value = found?.value ?? null;
  const run = (program: Program | undefined, inner = frame): string =>
    program ? renderBody(program.body, inner, options) : '';
  if (name === 'if' || name === 'unless')
    return isTrue(value) === (name === 'if') ? run(node.program) : run(node.inverse);
  if (found === undefined) return '';
  if (name === 'with')
    return isTrue(value)
      ? run(node.program, { scope: frame.scope, parent: frame, self: { value, data: {} } })
      : run(node.inverse);
  const items: [string | number, JsonValue][] = Array.isArray(value)
    ? [...value.entries()]
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (items.length === 0) return run(node.inverse);
  return items
    .map(([key, item], index) =>
      run(node.program, {
        scope: frame.scope,
        parent: frame,
        self: { value: item, data: { index, key, first: index === 0, last: index === items.length - 1 } },
      }),
    )
    .join('');
}

/** Handlebars' own notion: false, null, "", 0 and [] are false. */
function isTrue(value: JsonValue): boolean {
  return Array.isArray(value)
    ? value.length > 0
    : value !== null && value !== false && value !== '' && value !== 0;
}

interface Found {
  readonly value: JsonValue;
  readonly text?: string;
}

function lookup(path: PathNode, frame: Frame, options: RenderOptions, mayMiss = false): Found | undefined {
  if (path.type !== 'PathExpression') return { value: (path.value ?? null) as JsonValue };
  let at: Frame | undefined = frame;
  for (let up = 0; up < path.depth; up++) at = at?.parent;
  const [head, ...rest] = path.parts;
  if (path.data) return { value: at?.self?.data[head ?? ''] ?? null };
  if (head === undefined) return { value: at?.self?.value ?? null };
  let start: Found | undefined;
  for (let seek = at; seek && !start; seek = seek.parent) {
    if (seek.self && isObject(seek.self.value) && Object.hasOwn(seek.self.value, head))
      start = { value: seek.self.value[head] ?? null };
  }
  if (!start && head === 'env' && rest.length > 0) return envValue(rest[0] ?? '', frame.scope, options);
  start ??= variable(frame.scope.vars, head);
  if (!start) {
    if (!mayMiss) undefinedVariable(path.original, head, frame.scope, options);
    return mayMiss ? { value: null } : undefined;
  }
  let value = start.value;
  for (const part of rest) {
    const next: JsonValue | undefined = Array.isArray(value)
      ? value[Number(part)]
      : isObject(value) && Object.hasOwn(value, part)
        ? value[part]
        : undefined;
    if (next === undefined) {
      if (!mayMiss)
        fault(
          options,
          'undefined-variable',
          `{{${path.original}}}: there is no ${JSON.stringify(part)} in it`,
        );
      return mayMiss ? { value: null } : undefined;
    }
    value = next;
  }
  return rest.length === 0 ? start : { value };
}

function variable(vars: VarMap, name: string): Variable | undefined {
  return vars.get(name);
}

function envValue(name: string, scope: Scope, options: RenderOptions): Found | undefined {
  if (!scope.envNames.includes(name)) {
    fault(
      options,
      'undefined-variable',
      `{{env.${name}}} is not among the suite's env`,
      `add it: env: [${[...scope.envNames, name].join(', ')}]`,
    );
    return undefined;
  }
  const value = scope.env[name];
  if (value === undefined) {
    fault(options, 'unset-environment', `the environment variable ${name} is not set`);
    return undefined;
  }
  return { value };
}

function undefinedVariable(original: string, head: string, scope: Scope, options: RenderOptions): void {
  const near = nearest(head, [...scope.vars.keys()]);
  const start = options.place.file.text
    .slice(options.place.start, options.place.end)
    .indexOf(`{{${original}}}`);
  const place =
    start < 0
      ? options.place
      : {
          file: options.place.file,
          start: options.place.start + start,
          end: options.place.start + start + original.length + 4,
        };
  options.report({
    severity: 'error',
    code: 'undefined-variable',
    message: `there is no variable ${JSON.stringify(head)}`,
    place,
    help:
      near === undefined
        ? 'give it in vars or data, or write \\{{ for literal braces'
        : `did you mean {{${near}}}?`,
  });
}

function fault(options: RenderOptions, code: string, message: string, help?: string): string {
  options.report({
    severity: 'error',
    code,
    message,
    place: options.place,
    ...(help === undefined ? {} : { help }),
  });
  return '';
}

/** Renders every text of a value (under `schema` none; under `matches` with quoting); the same object comes back where nothing changed. */
export function renderValue(
  value: JsonValue,
  scope: Scope,
  at: { place: Place; report: Report },
  key?: string | number,
): JsonValue {
  if (typeof value === 'string') return renderText(value, scope, { ...at, quote: key === 'matches' });
  if (typeof value !== 'object' || value === null || key === 'schema') return value;
  let changed = false;
  const entries = Object.entries(value).map(([name, inner]): [string, JsonValue] => {
    const index = Array.isArray(value) ? Number(name) : name;
    const rendered = renderValue(
      inner,
      scope,
      { place: valuePlace(value, index) ?? at.place, report: at.report },
      index,
    );
    if (rendered !== inner) changed = true;
    return [name, rendered];
  });
  if (!changed) return value;
  const copy: JsonValue = Array.isArray(value)
    ? entries.map(([, inner]) => inner)
    : (Object.fromEntries(entries) as JsonObject);
  for (const [name] of entries) {
    const index = Array.isArray(value) ? Number(name) : name;
    const place = valuePlace(value, index);
    if (place) setPlace(copy, index, place, keyPlace(value, index));
  }
  return copy;
}

/** Resolves variables that hold templates themselves, each after those it names; a circle is reported. */
export function resolveVars(scope: Scope, report: Report, fallback: Place): VarMap {
  if (
    ![...scope.vars.values()].some(({ template, value }) => template && JSON.stringify(value).includes('{{'))
  )
    return scope.vars;
  const resolved = new Map<string, Variable>();
  const open = new Set<string>();
  const vars: VarMap = new Proxy(new Map(scope.vars), {
    get: (target, property) => {
      if (property === 'get') return (name: string) => resolve(name);
      const member: unknown = Reflect.get(target, property);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  function resolve(name: string): Variable | undefined {
    const done = resolved.get(name);
    if (done) return done;
    const raw = scope.vars.get(name);
    if (!raw) return undefined;
    if (!raw.template) {
      resolved.set(name, raw);
      return raw;
    }
    if (open.has(name)) {
      report({
        severity: 'error',
        code: 'circular-variable',
        message: `the variable ${JSON.stringify(name)} leads back to itself`,
        place: raw.place ?? fallback,
      });
      resolved.set(name, { ...raw, template: false });
      return raw;
    }
    open.add(name);
    const value = renderValue(raw.value, { ...scope, vars }, { place: raw.place ?? fallback, report });
    open.delete(name);
    const result =
      value === raw.value ? raw : { value, template: false, ...(raw.place ? { place: raw.place } : {}) };
    resolved.set(name, result);
    return result;
  }
  for (const name of scope.vars.keys()) resolve(name);
  return resolved;
}
