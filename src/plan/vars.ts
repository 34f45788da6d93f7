import type { SourceRange, Report } from '../diagnostics/diagnostic.ts';
import type { Variable, VarMap } from '../suite/suite.ts';
import { SourceNode } from '../diagnostics/source-node.ts';
import { foundOf, type Scope } from './lookup.ts';
import { renderNode } from './template.ts';

/** Resolves variables with templates in them, each after those it uses; reports circles. */
export function resolveVars(
  scope: Scope & { readonly vars: VarMap },
  report: Report,
  fallback: SourceRange,
): VarMap {
  const all = [...scope.vars.values()];
  if (!all.some(({ template, value }) => template && JSON.stringify(value).includes('{{'))) return scope.vars;
  const resolved = new Map<string, Variable>();
  const open = new Set<string>();
  const vars: Scope['vars'] = {
    get: (name) => resolve(name),
    has: (name) => scope.vars.has(name),
    keys: () => scope.vars.keys(),
  };
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
        help: 'write one of the variables on the way without naming the next',
      });
      resolved.set(name, { ...raw, template: false });
      return raw;
    }
    open.add(name);
    const { value, text, parts, place = fallback } = raw;
    const node = new SourceNode(value, { place, keyPlace: raw.nameAt ?? place, text, parts });
    const rendered = renderNode(node, { ...scope, vars }, report);
    open.delete(name);
    const at = raw.place ? { place: raw.place } : {};
    const result = rendered === node ? raw : { ...foundOf(rendered), template: false, ...at };
    resolved.set(name, result);
    return result;
  }
  for (const name of scope.vars.keys()) resolve(name);
  return resolved;
}
