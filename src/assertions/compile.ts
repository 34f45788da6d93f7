import { cut } from '../lib/redact.ts';
import { replyKind, type Method } from '../gemini/methods.ts';
import type { ApiError, Outcome } from '../gemini/reply.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import type { SourceNode } from '../diagnostics/source-node.ts';
import { coerce } from '../shape/coerce.ts';
import type { Described } from '../shape/walk.ts';
import { checkLimits } from './limits.ts';
import type { Check, Kind, Lack, ReportProblem } from './kind.ts';
import { assertionSchemas, kindOf, kinds, nestedEntries } from './registry.ts';

function find(name: string): Kind<JsonValue> {
  const kind = kinds[name];
  if (!kind) throw new Error(`no assertion kind ${name}`);
  return kind as unknown as Kind<JsonValue>;
}

let definitions: JsonObject | undefined;

/** What the arguments of a kind are, for {@link coerce} and for the templates in them. */
export function argumentsOf(name: string): Described {
  const defs = (definitions ??= assertionSchemas().defs);
  return { schema: find(name).shape.schema, definitions: (ref) => defs[ref] as JsonObject };
}

/** Arguments with scalars as their kind wants them: see {@link coerce}. */
export function coerceArgs(name: string, args: SourceNode): JsonValue {
  return coerce(args, argumentsOf(name));
}

/** Compiles an assertion to its check; reports what is wrong with its arguments and gives undefined then. */
export async function compileEntry(
  name: string,
  args: JsonValue,
  report: ReportProblem,
): Promise<Check | undefined> {
  const kind = find(name);
  for (const limits of kind.limits?.(args) ?? []) {
    const error = checkLimits(name, limits);
    if (error) report(error);
  }
  return kind.compile(args, {
    report,
    nested: async (entry: JsonObject, path) => {
      const inner = kindOf(entry);
      if (inner === undefined) return undefined;
      return compileEntry(inner, entry[inner] ?? null, (problem) =>
        report({ ...problem, path: [...path, inner, ...problem.path] }),
      );
    },
  });
}

function nestedOf(name: string, args: JsonValue): { name: string; args: JsonValue }[] | undefined {
  return nestedEntries(name, args)?.flatMap(({ entry }) => {
    const inner = kindOf(entry);
    return inner === undefined ? [] : [{ name: inner, args: entry[inner] ?? null }];
  });
}

function fitsMethod({ fits, methods }: Pick<Kind<never>, 'fits' | 'methods'>, method: Method): boolean {
  return fits.includes(replyKind(method)) && (methods?.includes(method) ?? true);
}

/** The kinds that can check a method's reply, in the order of the registry. */
export function kindsFitting(method: Method): string[] {
  return Object.values(kinds)
    .filter((kind) => fitsMethod(kind, method))
    .map((kind) => kind.name);
}

/** Why an assertion can never judge a method's reply: the kind that cannot, and what the reply lacks if it is not all. */
export interface Misfit {
  readonly kind: string;
  readonly lack?: Lack;
}

/** Why an assertion cannot check a method's reply; undefined if it can. A nesting one can if all nested ones can. */
export function misfitOf(name: string, args: JsonValue, method: Method): Misfit | undefined {
  const nested = nestedOf(name, args);
  if (nested) {
    for (const inner of nested) {
      const misfit = misfitOf(inner.name, inner.args, method);
      if (misfit) return misfit;
    }
    return undefined;
  }
  const kind = find(name);
  if (!fitsMethod(kind, method)) return { kind: name };
  const lack = kind.lacks?.(args, method);
  return lack && { kind: name, lack };
}

/** Whether an assertion can check a method's reply. */
export function kindFits(name: string, args: JsonValue, method: Method): boolean {
  return misfitOf(name, args, method) === undefined;
}

/**
 * The outcomes beside an answer that an assertion lets a case pass with: what is nested in `any` and `all` admits its
 * own, what is under `not` none. For `momentary` see {@link Kind.admits}.
 */
export function admittedBy(name: string, args: JsonValue, momentary?: ApiError): readonly Outcome[] {
  if (find(name).nests?.holdsFor === 'none') return [];
  const nested = nestedOf(name, args);
  return nested
    ? nested.flatMap((inner) => admittedBy(inner.name, inner.args, momentary))
    : (find(name).admits?.(args, momentary) ?? []);
}

/** The assertion in short words: `contains: backpack`. */
export function labelOf(name: string, args: JsonValue): string {
  const own = find(name).label?.(args);
  const label = own ?? `${name}: ${typeof args === 'string' ? args : JSON.stringify(args)}`;
  return label.length > 80 ? `${cut(label, 79)}…` : label;
}
