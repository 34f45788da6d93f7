import { comparable } from '../../lib/comparable.ts';
import { editDistance, mostPairs } from '../../lib/edit-distance.ts';
import { asStored } from '../../lib/redact.ts';
import { number, object, optional } from '../../shape/shape.ts';
import { isAtLeast } from '../../lib/nearly-equal.ts';
import { cannotTell, compared, generating, unequal, verdict, withText } from '../evaluation.ts';
import type { Evaluation, Kind } from '../kind.ts';

interface Args {
  similarity?: number;
}

export const snapshot: Kind<Args> = {
  name: 'snapshot',
  doc: 'The answer text is equal or similar to a text that was approved for this case. `assay approve` stores these texts beside the suite.',
  shape: object({
    similarity: optional(
      number({
        min: 0,
        max: 1,
        template: true,
        doc: 'Required similarity, 0 to 1: 1 minus the edits of words divided by the words of the longer text. Default: the texts are equal.',
        example: 0.9,
      }),
    ),
  }),
  example: { similarity: 0.9 },
  fits: generating,
  limits: ({ similarity }) =>
    similarity === undefined
      ? []
      : [{ limits: { min: similarity }, pathTo: () => ['similarity'], most: 1, refused: true }],
  comparesApproved: true,
  topOnly: true,
  lastTurnOnly: true,
  label: ({ similarity }) => (similarity === undefined ? 'snapshot' : `snapshot: similarity ${similarity}`),
  compile:
    ({ similarity }) =>
    (subject) =>
      withText(subject, (actual) => {
        // Approved texts are stored line by line.
        const answer = actual.split('\n').map(asStored).join('\n');
        const approved = (subject.trial.approved ?? []).map(comparable);
        const [first] = approved;
        if (first === undefined) return cannotTell('no approved text yet: assay approve');
        if (approved.includes(answer)) return verdict(true, approvedMessage);
        if (similarity !== undefined) return compareWords(answer, approved, similarity);
        const which =
          approved.length === 1 ? 'the approved one' : `one of the ${approved.length} approved ones`;
        return unequal(`the text is not ${which}`, first, answer);
      }),
};

/** Said of each text that is an approved one; an approval writes the same into the baseline. */
export const approvedMessage = 'the text is approved';

/** Words: runs of letters, digits and marks; every other sign, and every one of a script that writes without spaces, by itself. */
const word =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}_]+|[^\s]/gu;
const wordsOf = (text: string): string[] => text.match(word) ?? [];

function compareWords(answer: string, approved: readonly string[], least: number): Evaluation {
  const words = wordsOf(answer);
  const wanted = approved.map((text) => ({ text, words: wordsOf(text) }));
  const total = wanted.reduce((sum, each) => sum + each.words.length, 0);
  if (words.length * total > mostPairs)
    return cannotTell(
      `too long to compare: ${words.length} words with ${total}, their product may be ${mostPairs} at most`,
    );
  const measured = wanted.map(({ text, words: theirs }) => {
    const longer = Math.max(words.length, theirs.length);
    return { text, similarity: longer === 0 ? 1 : 1 - editDistance(words, theirs) / longer };
  });
  const nearest = measured.reduce((best, each) => (each.similarity > best.similarity ? each : best));
  const received = Number(nearest.similarity.toFixed(4));
  return compared(
    isAtLeast(nearest.similarity, least),
    `expected a similarity of at least ${least} with an approved text, received ${received}`,
    `the similarity with an approved text is ${received}`,
    { expected: nearest.text, actual: answer },
  );
}
