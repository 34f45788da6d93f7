import type { Place } from '../diagnostics/diagnostic.ts';
import { valuePlace } from '../diagnostics/places.ts';
import { isObject, type JsonValue } from '../lib/json.ts';
import { readParts } from './parts.ts';
import type { PromptReading } from './prompt-files.ts';
import type { NamedPrompt, Turn } from './suite.ts';

const roles = ['user', 'model', 'function'] as const;

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
    const held = isObject(item) ? roles.filter((each) => each in item) : [];
    const [role] = held;
    if (!isObject(item) || role === undefined || Object.keys(item).length !== 1) {
      reading.report({
        severity: 'error',
        code: 'mixed-turns',
        message:
          held.length > 1
            ? `a turn has one role, this one has ${held.join(', ')}`
            : 'expected a turn (user, model or function) in a list of turns',
        place: at,
        help:
          held.length > 1
            ? 'begin each turn with a "-" of its own'
            : 'a prompt is a list of parts or a list of turns, not both',
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
    if (value === null && !turns.some(({ parts }) => parts))
      reading.report({
        severity: 'error',
        code: 'empty-turn',
        message: 'the model is asked before anything was said to it',
        place: at,
        help: 'begin with a user turn',
      });
    else if (value === null && turns.at(-1)?.role === 'model' && !turns.at(-1)?.parts)
      reading.report({
        severity: 'error',
        code: 'empty-turn',
        message: 'the model is asked twice, with nothing said in between',
        place: at,
        help: 'put a user or function turn before it, or remove it',
      });
    turns.push({
      role,
      place: at,
      ...(value === null ? {} : { parts: await readParts(value, valuePlace(item, role) ?? at, reading) }),
    });
  }
  return turns;
}
