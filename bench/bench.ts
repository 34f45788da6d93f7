/**
 * `npm run bench`: the speed table, each figure beside its bare counterpart in one run. `--quick` takes fewer runs and
 * leaves out what takes minutes (memory, quotas); `--only starts,live,memory,quota,install` picks parts.
 */
import { rmSync } from 'node:fs';
import os from 'node:os';
import { benchInstall } from './install.ts';
import { benchLive } from './live.ts';
import { benchMemory } from './memory.ts';
import { benchQuota } from './quota.ts';
import { benchStarts } from './starts.ts';
import { folder } from './stage.ts';
import { finish } from './table.ts';

const quick = process.argv.includes('--quick');
const at = process.argv.indexOf('--only');
const only = at < 0 ? undefined : process.argv[at + 1]?.split(',');

const parts: Record<string, () => Promise<void> | void> = {
  starts: () => benchStarts(quick ? 7 : 21),
  live: async () => {
    await benchLive(1000, 64, 0, quick ? 3 : 9, 2.5);
    await benchLive(10_000, 64, 0, quick ? 2 : 5, 4);
    await benchLive(1000, 50, 200, quick ? 2 : 5, 1.1);
  },
  memory: benchMemory,
  quota: async () => {
    await benchQuota(300, 40);
    await benchQuota(1200, 20);
    await benchQuota(3000, 20);
  },
  install: benchInstall,
};
const slow = ['memory', 'quota'];

try {
  for (const [name, part] of Object.entries(parts))
    if (only ? only.includes(name) : !(quick && slow.includes(name))) await part();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const { text, broken } = finish();
process.stdout.write(
  `${text}\nnode ${process.version}, ${os.cpus().length} cores; medians, pairs run in turn\n`,
);
// Bare Node 20 takes 20 to 100 ms for it, and so does Assay: the first two ratios are lower for it.
if (process.env['NODE_EXTRA_CA_CERTS'] !== undefined)
  process.stdout.write('NODE_EXTRA_CA_CERTS is set, and read at each start, also of bare node\n');
process.exitCode = broken ? 1 : 0;
