/** Follows docs/tutorial.md and docs/recipes.md: writes their files, types their commands, looks for the output they show. */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from './assay.ts';
import { project, type Project } from './project.ts';

interface Block {
  readonly language: string;
  readonly attributes: string;
  readonly text: string;
}

/** The fenced blocks of a page, in order. */
function blocksOf(page: string): Block[] {
  const markdown = readFileSync(path.join(root, page), 'utf8');
  return [...markdown.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', attributes = '', text = '']) => ({ language, attributes, text }),
  );
}

/** What the replies of the recipes are: the emulator makes up the others. */
const script = `replies:
  - when: { prompt: { contains: two sentences } }
    reply: { text: It is cold. It snows. }
  - when: { prompt: { contains: parcel is late } }
    reply: { text: '{"reason": "The writer is angry.", "label": "complaint"}' }
  - when: { prompt: { contains: When do you open } }
    reply: { text: '{"reason": "It asks for a time.", "label": "question"}' }
`;

/** Does what a page says, block by block. */
async function follow(page: string, { folder, write, assay }: Project): Promise<void> {
  const blocks = blocksOf(page);
  expect(blocks.length).toBeGreaterThanOrEqual(10);
  let printed = '';
  for (const { language, attributes, text } of blocks) {
    const [, file] = /file=(\S+)/.exec(attributes) ?? [];
    if (file !== undefined) write(file, text);
    if (language === 'text') for (const line of text.trimEnd().split('\n')) expect(printed).toContain(line);
    if (language !== 'sh') continue;
    printed = '';
    const exit = Number(/exit=(\d)/.exec(attributes)?.[1] ?? 0);
    for (const line of text.trimEnd().split('\n')) {
      const [program, ...args] = line.split(' ');
      if (program === 'rm') rmSync(path.join(folder, args[0] ?? ''));
      // The package itself is tried by test/e2e/package.test.ts.
      if (program !== 'npx') continue;
      const ended = await assay(args.slice(1), { CI: '' });
      expect(ended.code, `${line}\n${ended.stderr}${ended.stdout}`).toBe(exit);
      printed += ended.stdout + ended.stderr;
    }
  }
}

test('every step of the tutorial does what the page shows', () =>
  project({}, (mine) => follow('docs/tutorial.md', mine)));

test('every recipe does what the page shows, and its suites pass', () =>
  project({ 'emulator.yaml': script }, async (mine) => {
    await follow('docs/recipes.md', mine);
    expect((await mine.assay('validate')).stderr).toBe('');
    expect(await mine.assay('run --emulator --script emulator.yaml')).toMatchObject({ code: 0, stderr: '' });
  }));
