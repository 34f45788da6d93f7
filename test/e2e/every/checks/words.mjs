/** At most so many words, ten unless told otherwise. */
export default ({ text }, { most = 10 }) => {
  const words = text.split(/\s+/).length;
  return words <= most || `expected at most ${most} words, received ${words}`;
};
