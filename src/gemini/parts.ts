import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { hasVisibleText } from '../lib/visible.ts';
import { enumValue } from './enums.ts';
import { objectsOf, present, textOf } from './json-readers.ts';
import type { AnswerPart } from './reply.ts';

/** The parts of a content, in order; what is no part (an empty map, a scalar) is left out. */
export function readParts(content: JsonObject | undefined): AnswerPart[] {
  return objectsOf(content?.parts).flatMap((part) => {
    const read = readPart(part);
    return read ? [{ ...read, ...(part.thought === true ? { thought: true as const } : {}) }] : [];
  });
}

/** Whether a part has something to show. Thoughts, and media or code without content, do not. */
export function isVisible(part: AnswerPart): boolean {
  if (part.thought) return false;
  switch (part.kind) {
    case 'text':
      return hasVisibleText(part.text);
    case 'media':
      return /[\w+/-]/.test(part.data);
    case 'file':
      return hasVisibleText(part.uri);
    case 'code':
      return hasVisibleText(part.code);
    case 'codeResult':
      return hasVisibleText(part.output);
    default:
      return false;
  }
}

/** The part; what is missing in it reads as its default, the empty text (the API leaves defaults out). */
function readPart(part: JsonObject): AnswerPart | undefined {
  if (typeof part.text === 'string') return { kind: 'text', text: part.text };
  const { inlineData, fileData, functionCall, executableCode, codeExecutionResult } = part;
  if (isObject(inlineData))
    return { kind: 'media', ...mimeType(inlineData), data: textOf(inlineData.data) ?? '' };
  if (isObject(fileData)) return { kind: 'file', ...mimeType(fileData), uri: textOf(fileData.fileUri) ?? '' };
  if (isObject(functionCall) && typeof functionCall.name === 'string' && functionCall.name !== '') {
    const { name, args, id } = functionCall;
    return { kind: 'call', name, args: isObject(args) ? args : {}, ...present('id', textOf(id)) };
  }
  if (isObject(executableCode)) {
    const language = enumValue('codeLanguage', executableCode.language);
    return { kind: 'code', ...present('language', language), code: textOf(executableCode.code) ?? '' };
  }
  if (isObject(codeExecutionResult)) {
    const outcome = enumValue('codeOutcome', codeExecutionResult.outcome);
    const output = textOf(codeExecutionResult.output) ?? '';
    return { kind: 'codeResult', ...present('outcome', outcome), output };
  }
  const { thought: _thought, thoughtSignature: _signature, ...others } = part;
  return Object.keys(others).length > 0 ? { kind: 'other', part: others } : undefined;
}

function mimeType(data: Readonly<Record<string, JsonValue>>): { mimeType?: string } {
  return present('mimeType', textOf(data.mimeType));
}
