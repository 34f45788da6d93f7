export default () => {
  const eaten = [];
  // oxlint-disable-next-line unicorn/no-new-array -- the quickest way to a full heap
  while (true) eaten.push(new Array(1_000_000).fill(eaten.length + 0.5));
};
