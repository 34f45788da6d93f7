import type { Report } from '../diagnostics/diagnostic.ts';
import type { BuiltContent } from '../gemini/build.ts';
import type { BodyValue } from '../gemini/request.ts';
import type { SourceNode } from '../diagnostics/source-node.ts';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { checkMessage } from '../suite/config-messages.ts';
import { withTexts } from '../suite/message-texts.ts';
import type { FilePart, NamedPrompt, PromptPart, Suite } from '../suite/suite.ts';
import type { CaseRef } from './case.ts';
import { checkExactNumbers } from './exact-numbers.ts';
import type { Scope } from './lookup.ts';
import { promptsOf } from './matrix.ts';
import type { RenderedChecks } from './rendered-checks.ts';
import { renderNode, renderString } from './template.ts';

/** The contents that a case sends, a list for each prompt: one, or all of the test's in a batch. */
export function contentsOf(
  ref: CaseRef,
  scope: Scope,
  checks: RenderedChecks | undefined,
  report: Report,
): BuiltContent[][] {
  const rendering = { scope, suite: ref.suite, checks, report };
  return promptsFor(ref).map((prompt) => renderPrompt(prompt, rendering));
}

/** What rendering a prompt takes. */
interface Rendering {
  readonly scope: Scope;
  readonly suite: Suite;
  readonly checks: RenderedChecks | undefined;
  readonly report: Report;
}

/** The prompts that a case sends: its own, or in a batch all of its test. */
export function promptsFor({
  suite,
  test,
  method,
  prompt,
}: Pick<CaseRef, 'suite' | 'test' | 'method' | 'prompt'>): readonly NamedPrompt[] {
  return method === 'batchEmbedContents' ? promptsOf(suite, test) : prompt ? [prompt] : [];
}

function renderPrompt(prompt: NamedPrompt, rendering: Rendering): BuiltContent[] {
  const parts = (list: readonly PromptPart[]): BodyValue[] => list.map((part) => renderPart(part, rendering));
  if (prompt.parts) return [{ parts: parts(prompt.parts) }];
  return (prompt.turns ?? []).map((turn) => ({
    role: turn.role,
    ...(turn.parts ? { parts: parts(turn.parts) } : {}),
  }));
}

function renderPart(part: PromptPart, rendering: Rendering): BodyValue {
  const { scope, suite, report } = rendering;
  const at = { place: part.place, report };
  if (part.kind === 'api') return renderMessage(part.part, rendering);
  if (part.kind === 'file') {
    const read = suite.promptFiles.get(part, renderString(part.reference, scope, at));
    // A file that could not be read was reported while planning.
    return read ? renderPart(read, rendering) : { text: '' };
  }
  const beside = renderMessage(part.beside, rendering) as JsonObject;
  if (part.kind === 'text')
    return { text: part.template ? renderString(part.text, scope, at) : part.text, ...beside };
  if (part.kind === 'media')
    return { inlineData: { mimeType: part.media.mimeType, data: part.media }, ...beside };
  const fileUri = renderString(part.fileUri, scope, at);
  const mimeType = part.mimeType === undefined ? undefined : renderString(part.mimeType, scope, at);
  return { fileData: { ...(mimeType === undefined ? {} : { mimeType }), fileUri }, ...beside };
}

/** A part in the API’s words: what must be a text is the text it was written as. */
function renderMessage(written: SourceNode, { scope, checks, report }: Rendering): JsonValue {
  const rendered = renderNode(written, scope, report);
  if (rendered === written) {
    checkExactNumbers(written, report);
    return written.value;
  }
  const made = rendered.with(withTexts(rendered, 'Part'));
  checks?.later((reportLater) => {
    checkMessage(made, 'Part', { report: reportLater });
    checkExactNumbers(made, reportLater);
  });
  return made.value;
}

/** Reads the files of a case whose paths are templates. */
export async function openFiles(ref: CaseRef, scope: Scope, report: Report): Promise<PromptPart[]> {
  const opened: PromptPart[] = [];
  for (const part of promptsFor(ref).flatMap(filesOf)) {
    let failed = false;
    const watched: Report = (diagnostic) => {
      failed = true;
      report(diagnostic);
    };
    const reference = renderString(part.reference, scope, { place: part.place, report: watched });
    // What a broken template leaves is no path.
    const read = failed ? undefined : await ref.suite.promptFiles.read(part, reference);
    if (read) opened.push(read);
  }
  return opened;
}

/** The parts that a case sends, as written, in the order of {@link contentsOf}. */
export function partsFor(ref: CaseRef): PromptPart[] {
  return promptsFor(ref).flatMap(partsOf);
}

function partsOf({ parts = [], turns = [] }: NamedPrompt): PromptPart[] {
  return [...parts, ...turns.flatMap((turn) => turn.parts ?? [])];
}

/** The parts of a prompt that are files whose paths are templates. */
export function filesOf(prompt: NamedPrompt): FilePart[] {
  return partsOf(prompt).filter((part) => part.kind === 'file');
}
