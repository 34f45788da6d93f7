import type { Report } from '../diagnostics/diagnostic.ts';
import type { Suite } from '../suite/suite.ts';
import type { CaseRef } from './case.ts';
import { entriesOf } from './bind.ts';

/** Whether an assertion of a case compares with approved texts. */
export function asksForSnapshot(ref: CaseRef): boolean {
  return entriesOf(ref).some(({ kind }) => kind === 'snapshot');
}

/** Warns of approved texts that no case asks for any more: all but those `wanting` them. */
export function warnOfObsolete(
  suite: Suite,
  wanting: ReadonlySet<string>,
  exists: (id: string) => boolean,
  report: Report,
): void {
  for (const [id, { place }] of suite.snapshots ?? []) {
    if (wanting.has(id)) continue;
    report({
      severity: 'warning',
      code: 'obsolete-snapshot',
      message: exists(id)
        ? `the case ${JSON.stringify(id)} has no snapshot assertion`
        : `there is no case ${JSON.stringify(id)}, whose text was approved`,
      place,
      help: 'assay approve of a run of the whole suite removes it',
    });
  }
}
