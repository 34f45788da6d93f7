import type { Report } from '../diagnostics/diagnostic.ts';
import type { SourceNode } from '../diagnostics/source-node.ts';
import { isAltered } from '../lib/written-number.ts';

/** Lists and maps in which no number is altered: most are the same in every case. */
const sound = new WeakSet<object>();

/** Reports the numbers of a value that would be sent as other numbers than were written; true if there is none. */
export function checkExactNumbers(node: SourceNode, report: Report): boolean {
  const { value, place } = node;
  if (typeof value === 'number') {
    const { text } = node;
    if (text === undefined || !isAltered(text)) return true;
    report({
      severity: 'error',
      code: 'inexact-number',
      message: `the number ${text} would be sent as ${JSON.stringify(value)}: it has more digits than a double keeps`,
      place,
      help: `quote it to send it as a text; whole numbers are exact up to ${Number.MAX_SAFE_INTEGER}`,
    });
    return false;
  }
  if (typeof value !== 'object' || value === null || sound.has(value)) return true;
  let exact = true;
  for (const [, inner] of node.entries()) exact = checkExactNumbers(inner, report) && exact;
  if (exact) sound.add(value);
  return exact;
}
