import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { isObject, typeName, type JsonValue } from '../lib/json.ts';
import { nearest } from '../lib/nearest.ts';
import type { VarMap } from '../suite/suite.ts';
import { mentionOf, placeOfPiece } from './template-fault.ts';
import type { PathNode } from './template-tree.ts';

/** What a template sees: variables, and inside blocks the current item. */
export interface Scope {
  readonly vars: VarMap;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly envNames: readonly string[];
}
/** Where a template stands: inside blocks, the current item and those around it. */
export interface Frame {
  readonly scope: Scope;
  readonly self?: { readonly value: JsonValue; readonly data: Record<string, JsonValue> };
  readonly parent?: Frame;
}

export interface RenderOptions {
  readonly place: Place;
  readonly report: Report;
  /** Interpolated values are text inside a pattern. */
  readonly quote?: boolean;
  /** A text that is only `{{name}}` is a text too. */
  readonly asText?: boolean;
}

/** A value, and for scalars the text it was written as. */
export interface Found {
  readonly value: JsonValue;
  readonly text?: string;
}

/** The value a path names; undefined, with the fault told, where there is none. With `mayMiss` nothing is told. */
export function lookup(
  path: PathNode,
  frame: Frame,
  options: RenderOptions,
  mayMiss = false,
): Found | undefined {
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
  start ??= frame.scope.vars.get(head);
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
          wayOn(value, part),
          path.original,
        );
      return mayMiss ? { value: null } : undefined;
    }
    value = next;
  }
  return rest.length === 0 ? start : { value };
}

function envValue(name: string, scope: Scope, options: RenderOptions): Found | undefined {
  if (!scope.envNames.includes(name)) {
    fault(
      options,
      'undefined-variable',
      `{{env.${name}}} is not among the suite's env`,
      `add it: env: [${[...scope.envNames, name].join(', ')}]`,
      `env.${name}`,
    );
    return undefined;
  }
  const value = scope.env[name];
  if (value === undefined) {
    fault(
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
  fault(
    options,
    'undefined-variable',
    `there is no variable ${JSON.stringify(head)}`,
    near === undefined
      ? 'give it in vars or data, or write \\{{ for literal braces'
      : `did you mean {{${near}}}?`,
    original,
  );
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
 * Reports a fault of a template; gives the text that stands in its stead. With `original`, what is written
 * between the braces, the place is narrowed to those braces.
 */
export function fault(
  options: RenderOptions,
  code: string,
  message: string,
  help?: string,
  original?: string,
): string {
  options.report({
    severity: 'error',
    code,
    message,
    place: original === undefined ? options.place : placeOfPiece(options.place, mentionOf(original)),
    ...(help === undefined ? {} : { help }),
  });
  return '';
}
