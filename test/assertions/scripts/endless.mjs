export default () => {
  while (true) {
    // Never done.
  }
};
