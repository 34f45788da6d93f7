import { fileURLToPath } from 'node:url';

export default () => {
  throw new TypeError(`no such thing in ${fileURLToPath(import.meta.url)}`);
};
