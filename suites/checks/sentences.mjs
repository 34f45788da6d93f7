/**
 * A check of one's own: at most so many sentences, and the word if one is given.
 * The first argument is the reply as plain data, the second what the suite says under `with`.
 */
export default ({ text }, { most, word }) => {
  const sentences = [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text)];
  if (sentences.length > most) return `expected at most ${most} sentences, received ${sentences.length}`;
  return word === undefined || text.toLowerCase().includes(word.toLowerCase()) || `no ${word} in it`;
};
