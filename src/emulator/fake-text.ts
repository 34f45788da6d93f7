/** Makes readable sentences from the words of a prompt. */
import { digest } from './random.ts';

const common = new Set(
  'the and for are was were not its has had you can how our out who why his her him she they them about above after again against because been being between both could does doing down during each from further have having here into itself just more most only other over same should some such than that their then there these this those through under until very what when where which while whom with would write tell give make your please story'.split(
    ' ',
  ),
);
const subjects = [
  'The story',
  'An old friend',
  'A neighbour',
  'Somebody nearby',
  'The youngest of them',
  'A stranger',
];
const actions = [
  'remembers it well',
  'asks for a little more',
  'finds a quiet way through',
  'counts the hours until evening',
  'keeps the best part for last',
  'laughs and goes on',
  'writes it all down',
];
const places = [
  'by the river',
  'in the next room',
  'on the long road',
  'under a wide sky',
  'at the end of the day',
];

/** The distinct words of a text that say what it is about, in their order. */
export function topicOf(text: string): string[] {
  // The start is enough of a long prompt.
  return [...new Set(text.slice(0, 20_000).match(/[\p{L}]{3,}/gu) ?? [])].filter(
    (word) => !common.has(word.toLowerCase()),
  );
}

/** A few sentences about a prompt; more where it asks for something long. */
export function fakeText(prompt: string, seed: string): string {
  const words = topicOf(prompt);
  const bytes = digest(prompt, seed);
  const topic = words.slice(0, 8).join(' ') || 'a quiet morning';
  const sentences = [`Here is an answer about ${topic}.`];
  const count = /\blong\b/i.test(prompt) ? 9 : 2 + ((bytes[0] ?? 0) % 2);
  for (let index = 1; index <= count; index++) {
    const choose = (list: readonly string[], offset: number): string =>
      list[(bytes[(index * 3 + offset) % 32] ?? 0) % list.length] ?? '';
    const word = words[index % Math.max(1, words.length)];
    sentences.push(
      `${choose(subjects, 0)} ${choose(actions, 1)} ${choose(places, 2)}${word === undefined ? '' : `, thinking of ${word}`}.`,
    );
  }
  return sentences.join(' ');
}
