import type { Report } from '../diagnostics/diagnostic.ts';
import { buildRequest } from '../gemini/build.ts';
import { replyKind } from '../gemini/methods.ts';
import { isObject, type JsonObject } from '../lib/json.ts';
import { shownTurn } from '../gemini/request-facts.ts';
import { judgesErrors } from './answer.ts';
import { assertionsOf } from './bind.ts';
import type { VarMap } from '../suite/suite.ts';
import type { Case, CaseRef, PlanOptions } from './case.ts';
import type { Conditions } from './conditions.ts';
import { contentsOf } from './contents.ts';
import { checkExact } from './exact.ts';
import { fieldsOf } from './fields.ts';
import { fingerprint } from './fingerprint.ts';
import type { Scope } from './lookup.ts';
import type { Misfits } from './misfits.ts';
import { checkSize, mayBeTooLarge } from './request-size.ts';
import { renderValue } from './template.ts';
import { resolveVars } from './vars.ts';

/** The scope of a case: suite vars under test vars under the row. */
export function scopeOf(
  ref: Pick<CaseRef, 'suite' | 'test' | 'row'>,
  env: PlanOptions['env'],
  report: Report,
  conditions?: Conditions,
  values: VarMap | undefined = ref.row?.values,
): Scope {
  const { suite, test, row } = ref;
  const merged =
    test.vars.size === 0 && !row ? suite.vars : new Map([...suite.vars, ...test.vars, ...(values ?? [])]);
  const scope: Scope = {
    vars: merged,
    env,
    envNames: suite.env,
    ...(row ? { row: row.origin } : {}),
    ...(test.dataAt ? { dataAt: test.dataAt } : {}),
    ...(conditions ? { conditions } : {}),
  };
  return { ...scope, vars: resolveVars(scope, report, test.place) };
}

/** Renders a case: its request, its assertions, and what reports show of its prompt; `scope` is that of its row. */
export function materialize(ref: CaseRef, scope: Scope, report: Report, misfits?: Misfits): Case {
  const { method } = ref;
  const fields = fieldsOf(ref, scope, misfits, report);
  const contents = contentsOf(ref, scope, misfits, report);
  const request = buildRequest({
    method,
    fields,
    contents,
    ...(ref.model === undefined ? {} : { model: ref.model }),
    extra: extraOf(ref, scope, misfits, report),
  });
  if (misfits && mayBeTooLarge(contents)) misfits.later((tell) => checkSize(ref, request, contents, tell));
  const assertions = assertionsOf(ref, scope, misfits, report);
  let digest: string | undefined;
  // Planning renders every case to find its errors: what only a run needs is made when it is read.
  return {
    ...ref,
    request,
    assertions,
    replyKind: replyKind(method),
    judgesErrors: judgesErrors(assertions),
    get fingerprint() {
      return (digest ??= fingerprint(request));
    },
    get shown() {
      return contents.flat().map(shownTurn);
    },
  };
}

/** The `extra` of the config, and that of the test, which goes over it. */
function extraOf(
  { config, test, method }: CaseRef,
  scope: Scope,
  misfits: Misfits | undefined,
  report: Report,
): JsonObject[] {
  return [config, test].flatMap((from) => {
    if (from?.extra && replyKind(method).startsWith('model'))
      report({
        severity: 'error',
        code: 'unfit-field',
        message: `${method} has no request body that extra could be merged into`,
        place: from.place,
        help: 'remove it, or choose another method',
      });
    if (!from?.extra) return [];
    const rendered = renderValue(from.extra, scope, { place: from.place, report });
    if (!isObject(rendered)) return [];
    const { place } = from;
    if (rendered === from.extra) checkExact(rendered, { place }, report);
    else misfits?.later((tell) => checkExact(rendered, { place }, tell));
    return [rendered];
  });
}
