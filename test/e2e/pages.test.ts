/** The commands of the pages about cost and recordings, in a copy of the example suites. */
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from './assay.ts';
import { project } from './project.ts';

/** The lines of a page's shell blocks, without `assay`. */
function commandsOf(page: string): string[] {
  const text = readFileSync(path.join(root, 'docs', page), 'utf8');
  return [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block = '']) =>
    block
      .trim()
      .split('\n')
      .map((line) => line.replace(/^assay /, '')),
  );
}

test.for<[string, number]>([
  ['cost.md', 2],
  ['recordings.md', 2],
])('%s', ([page, least]) =>
  project({}, async ({ folder, assay, read }) => {
    cpSync(path.join(root, 'suites'), path.join(folder, 'suites'), { recursive: true });
    const commands = commandsOf(page);
    expect(commands.length).toBeGreaterThanOrEqual(least);
    const written: string[] = [];
    for (const command of commands) {
      // Without a key the emulator replaces the API.
      const asks = command.includes('--count-tokens');
      const ended = await assay(asks ? `${command} --emulator` : command);
      expect(ended, `${command}\n${ended.stderr}`).toMatchObject({ code: 0 });
      if (existsSync(path.join(folder, 'reports/text.json'))) written.push(read('reports/text.json'));
    }
    expect(new Set(written).size).toBeLessThanOrEqual(1);
  }),
);
