import { comparable } from '../lib/comparable.ts';
import { differing, without } from './answers.ts';
import { facets, type Difference, type Facet } from './comparison.ts';
import type { TurnResult, CaseRecord, PartResult, Safety, TrialResult } from '../judge/case-record.ts';

/** Items of a difference, and characters of each, that are kept. */
const mostItems = 20;
const mostCharacters = 500;

/** A facet of what one turn or candidate came to: a list of short texts, of which each is compared. */
type Reader = (answer: Answer) => readonly string[];
type Answer = { readonly [K in keyof TurnResult]?: TurnResult[K] | undefined };

const readers: Readonly<Record<Exclude<Facet, 'warnings'>, Reader>> = {
  outcome: ({ outcome }) => present(outcome),
  blockReason: ({ blockReason }) => present(blockReason),
  finishReason: ({ finishReason, finishMessage }) =>
    present([finishReason, finishMessage].filter((each) => each !== undefined).join(': ')),
  media: (answer) =>
    partsOf(answer, ({ sha256, mimeType, bytes, uri }) => {
      if (sha256 !== undefined && bytes !== undefined)
        return `${mimeType ?? 'media'}, ${bytes} bytes, sha256:${sha256}`;
      return uri === undefined ? undefined : `${mimeType ?? 'file'}, ${uri}`;
    }),
  code: (answer) =>
    partsOf(answer, ({ language, code }) => code && `${language ?? 'code'}: ${code.join('\n')}`),
  codeResult: (answer) =>
    partsOf(answer, ({ outcome, output }) => output && `${outcome ?? 'no outcome'}: ${output.join('\n')}`),
  otherParts: (answer) =>
    partsOf(answer, ({ part }) => (part === undefined ? undefined : JSON.stringify(part))),
  citations: ({ citations = [] }) =>
    citations.map(({ uri, title, license, startIndex, endIndex }) => {
      const span =
        startIndex === undefined && endIndex === undefined ? [] : [`${startIndex ?? 0}–${endIndex ?? ''}`];
      return [uri ?? title ?? 'no address', ...(license === undefined ? [] : [license]), ...span].join(', ');
    }),
  grounding: ({ grounding }) => [
    ...(grounding?.queries ?? []).map((query) => `query: ${query}`),
    ...(grounding?.uris ?? []),
  ],
  safety: ({ safety = [] }) => safety.map(ratingInWords),
  thoughts: ({ thoughts }) => present(thoughts?.join('\n')),
};

/** Facets that results of version 1 have too, except for the earlier turns of a conversation. */
const inVersion1: ReadonlySet<Facet> = new Set([
  'outcome',
  'blockReason',
  'finishReason',
  'safety',
  'thoughts',
  'warnings',
]);

/**
 * What of the replies of a case differs beside their text, and which warnings do. Where one side is of version 1
 * (`older`), only what both have is compared.
 */
export function differencesOf(before: CaseRecord, after: CaseRecord, older: boolean): Difference[] {
  const same = JSON.stringify(before.trials.map(repliesOf)) === JSON.stringify(after.trials.map(repliesOf));
  return facets.flatMap((what) => {
    if ((older && !inVersion1.has(what)) || (same && what !== 'warnings')) return [];
    const found =
      what === 'warnings' ? warningsApart(before, after) : repliesApart(readers[what], before, after, older);
    if (!found) return [];
    const [was, now] = found;
    return [{ what, before: kept(without(was, now)), after: kept(without(now, was)) }];
  });
}

type Apart = readonly [before: readonly string[], after: readonly string[]] | undefined;

function warningsApart({ warnings: was = [] }: CaseRecord, { warnings: now = [] }: CaseRecord): Apart {
  return was.join('\n') === now.join('\n') ? undefined : [was, now];
}

/** A facet of the first trials that differ in it. */
function repliesApart(reader: Reader, before: CaseRecord, after: CaseRecord, older: boolean): Apart {
  const side = ({ trials }: CaseRecord): string[] =>
    trials.map((trial) => JSON.stringify(itemsOf(reader, trial, older)));
  const found = differing({
    before: side(before),
    after: side(after),
    trials: [before.trials.length, after.trials.length],
  });
  const items = (text: string): string[] => (text === '' ? [] : (JSON.parse(text) as string[]));
  return found && [items(found.before), items(found.after)];
}

/** A facet of all that came back in a trial; what is of an earlier turn, or of one of several candidates, says so. */
function itemsOf(reader: Reader, trial: TrialResult, older: boolean): string[] {
  const { outcome, blockReason, promptSafety, turns = [], candidates } = trial;
  const named = (answer: Answer, which: string): string[] =>
    reader(answer).map((item) => which + comparable(item));
  return [
    ...(older ? [] : turns.slice(0, -1)).flatMap((turn, index) => named(turn, `turn ${index + 1}: `)),
    ...named({ outcome, blockReason }, ''),
    ...named({ safety: promptSafety ?? [] }, 'prompt: '),
    ...candidates.flatMap((candidate, index) =>
      named(candidate, candidates.length > 1 ? `candidate ${index}: ` : ''),
    ),
  ];
}

const repliesOf = ({ outcome, blockReason, promptSafety, turns, candidates }: TrialResult) => [
  outcome,
  blockReason,
  promptSafety,
  turns,
  candidates,
];

const present = (text: string | undefined): string[] => (text === undefined || text === '' ? [] : [text]);

function partsOf({ parts = [] }: Answer, words: (part: PartResult) => string | undefined): string[] {
  return parts.flatMap((part) => words(part) ?? []);
}

function ratingInWords({ category, probability, blocked }: Safety): string {
  return `${category ?? 'no category'} ${probability ?? 'no probability'}${blocked ? ' (blocked)' : ''}`;
}

function kept(items: readonly string[]): string[] {
  return items
    .slice(0, mostItems)
    .map((item) => (item.length > mostCharacters ? `${item.slice(0, mostCharacters)}…` : item));
}
