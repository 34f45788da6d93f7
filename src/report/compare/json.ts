import path from 'node:path';
import { redact } from '../../lib/redact.ts';
import type { ComparedCase, Comparison } from '../../compare/comparison.ts';
import type { Written } from '../../shape/written.ts';
import type { Reporter } from '../reporter.ts';
import { removeComparison } from '../stale.ts';
import { compareFormat, type WrittenComparedCase } from '../shapes/compare.ts';
import { writeWhole } from '../write.ts';
import { differenceInWords } from './words.ts';

const lines = (text: string): string[] => text.split('\n');

/** compare.json: a run beside its baseline. Without one, that of an earlier run goes: it says nothing of this one. */
export const compareJson: Reporter = ({ directory, comparison }) => ({
  onEnd: () =>
    comparison
      ? writeWhole(path.join(directory, 'compare.json'), comparisonPieces(comparison))
      : removeComparison(directory),
});

/** A comparison as JSON, piece by piece: keys in a fixed order, the worst case first. */
export function* comparisonPieces({
  before,
  after,
  counts,
  unaffected,
  worse,
  suites,
  warnings,
  cases,
}: Comparison): Generator<string> {
  const head = { schema: compareFormat, before, after, counts, unaffected, worse, suites, warnings };
  yield `${redact(JSON.stringify(head, null, 2)).slice(0, -2)},\n  "cases": [`;
  let first = true;
  for (const each of cases) {
    yield `${first ? '' : ','}\n    ${redact(JSON.stringify(written(each), null, 2)).replaceAll('\n', '\n    ')}`;
    first = false;
  }
  yield first ? ']\n}\n' : '\n  ]\n}\n';
}

function written({
  suite,
  id,
  class: kind,
  worse,
  changes,
  before,
  after,
  replyChanged,
  differences,
  failures,
  text,
}: ComparedCase): Written<WrittenComparedCase> {
  return {
    suite,
    id,
    class: kind,
    worse,
    changes,
    before,
    after,
    replyChanged,
    differences:
      differences.length > 0
        ? differences.map((each) => ({ ...each, message: differenceInWords(each) }))
        : undefined,
    failures: failures.length > 0 ? failures : undefined,
    text: text && { before: lines(text.before), after: lines(text.after), more: text.more },
  };
}
