import { compileEntry, judgesErrors, kindFits, kindsFitting } from '../assertions/compile.ts';
import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import { keyPlace, valuePlace } from '../diagnostics/places.ts';
import { buildRequest, type BuiltContent } from '../gemini/build.ts';
import { fieldFits } from '../gemini/fields.ts';
import { Media } from '../gemini/media.ts';
import { replyKind } from '../gemini/methods.ts';
import type { BodyValue } from '../gemini/request.ts';
import { isObject, type JsonObject } from '../lib/json.ts';
import type { AssertionEntry, NamedPrompt, PromptPart } from '../suite/suite.ts';
import type { BoundAssertion, Case, CaseRef, PlanOptions, ShownTurn } from './case.ts';
import { fingerprint } from './fingerprint.ts';
import { promptsOf } from './matrix.ts';
import { mergeFields } from './merge.ts';
import type { Scope } from './lookup.ts';
import { renderString, renderValue } from './template.ts';
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
  const scope: Scope = { vars: merged, env, envNames: suite.env };
  return { ...scope, vars: resolveVars(scope, report, test.place) };
}

/** Renders a case: its request, its assertions, and what reports show of its prompt; `scope` is that of its row. */
export function materialize(ref: CaseRef, scope: Scope, report: Report): Case {
  const { suite, test, method } = ref;
  const fields = fieldsOf(ref, scope, report);
  const prompts = method === 'batchEmbedContents' ? promptsOf(suite, test) : ref.prompt ? [ref.prompt] : [];
  const contents = prompts.map((prompt) => contentsOf(prompt, scope, report));
  const request = buildRequest({
    method,
    fields,
    contents,
    ...(ref.model === undefined ? {} : { model: ref.model }),
    extra: extraOf(ref, scope, report),
  });
  const assertions = assertionsOf(ref, scope, report);
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

function fieldsOf({ suite, config, method }: CaseRef, scope: Scope, report: Report): JsonObject {
  const fitting: JsonObject = {};
  for (const [field, value] of Object.entries(suite.defaults))
    if (fieldFits(method, field)) fitting[field] = value;
  const own = config?.fields ?? {};
  for (const field of Object.keys(own)) {
    if (fieldFits(method, field)) continue;
    const place = keyPlace(own, field) ?? config?.place;
    report({
      severity: 'error',
      code: 'unfit-field',
      message: `${method} has no field ${field}`,
      ...(place ? { place } : {}),
      help: 'choose the configs of the test, or move the field to another config',
    });
  }
  const merged = mergeFields(fitting, own);
  const rendered: JsonObject = {};
  for (const [field, value] of Object.entries(merged)) {
    const literal = ['tools', 'responseSchema', 'responseJsonSchema'].includes(field);
    rendered[field] = literal
      ? value
      : renderValue(
          value,
          scope,
          {
            place: valuePlace(merged, field) ??
              suite.tests[0]?.place ?? { file: suite.file, start: 0, end: 0 },
            report,
          },
          field,
        );
  }
  return rendered;
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

function contentsOf(prompt: NamedPrompt, scope: Scope, report: Report): BuiltContent[] {
  const parts = (list: readonly PromptPart[]): BodyValue[] =>
    list.map((part) => renderPart(part, scope, report));
  if (prompt.parts) return [{ parts: parts(prompt.parts) }];
  return (prompt.turns ?? []).map((turn) => ({
    role: turn.role,
    ...(turn.parts ? { parts: parts(turn.parts) } : {}),
  }));
}

function renderPart(part: PromptPart, scope: Scope, report: Report): BodyValue {
  const at = { place: part.place, report };
  switch (part.kind) {
    case 'text': {
      return { text: part.template ? renderString(part.text, scope, at) : part.text };
    }
    case 'media':
      return { inlineData: { mimeType: part.media.mimeType, data: part.media } };
    case 'fileUri': {
      const fileUri = renderString(part.fileUri, scope, at);
      const mimeType = part.mimeType === undefined ? undefined : renderString(part.mimeType, scope, at);
      return { fileData: { ...(mimeType === undefined ? {} : { mimeType }), fileUri } };
    }
    case 'api':
    default:
      return renderValue(part.part, scope, at);
  }
}

/** The entries that judge a case: the suite's that fit, the test's, the row's. */
export function entriesOf({ suite, test, row, method }: CaseRef): AssertionEntry[] {
  const own = [...test.assert, ...(row?.assert ?? [])];
  const shared =
    test.inherit && !own.some((entry) => judgesErrors(entry.kind, entry.args))
      ? suite.assert.filter((entry) => kindFits(entry.kind, entry.args, replyKind(method)))
      : [];
  return [...shared, ...own];
}

function assertionsOf(ref: CaseRef, scope: Scope, report: Report): BoundAssertion[] {
  const { method } = ref;
  const kind = replyKind(method);
  return entriesOf(ref).map((entry) => {
    if (!kindFits(entry.kind, entry.args, kind)) {
      report({
        severity: 'error',
        code: 'misfit-kind',
        message: `${entry.kind} cannot judge a reply of ${method}`,
        place: entry.place,
        help: `these can: ${kindsFitting(kind).join(', ')}`,
      });
    }
    return bind(entry, scope, report);
  });
}

function bind(entry: AssertionEntry, scope: Scope, report: Report): BoundAssertion {
  const place = valuePlace(entry.entry, entry.kind) ?? entry.place;
  const args = renderValue(entry.args, scope, { place, report }, entry.kind);
  const { kind, severity, guardrail, label } = entry;
  return {
    kind,
    args,
    place: entry.place,
    severity,
    guardrail,
    constant: args === entry.args,
    ...(label === undefined ? {} : { label }),
  };
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

/** Compiles assertions whose arguments came from templates, so that a bad pattern in a row is found before the first call. */
export async function checkRendered(asked: Case, report: (diagnostic: Diagnostic) => void): Promise<void> {
  for (const { kind, args, place, constant } of asked.assertions) {
    if (constant) continue;
    await compileEntry(kind, args, ({ severity, code, message, help }) =>
      report({
        severity,
        code,
        message: `${message} (in ${asked.id})`,
        place,
        ...(help === undefined ? {} : { help }),
      }),
    );
  }
}
