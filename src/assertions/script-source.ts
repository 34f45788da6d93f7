/**
 * The program of a script's worker, as text: a bundle has no file of its own to start one from. What a script prints goes to
 * stderr, since stdout is for results (reading its stdout from outside would keep a finished run alive). It imports the module
 * it is textOf of and answers each message { id, text }, the JSON of { reply, given }, by { id, holds }, { id, message } or { id, problem }.
 */
export const workerSource = `
const { parentPort, workerData } = require('node:worker_threads');
process.stdout.write = process.stderr.write.bind(process.stderr);
const textOf = (error) => {
  try {
    return error instanceof Error ? error.name + ': ' + error.message : String(error);
  } catch {
    return 'something that has no text';
  }
};
const kindOf = (value) =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : value === undefined ? 'nothing'
    : typeof value === 'object' ? 'an object' : typeof value === 'string' ? 'an empty text'
    : typeof value === 'boolean' ? String(value) : 'a ' + typeof value;
const loaded = import(workerData.url).then(
  (module) => {
    const judge = typeof module.default === 'function' ? module.default : module.judge;
    return typeof judge === 'function'
      ? { judge }
      : { problem: 'has no function: it is the default export, or the export named judge' };
  },
  (error) => ({ problem: 'cannot be loaded: ' + textOf(error) }),
);
parentPort.on('message', async ({ id, text }) => {
  const { reply, given } = JSON.parse(text);
  const { judge, problem } = await loaded;
  if (problem) return parentPort.postMessage({ id, problem });
  try {
    const value = await judge(reply, given);
    parentPort.postMessage(
      value === true ? { id, holds: true }
        : typeof value === 'string' && value.trim() !== '' ? { id, message: value }
        : { id, problem: 'returned ' + kindOf(value) + ', expected true or a message that says what is wrong' },
    );
  } catch (error) {
    parentPort.postMessage({ id, problem: 'threw ' + textOf(error) });
  }
});
`;
