import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { valuePlace } from '../diagnostics/places.ts';
import type { Media } from '../gemini/media.ts';
import { isObject, type JsonValue } from '../lib/json.ts';
import type { SuiteFiles } from './files.ts';
import { readMedia } from './media.ts';
import type { NamedPrompt, PromptPart, Turn } from './suite.ts';

const mediaKeys = ['image', 'audio', 'video', 'pdf'] as const;
const roles = ['user', 'model', 'function'] as const;

/** What reading prompts needs. */
export interface PromptReading {
  readonly files: SuiteFiles;
  readonly media: Map<string, Media>;
  readonly report: Report;
}

/** Reads a prompt of any form: a text, parts, or turns. `place` is where its value stands. */
export async function readPrompt(
  value: JsonValue,
  place: Place,
  reading: PromptReading,
): Promise<Pick<NamedPrompt, 'parts' | 'turns'>> {
  if (Array.isArray(value) && value.some((item) => isObject(item) && roles.some((role) => role in item))) {
    return { turns: await readTurns(value, place, reading) };
  }
  return { parts: await readParts(value, place, reading) };
}

async function readTurns(list: JsonValue[], place: Place, reading: PromptReading): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (const [index, item] of list.entries()) {
    const at = valuePlace(list, index) ?? place;
    const role = isObject(item) ? roles.find((each) => each in item) : undefined;
    if (!isObject(item) || role === undefined || Object.keys(item).length !== 1) {
      reading.report({
        severity: 'error',
        code: 'mixed-turns',
        message: 'expected a turn (user, model or function) in a list of turns',
        place: at,
        help: 'a prompt is a list of parts or a list of turns, not both',
      });
      continue;
    }
    const value = item[role] ?? null;
    if (value === null && role !== 'model') {
      reading.report({
        severity: 'error',
        code: 'empty-turn',
        message: `a ${role} turn has no text`,
        place: at,
        help: 'only a model turn may be empty: the model is asked there',
      });
      continue;
    }
    turns.push({
      role,
      place: at,
      ...(value === null ? {} : { parts: await readParts(value, valuePlace(item, role) ?? at, reading) }),
    });
  }
  return turns;
}

async function readParts(value: JsonValue, place: Place, reading: PromptReading): Promise<PromptPart[]> {
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
  value: JsonValue,
  place: Place,
  reading: PromptReading,
): Promise<PromptPart | undefined> {
  if (!isObject(value)) return textPart(typeof value === 'string' ? value : '', place);
  const at = (key: string): Place => valuePlace(value, key) ?? place;
  if (typeof value.raw === 'string')
    return { kind: 'text', text: value.raw, template: false, place: at('raw') };
  if (typeof value.file === 'string') {
    const read = await reading.files.text(value.file, at('file'));
    return read && textPart(read.text, read.place);
  }
  for (const key of mediaKeys) {
    const reference = value[key];
    if (typeof reference !== 'string') continue;
    const media = await readMedia(key, reference, at(key), reading.files, reading.media, reading.report);
    return media && { kind: 'media', media, place: at(key) };
  }
  if (typeof value.fileUri === 'string') {
    return {
      kind: 'fileUri',
      fileUri: value.fileUri,
      place,
      ...(typeof value.mimeType === 'string' ? { mimeType: value.mimeType } : {}),
    };
  }
  if (typeof value.text === 'string' && Object.keys(value).length === 1)
    return textPart(value.text, at('text'));
  return { kind: 'api', part: value, place };
}

function textPart(text: string, place: Place): PromptPart {
  return { kind: 'text', text, template: true, place };
}
