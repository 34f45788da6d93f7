import { parentPort } from 'node:worker_threads';

export default () => {
  parentPort.postMessage(null);
  parentPort.postMessage('hello');
  parentPort.postMessage({ id: -1, holds: true });
  return 'the true answer';
};
