import { isMapNode, type SourceNode } from '../diagnostics/source-node.ts';
import { readParts } from './parts.ts';
import type { PromptReading } from './prompt-files.ts';
import type { NamedPrompt, Turn } from './suite.ts';

const roles = ['user', 'model', 'function'] as const;

/** Reads a prompt of any form: a text, parts, or turns. */
export async function readPrompt(
  prompt: SourceNode,
  reading: PromptReading,
): Promise<Pick<NamedPrompt, 'parts' | 'turns'>> {
  const hasTurns = prompt.items().some((item) => isMapNode(item) && rolesOf(item).length > 0);
  if (hasTurns) return { turns: await readTurns(prompt, reading) };
  return { parts: await readParts(prompt, reading) };
}

const rolesOf = (item: SourceNode): Turn['role'][] =>
  isMapNode(item) ? roles.filter((role) => role in item.value) : [];

async function readTurns(list: SourceNode, reading: PromptReading): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (const item of list.items()) {
    const at = item.place;
    const found = rolesOf(item);
    const [role] = found;
    if (role === undefined || item.entries().length !== 1) {
      reading.report({
        severity: 'error',
        code: 'mixed-turns',
        message:
          found.length > 1
            ? `a turn has one role, this one has ${found.join(', ')}`
            : 'expected a turn (user, model or function) in a list of turns',
        place: at,
        help:
          found.length > 1
            ? 'begin each turn with a "-" of its own'
            : 'a prompt is a list of parts or a list of turns, not both',
      });
      continue;
    }
    const content = item.at(role);
    const { value } = content;
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
      ...(value === null ? {} : { parts: await readParts(content, reading) }),
    });
  }
  return turns;
}
