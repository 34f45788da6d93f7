/** docs/architecture.md is true: its folders and files exist, and its import rules are those that are checked. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const page = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8');
const rows = [...page.matchAll(/^\| `([\w./]+)` \| .* \| ([^|]*) \|$/gm)].map(
  ([, folder = '', may = '']) => ({
    folder: folder.replace(/\/$/, ''),
    may,
  }),
);

test('the table has every folder of src', () => {
  const folders = readdirSync(path.join(root, 'src')).filter((name) => name !== 'generated');
  expect(rows.map(({ folder }) => folder).toSorted()).toEqual(folders.toSorted());
});

test('every named file exists', () => {
  const named = [...page.matchAll(/\b((?:\w[\w-]*\/)+[\w-]+\.(?:ts|md))\b/g)].map(([, file = '']) => file);
  expect(named.length).toBeGreaterThan(10);
  for (const file of named)
    expect(
      [path.join(root, 'src', file), path.join(root, file)].some((each) => existsSync(each)),
      file,
    ).toBe(true);
});

test('its import rules equal the checked rules', () => {
  const { forbidden } = createRequire(import.meta.url)(path.join(root, '.dependency-cruiser.cjs')) as {
    forbidden: { from: { path?: string }; to: { pathNot?: string | string[] } }[];
  };
  const openTo = new Map<string, string[]>();
  for (const { from, to } of forbidden) {
    const folder = /^\^src\/([a-z]+)\/$/.exec(from.path ?? '')?.[1];
    if (folder === undefined) continue;
    const others = [to.pathNot ?? []].flat().map((each) => each.replace(/^\^src\/|\/$/g, ''));
    openTo.set(folder, others.filter((other) => other !== folder && other !== 'generated').toSorted());
  }
  expect(openTo.size).toBeGreaterThan(10);
  const above: string[] = [];
  for (const { folder, may } of rows) {
    const allowed = openTo.get(folder);
    const named =
      may === 'nothing of ours' ? [] : may.match(/\b[a-z]+\b/g)?.filter((word) => openTo.has(word));
    // "the above" means all earlier rows.
    const written = may.startsWith('the above') ? above : (named ?? []);
    if (allowed) expect(allowed, folder).toEqual(written.toSorted());
    above.push(folder);
  }
});
