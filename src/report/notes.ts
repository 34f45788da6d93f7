import type { Results } from '../judge/results.ts';
import { plural } from '../lib/words.ts';

/** What sets results apart from those of one whole run, a sentence each without its full stop. */
export function notesOf({ judged, selection, shards }: Results['run']): string[] {
  const notes: string[] = [];
  if (judged) {
    const { at, journal, lacking } = judged;
    const day = `${at.slice(0, 16).replace('T', ' ')} UTC`;
    notes.push(
      `Judged again on ${day} with the suites as they were then. The replies are from ${journal}; no calls were made`,
    );
    if (lacking > 0) notes.push(`${plural(lacking, 'case')} without enough replies`);
  }
  const [shard] = selection?.shard ?? [];
  if (shard !== undefined) notes.push(`This is shard ${shard.replace('/', ' of ')}`);
  if (shards !== undefined) notes.push(`Merged from ${plural(shards, 'shard')}`);
  return notes;
}
