import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { prepareFolder } from '../../src/engine/prepare-folder.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'assay-prepare-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(process.platform !== 'linux')('a full disk leaves nothing of the attempt to write', () => {
  // Whatever is written there, Linux takes for written to a full disk.
  symlinkSync('/dev/full', path.join(folder, `.assay-${process.pid}`));
  expect(() => prepareFolder(folder, 'reports')).toThrow(
    'the report folder reports is not writable: the disk is full (ENOSPC)',
  );
  expect(readdirSync(folder)).toEqual([]);
});
