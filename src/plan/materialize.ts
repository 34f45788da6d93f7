import type { SourceRange, Report } from '../diagnostics/diagnostic.ts';
import { buildRequest, type BuiltContent } from '../gemini/build.ts';
import { mostRequestBytes } from '../gemini/media.ts';
import { replyKind } from '../gemini/methods.ts';
import { isMapNode } from '../diagnostics/source-node.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Conversation } from '../gemini/request.ts';
import { bytesOf, displayTurn } from '../gemini/request-facts.ts';
import { judgesErrors } from './answer.ts';
import { assertionsOf } from './bind.ts';
import type { Case, CaseRef, PlanOptions } from './case.ts';
import type { Conditions } from './conditions.ts';
import { contentsOf, partsFor } from './contents.ts';
import { checkExactNumbers } from './exact-numbers.ts';
import { fieldsOf } from './fields.ts';
import { fingerprint } from './fingerprint.ts';
import type { Scope } from './lookup.ts';
import type { RenderedChecks } from './rendered-checks.ts';
import { renderNode } from './template.ts';
import { resolveVars } from './vars.ts';

/** The scope of a case: suite vars under test vars under the row. */
export function scopeOf(
  ref: Pick<CaseRef, 'suite' | 'test' | 'row'>,
  env: PlanOptions['env'],
  report: Report,
  conditions?: Conditions,
): Scope {
  const { suite, test, row } = ref;
  const merged =
    test.vars.size === 0 && !row
      ? suite.vars
      : new Map([...suite.vars, ...test.vars, ...(row?.values ?? [])]);
  const scope = {
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
export function materialize(ref: CaseRef, scope: Scope, report: Report, checks?: RenderedChecks): Case {
  const { method } = ref;
  const fields = fieldsOf(ref, scope, checks, report);
  const contents = contentsOf(ref, scope, checks, report);
  const request = buildRequest({
    method,
    fields,
    contents,
    ...(ref.model === undefined ? {} : { model: ref.model }),
    extra: extraOf(ref, scope, checks, report),
  });
  if (checks && mayBeTooLarge(contents))
    checks.later((reportLater) => checkSize(ref, request, contents, reportLater));
  const assertions = assertionsOf(ref, scope, checks, report);
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
    get displayTurns() {
      return contents.flat().map(displayTurn);
    },
  };
}

/** The `extra` of the config, and that of the test, which goes over it. */
function extraOf(
  { config, test, method }: CaseRef,
  scope: Scope,
  checks: RenderedChecks | undefined,
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
    const rendered = renderNode(from.extra, scope, report);
    if (rendered === from.extra) checkExactNumbers(rendered, report);
    else checks?.later((reportLater) => checkExactNumbers(rendered, reportLater));
    return isMapNode(rendered) ? [rendered.value] : [];
  });
}

type Contents = readonly (readonly BuiltContent[])[];

/** Whether a request is worth counting whole: what is beside its contents is small. */
function mayBeTooLarge(contents: Contents): boolean {
  let bytes = 0;
  for (const each of contents)
    for (const { parts = [] } of each) for (const part of parts) bytes += bytesOf(part);
  return bytes >= mostRequestBytes / 2;
}

/** Tells of a request with more bytes than the API takes, at the part with which it gets too large. */
function checkSize(ref: CaseRef, { body = {} }: Conversation, contents: Contents, report: Report): void {
  const bytes = bytesOf(body);
  if (bytes <= mostRequestBytes) return;
  report({
    severity: 'error',
    code: 'request-too-large',
    message: `the request has ${bytes} bytes, media as base64, at most ${mostRequestBytes} are allowed`,
    place: placeOfTooMuch(ref, contents) ?? ref.test.place,
    help: 'send fewer media in one request, or by fileUri',
  });
}

function placeOfTooMuch(ref: CaseRef, contents: Contents): SourceRange | undefined {
  const built = contents.flat().flatMap(({ parts = [] }) => parts);
  let bytes = 0;
  return partsFor(ref).find((_, index) => (bytes += bytesOf(built[index] ?? null)) > mostRequestBytes)?.place;
}
