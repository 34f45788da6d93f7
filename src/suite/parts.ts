import type { Place } from '../diagnostics/diagnostic.ts';
import { copyPlace, keyPlace, valuePlace } from '../diagnostics/places.ts';
import { bothSpellings } from '../gemini/messages.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { checkMessage } from './config-messages.ts';
import { emptyMap } from '../lib/ordered-map.ts';
import { mapEntries } from './map-values.ts';
import { withEnums } from './message-texts.ts';
import type { PromptReading } from './prompt-files.ts';
import type { PromptPart } from './suite.ts';

const mediaKeys = ['image', 'audio', 'video', 'pdf'] as const;
/** What a part may hold, one of them. */
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

/** Reads one part, or a list of parts. `place` is where the value stands. */
export async function readParts(
  value: JsonValue,
  place: Place,
  reading: PromptReading,
): Promise<PromptPart[]> {
  if (!Array.isArray(value)) {
    const part = await readPart(value, place, reading);
    return part ? [part] : [];
  }
  const parts: PromptPart[] = [];
  for (const [index, item] of value.entries()) {
    const part = await readPart(item, valuePlace(value, index) ?? place, reading);
    if (part) parts.push(part);
  }
  return parts;
}

async function readPart(
  written: JsonValue,
  place: Place,
  reading: PromptReading,
): Promise<PromptPart | undefined> {
  if (!isObject(written)) return textPart(typeof written === 'string' ? written : '', true, place, {});
  const value = withEnums(written, 'Part') as JsonObject;
  const held = contentKeys.filter((key) => key in value);
  const [key = '', second] = held;
  if (second !== undefined || ('mimeType' in value && key !== 'fileUri')) {
    tellMisfit(value, held, place, reading);
    return undefined;
  }
  const at = valuePlace(value, key) ?? place;
  const content = value[key];
  const beside = without(value, [key, 'mimeType']);
  if (typeof content !== 'string') {
    checkMessage(value, 'Part', place, reading);
    return { kind: 'api', part: await withResponse(value, place, reading), place };
  }
  checkMessage(beside, 'Part', place, reading);
  if (key === 'raw' || key === 'text') return textPart(content, key === 'text', at, beside);
  if (key === 'fileUri') {
    const { mimeType } = value;
    const type = typeof mimeType === 'string' ? { mimeType } : {};
    return { kind: 'fileUri', fileUri: content, place: at, beside, ...type };
  }
  const family = mediaKeys.find((each) => each === key);
  if (family === undefined && key !== 'file') return { kind: 'api', part: value, place };
  const file = {
    kind: 'file',
    reference: content,
    place: at,
    beside,
    ...(family ? { family } : {}),
  } as const;
  // A path with a template in it leads to another file in every row: those are read when the cases are known.
  return content.includes('{{') ? file : reading.files.read(file, content);
}

/** What a function answered may be a file. */
async function withResponse(part: JsonObject, place: Place, { files }: PromptReading): Promise<JsonObject> {
  return mapEntries(part, async (value, key) =>
    bothSpellings('functionResponse').includes(key) && isObject(value)
      ? mapEntries(value, async (inner, name, at = place) =>
          name === 'response' ? files.value(inner, at) : inner,
        )
      : value,
  );
}

function textPart(text: string, template: boolean, place: Place, beside: JsonObject): PromptPart {
  return { kind: 'text', text, template, place, beside };
}

function without(map: JsonObject, keys: readonly string[]): JsonObject {
  const rest = emptyMap(Object.keys(map));
  for (const [key, value] of Object.entries(map)) {
    if (keys.includes(key)) continue;
    rest[key] = value;
    copyPlace(map, key, rest, key);
  }
  return rest;
}

function tellMisfit(
  value: JsonObject,
  held: readonly string[],
  place: Place,
  { report }: PromptReading,
): void {
  const second = held[1] ?? 'mimeType';
  report({
    severity: 'error',
    code: 'several-contents',
    message:
      held.length > 1
        ? `a part holds one thing, this one has ${held.join(', ')}`
        : '"mimeType" stands only beside fileUri: the type of a file is told by its content',
    place: keyPlace(value, second) ?? place,
    help: held.length > 1 ? 'write a list with a part for each' : 'remove it',
  });
}
