export default ({ text }) => {
  const lines = text.split('\n').length;
  return lines === 2 || `expected 2 lines, received ${lines}`;
};
