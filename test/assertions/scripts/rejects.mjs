// oxlint-disable-next-line typescript/prefer-promise-reject-errors -- just that is tried
export default () => Promise.reject('a plain text');
