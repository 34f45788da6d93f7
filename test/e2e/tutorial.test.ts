/** Runs docs/tutorial.md: writes its files, types its commands, and looks for the output that it shows. */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from './assay.ts';
import { project } from './project.ts';

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

test('every step of the tutorial does what the page shows', () =>
  project({}, async ({ folder, write, assay }) => {
    const blocks = blocksOf('docs/tutorial.md');
    expect(blocks.length).toBeGreaterThan(15);
    let printed = '';
    for (const { language, attributes, text } of blocks) {
      const [, file] = /file=(\S+)/.exec(attributes) ?? [];
      if (file !== undefined) write(file, text);
      else if (language === 'text') {
        for (const line of text.trimEnd().split('\n')) expect(printed).toContain(line);
      } else {
        printed = '';
        const exit = Number(/exit=(\d)/.exec(attributes)?.[1] ?? 0);
        for (const line of text.trimEnd().split('\n')) {
          const [program, ...args] = line.split(' ');
          if (program === 'rm') rmSync(path.join(folder, args[0] ?? ''));
          // The package itself is tried by test/e2e/package.test.ts.
          if (program !== 'npx') continue;
          const ended = await assay(args.slice(1));
          expect(ended.code, `${line}\n${ended.stderr}`).toBe(exit);
          printed += ended.stdout + ended.stderr;
        }
      }
    }
  }));
