/** True for what `--reporter` takes as the path of a module: `./mine.mjs`, `/a/mine.js`, `tools/mine.mjs`. */
export function isModulePath(name: string): boolean {
  return /[\\/]/.test(name) || /\.[cm]?js$/.test(name);
}
