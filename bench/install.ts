import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { folder, root } from './stage.ts';
import { row } from './table.ts';

/** What an install from the packed tarball brings. */
export function benchInstall(): void {
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (packed.status !== 0 || !tarball) throw new Error(`npm pack failed: ${packed.stderr}`);
  const target = path.join(folder, 'install');
  spawnSync('npm', ['install', '--prefix', target, '--no-audit', '--no-fund', path.join(folder, tarball)], {
    cwd: folder,
  });
  let bytes = 0;
  let packages = 0;
  for (const entry of readdirSync(path.join(target, 'node_modules'), {
    recursive: true,
    withFileTypes: true,
  })) {
    if (!entry.isFile()) continue;
    bytes += statSync(path.join(entry.parentPath, entry.name)).size;
    if (entry.name === 'package.json' && !entry.parentPath.includes(`${path.sep}dist`)) packages++;
  }
  row('an install brings', `${packages} packages`, '', bytes / 1e6, 15, ' MB');
  row('… packages', '', '', packages, 25, '');
}
