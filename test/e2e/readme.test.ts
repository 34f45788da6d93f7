/** What the README says, tried. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from './assay.ts';
import { project } from './project.ts';

const readme = readFileSync(path.join(root, 'README.md'), 'utf8');

test('its example suite is valid without a warning, and runs', () =>
  project(
    { 'suites/a.suite.yaml': /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '' },
    async ({ assay, results }) => {
      expect(await assay('validate')).toMatchObject({ code: 0, stderr: '' });
      const { code, stderr } = await assay('run --emulator');
      expect([0, 1], stderr).toContain(code);
      expect(results('magic-backpack').summary).toMatchObject({ errored: 0, cases: 8 });
    },
  ));

test('its script and its prices are taken', () => {
  const [, script = ''] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
  const [, assert = ''] = /```yaml\n(assert:\n {2}- script[\s\S]*?)```/.exec(readme) ?? [];
  const [, prices = ''] = /```yaml\n(prices:[\s\S]*?)```/.exec(readme) ?? [];
  const suite = `suite: a\nmodel: gemini-3.8-flash\nvars: { rhyme: a boat }\nprompts: { p: 'Say {{rhyme}}.' }\n`;
  return project(
    { 'a.suite.yaml': `${suite}${prices}${assert}`, 'checks/rhymes.mjs': script },
    async ({ assay, read }) => {
      const ended = await assay('run a.suite.yaml --emulator');
      expect([0, 1], ended.stderr).toContain(ended.code);
      expect(read('reports/a.json')).toMatch(/does not end in a boat|checks\/rhymes\.mjs returned true/);
    },
  );
});

test('every command of its table is one', () =>
  project({}, async ({ assay }) => {
    const { stdout } = await assay('--help');
    const named = [...readme.matchAll(/^\| `assay (\w+)/gm)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThanOrEqual(7);
    for (const name of named) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  }));

test('the files it names are there', () => {
  for (const [, file = ''] of readme.matchAll(/`((?:docs|schemas|suites|reports\/sample)\/[\w./-]*)`/g))
    expect(() => readFileSync(path.join(root, file), { flag: 'r' }), file).not.toThrow(/ENOENT/);
});
