import type { Place, Report } from '../diagnostics/diagnostic.ts';
import { valuePlace } from '../diagnostics/places.ts';
import { writtenText } from '../diagnostics/written.ts';
import { Media } from '../gemini/media.ts';
import type { BodyValue } from '../gemini/request.ts';
import { isAltered } from '../lib/written-number.ts';

/** Lists and maps in which no number is altered: most are the same in every case. */
const sound = new WeakSet<object>();

/** Where a value that is sent stands; for a scalar the text it was written as, where that is known. */
interface Written {
  readonly place: Place;
  readonly text?: string | undefined;
}

/** Reports the numbers of a value that would be sent as other numbers than were written; true if there is none. */
export function checkExactNumbers(value: BodyValue, { place, text }: Written, report: Report): boolean {
  if (typeof value === 'number') {
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
  if (typeof value !== 'object' || value === null || value instanceof Media || sound.has(value)) return true;
  let exact = true;
  for (const [name, inner] of Object.entries(value)) {
    const key = Array.isArray(value) ? Number(name) : name;
    const at = { place: valuePlace(value, key) ?? place, text: writtenText(value, key) };
    exact = checkExactNumbers(inner, at, report) && exact;
  }
  if (exact) sound.add(value);
  return exact;
}
