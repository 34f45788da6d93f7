import type { SourceRange } from '../diagnostics/diagnostic.ts';
import { isMapNode, mapEntries, mapNode, type SourceNode } from '../diagnostics/source-node.ts';
import { bothSpellings } from '../gemini/messages.ts';
import type { JsonObject } from '../lib/json.ts';
import { checkMessage } from './config-messages.ts';
import { withEnums } from './message-texts.ts';
import type { PromptReading } from './prompt-files.ts';
import type { PromptPart } from './suite.ts';

const mediaKeys = ['image', 'audio', 'video', 'pdf'] as const;
/** The keys for the content of a part; it has one of them. */
const contentKeys = [
  'text',
  'raw',
  'file',
  ...mediaKeys,
  'fileUri',
  ...[
    'inlineData',
    'fileData',
    'functionCall',
    'functionResponse',
    'executableCode',
    'codeExecutionResult',
  ].flatMap(bothSpellings),
];

/** Reads one part, or a list of parts. */
export async function readParts(written: SourceNode, reading: PromptReading): Promise<PromptPart[]> {
  const parts: PromptPart[] = [];
  for (const item of Array.isArray(written.value) ? written.items() : [written]) {
    const part = await readPart(item, reading);
    if (part) parts.push(part);
  }
  return parts;
}

async function readPart(written: SourceNode, reading: PromptReading): Promise<PromptPart | undefined> {
  const { place } = written;
  if (!isMapNode(written))
    return textPart(
      typeof written.value === 'string' ? written.value : '',
      true,
      place,
      mapNode([], written),
    );
  const part = written.with(withEnums(written, 'Part') as JsonObject);
  const found = contentKeys.filter((key) => key in part.value);
  const [key = '', second] = found;
  if (second !== undefined || ('mimeType' in part.value && key !== 'fileUri')) {
    reportConflict(part, found, reading);
    return undefined;
  }
  const { value: content, place: at } = part.at(key);
  if (typeof content !== 'string') {
    checkMessage(part, 'Part', reading);
    return { kind: 'api', part: await withResponse(part, reading), place };
  }
  const others = part.entries().filter(([name]) => name !== key && name !== 'mimeType');
  const beside = mapNode(others, part);
  checkMessage(beside, 'Part', reading);
  if (key === 'raw' || key === 'text') return textPart(content, key === 'text', at, beside);
  if (key === 'fileUri') {
    const { mimeType } = part.value;
    const type = typeof mimeType === 'string' ? { mimeType } : {};
    return { kind: 'fileUri', fileUri: content, place: at, beside, ...type };
  }
  const family = mediaKeys.find((each) => each === key);
  if (family === undefined && key !== 'file') return { kind: 'api', part, place };
  const file = {
    kind: 'file',
    reference: content,
    place: at,
    beside,
    ...(family ? { family } : {}),
  } as const;
  // A path with a template names another file in each row, and is read when the cases are known.
  return content.includes('{{') ? file : reading.files.read(file, content);
}

/** The response of a function may be a file. */
async function withResponse(
  part: SourceNode<JsonObject>,
  { files }: PromptReading,
): Promise<SourceNode<JsonObject>> {
  return mapEntries(part, (node, key) =>
    bothSpellings('functionResponse').includes(key) && isMapNode(node)
      ? mapEntries(node, (inner, name) => (name === 'response' ? files.value(inner) : inner))
      : node,
  );
}

function textPart(
  text: string,
  template: boolean,
  place: SourceRange,
  beside: SourceNode<JsonObject>,
): PromptPart {
  return { kind: 'text', text, template, place, beside };
}

function reportConflict(part: SourceNode, found: readonly string[], { report }: PromptReading): void {
  const second = found[1] ?? 'mimeType';
  report({
    severity: 'error',
    code: 'several-contents',
    message:
      found.length > 1
        ? `a part holds one thing, this one has ${found.join(', ')}`
        : '"mimeType" is allowed only beside fileUri: the type of a file comes from its content',
    place: part.at(second).keyPlace,
    help: found.length > 1 ? 'write a list with a part for each' : 'remove it',
  });
}
