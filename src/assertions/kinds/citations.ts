import { plural } from '../../lib/words.ts';
import { bounds, boundsOf, within, type Bounds } from '../bounds.ts';
import { cannotTell, compared, generating, isWhole, outcomeOf } from '../evaluation.ts';
import type { Kind } from '../kind.ts';
import { limitsAt } from '../limits.ts';

export const citations: Kind<Bounds> = {
  name: 'citations',
  doc: 'The number of sources in the candidate’s citationMetadata; 0 if it has none.',
  shape: bounds({ example: { max: 0 } }),
  example: { max: 0 },
  fits: generating,
  limits: (args) => limitsAt(args, [], { whole: true }),
  compile: (args) => (subject) => {
    const { candidate } = subject;
    // The API leaves out what is empty, so an answer without the field cites nothing; without an answer nobody knows.
    const cited = candidate?.citations ?? (isWhole(subject) ? [] : undefined);
    if (cited === undefined) return cannotTell(`no answer that could cite: ${outcomeOf(subject)}`);
    const named = cited.map(({ uri }) => (typeof uri === 'string' ? uri : 'a source without a uri'));
    return compared(
      within(cited.length, args),
      `expected ${boundsOf(args, 'citation')}, received ${cited.length}`,
      `received ${plural(cited.length, 'citation')}`,
      named.length > 0 ? { actual: named.join('\n') } : {},
    );
  },
};
