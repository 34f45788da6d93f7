/** What needs results or makes them: loaded together when first used, since checking and planning suites need none of it. */
export { approve } from './approve.ts';
export { compare } from './compare.ts';
export { judge } from './judge.ts';
export { merge } from './merge.ts';
export { report } from './report.ts';
export { run } from './run.ts';
