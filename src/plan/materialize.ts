import { judgesErrors } from '../assertions/compile.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import { buildRequest, type BuiltContent } from '../gemini/build.ts';
import { Media } from '../gemini/media.ts';
import { replyKind } from '../gemini/methods.ts';
import { isObject, type JsonObject } from '../lib/json.ts';
import { assertionsOf } from './bind.ts';
import type { Case, CaseRef, PlanOptions, ShownTurn } from './case.ts';
import { contentsOf } from './contents.ts';
import { fieldsOf } from './fields.ts';
import { fingerprint } from './fingerprint.ts';
import { isUnsure } from './doubts.ts';
import type { Scope } from './lookup.ts';
import type { Misfits } from './misfits.ts';
import { checkSize } from './request-size.ts';
import { renderValue } from './template.ts';
import { resolveVars } from './vars.ts';

/** The scope of a case: suite vars under test vars under the row. */
export function scopeOf(
  ref: Pick<CaseRef, 'suite' | 'test' | 'row'>,
  env: PlanOptions['env'],
  report: Report,
): Scope {
  const { suite, test, row } = ref;
  const merged =
    test.vars.size === 0 && !row
      ? suite.vars
      : new Map([...suite.vars, ...test.vars, ...(row?.values ?? [])]);
  const scope: Scope = {
    vars: merged,
    env,
    envNames: suite.env,
    ...(row ? { row: row.origin } : {}),
    // A name for rows without rows was told.
    ...(isUnsure('vars', suite, test) || (test.rowName && !test.rows) ? { open: true } : {}),
  };
  return { ...scope, vars: resolveVars(scope, report, test.place) };
}

/** Renders a case: its request, its assertions, and what reports show of its prompt; `scope` is that of its row. */
export function materialize(ref: CaseRef, scope: Scope, report: Report, misfits?: Misfits): Case {
  const { suite, test, method } = ref;
  const fields = fieldsOf(ref, scope, misfits, report);
  const contents = contentsOf(ref, scope, report);
  const request = buildRequest({
    method,
    fields,
    contents,
    ...(ref.model === undefined ? {} : { model: ref.model }),
    extra: extraOf(ref, scope, report),
  });
  misfits?.later((tell) => checkSize(ref, request, contents, tell));
  const assertions = assertionsOf(ref, scope, misfits, report);
  let made: string | undefined;
  return {
    id: ref.id,
    suite,
    test,
    method,
    row: ref.row,
    rowName: ref.rowName,
    prompt: ref.prompt,
    config: ref.config,
    model: ref.model,
    modelInId: ref.modelInId,
    repeats: ref.repeats,
    passRate: ref.passRate,
    skip: ref.skip,
    request,
    // Both are made when they are read: planning renders every case only to find its faults.
    get fingerprint(): string {
      return (made ??= fingerprint(request));
    },
    assertions,
    get shown(): ShownTurn[] {
      return contents.flat().map(shownTurn);
    },
    replyKind: replyKind(method),
    judgesErrors: assertions.some(({ kind, args }) => judgesErrors(kind, args)),
  };
}

/** The `extra` of the config, and that of the test, which goes over it. */
function extraOf({ config, test, method }: CaseRef, scope: Scope, report: Report): JsonObject[] {
  return [config, test].flatMap((from) => {
    if (from?.extra && replyKind(method).startsWith('model'))
      report({
        severity: 'error',
        code: 'unfit-field',
        message: `${method} has no request body that extra could be merged into`,
        place: from.place,
      });
    const rendered = from?.extra && renderValue(from.extra, scope, { place: from.place, report });
    return isObject(rendered) ? [rendered] : [];
  });
}

function shownTurn({ role, parts }: BuiltContent): ShownTurn {
  const shown = parts?.map((part) => {
    const value = part as { text?: string; inlineData?: { mimeType: string; data: unknown } };
    if (value.inlineData?.data instanceof Media) {
      const { mimeType, size, digest } = value.inlineData.data;
      return `[${mimeType}, ${size} bytes, sha256:${digest.slice(0, 12)}]`;
    }
    return value.text ?? JSON.stringify(part);
  });
  return { ...(role === undefined ? {} : { role }), ...(shown ? { text: shown.join('\n') } : {}) };
}
