/** docs/architecture.md is true: its rooms are the folders, its walls those that are checked, its files are there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const page = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8');
const rows = [...page.matchAll(/^\| `([\w./]+)` \| .* \| ([^|]*) \|$/gm)].map(([, room = '', may = '']) => ({
  room: room.replace(/\/$/, ''),
  may,
}));

test('each folder of src is a room', () => {
  const folders = readdirSync(path.join(root, 'src')).filter((name) => name !== 'generated');
  expect(rows.map(({ room }) => room).toSorted()).toEqual(folders.toSorted());
});

test('the files that it names are there', () => {
  const named = [...page.matchAll(/\b((?:\w[\w-]*\/)+[\w-]+\.(?:ts|md))\b/g)].map(([, file = '']) => file);
  expect(named.length).toBeGreaterThan(10);
  for (const file of named)
    expect(
      [path.join(root, 'src', file), path.join(root, file)].some((each) => existsSync(each)),
      file,
    ).toBe(true);
});

test('a room may import what the walls let it import', () => {
  const { forbidden } = createRequire(import.meta.url)(path.join(root, '.dependency-cruiser.cjs')) as {
    forbidden: { from: { path?: string }; to: { pathNot?: string | string[] } }[];
  };
  const openTo = new Map<string, string[]>();
  for (const { from, to } of forbidden) {
    const room = /^\^src\/([a-z]+)\/$/.exec(from.path ?? '')?.[1];
    if (room === undefined) continue;
    const others = [to.pathNot ?? []].flat().map((each) => each.replace(/^\^src\/|\/$/g, ''));
    openTo.set(room, others.filter((other) => other !== room && other !== 'generated').toSorted());
  }
  expect(openTo.size).toBeGreaterThan(10);
  const above: string[] = [];
  for (const { room, may } of rows) {
    const wall = openTo.get(room);
    const named =
      may === 'nothing of ours' ? [] : may.match(/\b[a-z]+\b/g)?.filter((word) => openTo.has(word));
    // What every room of the suite language stands on is named by where it stands: above.
    const told = may.startsWith('the above') ? above : (named ?? []);
    if (wall) expect(wall, room).toEqual(told.toSorted());
    above.push(room);
  }
});
