import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';

/** The folder above which a suite's references may not lead: the git root; else the working directory if the suite is in it; else the suite's folder. */
export function rootOf(suitePath: string, cwd: string): string {
  const folder = realpathSync(path.dirname(suitePath));
  for (let at = folder; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, '.git'))) return at;
    if (path.dirname(at) === at) break;
  }
  const working = realpathSync(cwd);
  return isInside(working, folder) ? working : folder;
}

/** Whether a path lies in a folder, or is it. */
export function isInside(folder: string, inner: string): boolean {
  const relative = path.relative(folder, inner);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
