import { journalVersion, type EndReason, type EndRecord } from '../journal/record.ts';
import type { Part } from './parts.ts';

/** How a run ends that was made of parts: as badly as the worst of them. */
const worstFirst: readonly EndReason[] = ['interrupted', 'stopped', 'budget', 'bailed', 'done'];

/** The last record of a merged journal. A shard whose journal has no last record was killed. */
export function endOf(parts: readonly Part[]): EndRecord {
  const reasons = parts.map(({ end }) => end?.reason ?? 'interrupted');
  const messages = parts.flatMap((part) => {
    const message = messageOf(part);
    return message === undefined ? [] : [`shard ${part.shard.index}/${part.shard.count}: ${message}`];
  });
  const stoppedModels = Object.assign({}, ...parts.map(({ end }) => end?.stoppedModels)) as Record<
    string,
    string
  >;
  const lost = parts.reduce((sum, part) => sum + part.lost, 0);
  return {
    v: journalVersion,
    type: 'end',
    at:
      parts
        .map(({ end, last }) => end?.at ?? last.startedAt)
        .toSorted()
        .at(-1) ?? '',
    reason: worstFirst.find((reason) => reasons.includes(reason)) ?? 'done',
    ...(messages.length > 0 ? { message: messages.join('; ') } : {}),
    ...(Object.keys(stoppedModels).length > 0 ? { stoppedModels } : {}),
    ...(lost > 0 ? { lost } : {}),
  };
}

function messageOf({ end }: Part): string | undefined {
  if (!end) return 'it was killed';
  return end.message ?? (end.reason === 'interrupted' ? 'it was interrupted' : undefined);
}
