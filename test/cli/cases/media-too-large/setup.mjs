import { openSync, ftruncateSync, closeSync, writeSync } from 'node:fs';

const file = openSync('big.png', 'w');
writeSync(file, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
ftruncateSync(file, 101 * 1024 * 1024);
closeSync(file);
