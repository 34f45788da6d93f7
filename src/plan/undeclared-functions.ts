import { kindOf, kinds, nestedEntries } from '../assertions/registry.ts';
import type { ArgumentProblem } from '../assertions/kind.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { SourceNode } from '../diagnostics/source-node.ts';
import { functionsOf, type DeclaredFunctions } from '../gemini/declared-functions.ts';
import type { JsonValue } from '../lib/json.ts';
import { diagnosticOf } from '../suite/check-entry.ts';
import type { BoundAssertion } from './case.ts';
import type { PlanCheck } from './plan-check.ts';

type Path = readonly (string | number)[];

/** Finds assertions on functions and arguments that no tool of their case declares; `narrowed` if not all cases are seen. */
export function undeclaredFunctions(narrowed: boolean): PlanCheck {
  /** Assertions that need not hold of every case, by their place: undefined once the tools of a case fit. */
  const optionals = new Map<string, Diagnostic | undefined>();
  return {
    case: ({ assertions, request }, report) => {
      const declared = functionsOf(request.body);
      if (!declared) return;
      for (const assertion of assertions)
        for (const { error, path, optional } of errorsIn(assertion, declared)) {
          const diagnostic = error && diagnosticAt(assertion, error, path);
          if (!optional) {
            if (diagnostic) report(diagnostic);
            continue;
          }
          const { place } = assertion.source;
          const key = JSON.stringify([place.file.path, place.start, path, assertion.args]);
          if (!diagnostic || !optionals.has(key)) optionals.set(key, diagnostic);
        }
    },
    end: (report) => {
      if (narrowed) return;
      for (const diagnostic of optionals.values()) if (diagnostic) report(diagnostic);
    },
  };
}

function diagnosticAt({ args, source }: BoundAssertion, error: ArgumentProblem, path: Path): Diagnostic {
  return diagnosticOf({ ...error, path: [...path, ...error.path] }, new SourceNode(args, source));
}

/** What the arguments of an assertion, and of those in it, have that no function declares; `optional` where not each must hold. */
function* errorsIn(
  { kind: name, args }: { readonly kind: string; readonly args: JsonValue },
  declared: DeclaredFunctions,
  path: Path = [],
  optional = false,
): Generator<{ error: ArgumentProblem | undefined; path: Path; optional: boolean }> {
  const kind = kinds[name];
  if (kind?.checkTools)
    yield {
      error: kind.checkTools(args as never, declared),
      path,
      optional: optional || kind.excludes?.(args as never) === true,
    };
  for (const { entry, path: at } of nestedEntries(name, args) ?? []) {
    const inner = kindOf(entry);
    if (inner === undefined) continue;
    const nested = { kind: inner, args: entry[inner] ?? null };
    yield* errorsIn(nested, declared, [...path, ...at, inner], optional || kind?.nests?.holdsFor !== 'all');
  }
}
