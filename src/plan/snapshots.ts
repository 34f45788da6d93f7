import { kinds } from '../assertions/registry.ts';
import type { Report } from '../diagnostics/diagnostic.ts';
import { asStored } from '../lib/redact.ts';
import type { Suite } from '../suite/suite.ts';
import type { CaseRef } from './case.ts';
import { entriesOf } from './bind.ts';

/** Whether an assertion of a case compares with approved texts. */
export function asksForSnapshot(ref: CaseRef): boolean {
  return entriesOf(ref).some(({ kind }) => kinds[kind]?.comparesApproved);
}

/** Warns of approved texts that no case asks for any more: all but those of the cases `wanting` one. */
export function warnOfObsolete(
  { snapshots }: Suite,
  wanting: ReadonlySet<string>,
  cases: () => Iterable<string>,
  report: Report,
): void {
  if (!snapshots) return;
  // A case is stored under its id as files have it.
  const wanted = new Set(Array.from(wanting, asStored));
  const obsolete = [...snapshots].filter(([id]) => !wanted.has(id));
  if (obsolete.length === 0) return;
  const stored = new Set(Array.from(cases(), asStored));
  for (const [id, { place }] of obsolete) {
    report({
      severity: 'warning',
      code: 'obsolete-snapshot',
      message: stored.has(id)
        ? `the case ${JSON.stringify(id)} has no snapshot assertion`
        : `there is no case ${JSON.stringify(id)}, whose text was approved`,
      place,
      help: 'assay approve of a run of the whole suite removes it',
    });
  }
}
