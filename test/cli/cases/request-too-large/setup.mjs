import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

for (const [name, size] of [
  ['small.png', 100],
  ['big.png', 45 * 1024 * 1024],
  ['large.png', 46 * 1024 * 1024],
]) {
  const file = openSync(name, 'w');
  writeSync(file, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  ftruncateSync(file, size);
  closeSync(file);
}
