/** A comparison in every report: valid by its schema, within size limits, and with model text escaped. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import * as fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { expect, test } from 'vitest';
import { classify } from '../../src/compare/classify.ts';
import { noCounts, noneAffected, type ComparedCase, type Comparison } from '../../src/compare/comparison.ts';
import type { CaseRecord } from '../../src/judge/case-record.ts';
import { comparisonPieces } from '../../src/report/compare/json.ts';
import { comparisonMarkdown } from '../../src/report/compare/markdown.ts';
import { renderComparison } from '../../src/report/compare/terminal.ts';
import { html } from '../../src/report/html/page.ts';
import { caseOf } from '../compare/stored.ts';
import { problemsBySchema } from '../e2e/check-reports.ts';
import { writeFiles } from '../suites.ts';
import { openBrowser, withoutBrowser } from './chromium.ts';
import { caseOf as judgedCase, makeReport, markdownOf, resultsOf, suiteOf } from './fake.ts';

function comparisonOf(cases: readonly ComparedCase[]): Comparison {
  const counts = noCounts();
  for (const each of cases) counts[each.class]++;
  return {
    before: 'baselines',
    after: 'reports',
    suites: [{ suite: 's', baseline: true, counts }],
    counts,
    unaffected: { ...noneAffected(), prompt: 2, assertions: 1 },
    worse: cases.filter(({ worse }) => worse).length,
    cases,
    warnings: [{ code: 'moving-alias', message: 'x-latest moves', help: 'name a version' }],
  };
}

const verdicts = ['passed', 'failed', 'errored', 'skipped', 'inconclusive'] as const;
const sides: (CaseRecord | undefined)[] = [undefined, ...verdicts.map((verdict) => caseOf(verdict))];
const everyPair = comparisonOf(
  sides.flatMap((before) =>
    sides.flatMap((after) =>
      before || after ? [classify('s', before, after && { ...after, model: 'n' })] : [],
    ),
  ),
);

test('compare.json fits its schema for every pair of verdicts', () => {
  expect(everyPair.cases).toHaveLength(35);
  expect(problemsBySchema('compare', JSON.parse([...comparisonPieces(everyPair)].join('')))).toEqual([]);
  expect(problemsBySchema('compare', JSON.parse([...comparisonPieces(comparisonOf([]))].join('')))).toEqual(
    [],
  );
  // The schema is strict enough to detect an error.
  const invalid = [...comparisonPieces(everyPair)]
    .join('')
    .replace('"class": "regressed"', '"class": "regresed"');
  expect(problemsBySchema('compare', JSON.parse(invalid))).not.toEqual([]);
});

const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom(
        '\u001B[2J',
        '\u202E',
        '\r',
        '\n',
        '::error::x',
        '```',
        '`',
        '</pre>',
        '<img src=x onerror=pwned()>',
        '@team',
        '|',
        '\u0000',
        '{+',
        '-]',
      ),
    ),
  )
  .map((parts) => parts.join(''));

function hostileCase(before: string, after: string): ComparedCase {
  const wild = {
    ...caseOf('failed', { id: after, model: after }),
    trials: [
      {
        verdict: 'failed' as const,
        outcome: 'answered' as const,
        modelVersion: after,
        candidates: [{ text: after.split('\n') }],
        assertions: [
          { assertion: after, kind: 'contains', verdict: 'failed' as const, message: after, source: after },
        ],
      },
    ],
  };
  return classify(before, caseOf('passed', { texts: [before] }), wild);
}

test('text cannot control a terminal or fake a line', () =>
  fc.assert(
    fc.property(hostile, hostile, (before, after) => {
      const output = renderComparison(comparisonOf([hostileCase(before, after)]), { color: false });
      // oxlint-disable-next-line no-control-regex -- just these would steer
      expect(output).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/);
      const [title, failure, ...rest] = output.split('\n');
      expect(title).toMatch(/^REGRESSED /);
      expect(failure).toMatch(/^ {2}--> /);
      expect(rest.length).toBeLessThanOrEqual(3);
    }),
  ));

test('escapes Markdown in text; a diff line is no GitHub Actions command', () =>
  fc.assert(
    fc.property(hostile, hostile, (before, after) => {
      const output = comparisonMarkdown(comparisonOf([hostileCase(before, after)]));
      const rendered = micromark(output, {
        allowDangerousHtml: true,
        extensions: [gfm()],
        htmlExtensions: [gfmHtml()],
      });
      const elements = new Set([...rendered.matchAll(/<(\w+)/g)].map(([, name]) => name));
      for (const name of elements) expect(['h1', 'h2', 'h3', 'p', 'code', 'pre', 'ul', 'li']).toContain(name);
      expect(output).not.toMatch(/^\s*::/m);
    }),
  ));

const many = comparisonOf(
  Array.from({ length: 5000 }, (_, index) => ({
    ...classify(
      's',
      caseOf('passed', { texts: [`one ${'x'.repeat(900)}`] }),
      caseOf('failed', { texts: [`two ${'y'.repeat(900)}`] }),
    ),
    id: `case ${index} ${'z'.repeat(300)}`,
  })),
);

test('Markdown stays within the size of a comment and counts the rest', async () => {
  const results = resultsOf(suiteOf('s', () => [judgedCase('a', 'passed')]));
  for (const output of [comparisonMarkdown(many), await markdownOf(results, 65_536, many)]) {
    expect(Buffer.byteLength(output)).toBeLessThanOrEqual(65_536);
    const shown = output.match(/^### regressed/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(10);
    expect(output).toContain(`\n+${5000 - shown} more\n`);
  }
  expect(renderComparison(many, { color: false })).toContain('\n+4960 more\n');
});

test('summary.md has a comparison only if one was made', async () => {
  const results = resultsOf(suiteOf('s', () => [judgedCase('a', 'passed')]));
  expect(await markdownOf(results, 65_536)).not.toContain('Compared');
  expect(await markdownOf(results, 65_536, comparisonOf([]))).toContain(
    '## Compared with what was approved: no cases',
  );
});

test('colours mark removed and added words', () => {
  const output = renderComparison(comparisonOf([hostileCase('a lamp', 'a lantern')]), { color: true });
  expect(output).toContain('\u001B[31m[-lamp-]\u001B[39m\u001B[32m{+lantern+}\u001B[39m');
});

test.skipIf(withoutBrowser)('the page shows it, inert and readable', async () => {
  const folder = writeFiles({});
  const bad = '<img src=x onerror="window.pwned=1"></pre><script>window.pwned=2</script>\u202E';
  const comparison = comparisonOf([...everyPair.cases, hostileCase(`a ${bad}`, `b ${bad}`)]);
  const results = resultsOf(suiteOf('s', () => [judgedCase('a', 'failed')]));
  await makeReport(html, results, folder, { comparison });
  const browser = await openBrowser();
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({
        colorScheme,
        bypassCSP: true,
        viewport: { width: 400, height: 800 },
      });
      await page.goto(pathToFileURL(path.join(folder, 'index.html')).href);
      const section = page.locator('section', { has: page.locator('#compared') });
      expect(await section.locator('li').count()).toBe(36);
      expect(await section.locator('img, script, a').count()).toBe(0);
      expect(await section.locator('del, ins').first().textContent()).toContain('a');
      expect(await page.evaluate('window.pwned')).toBeUndefined();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(400);
      await page.evaluate(axe.source);
      const found = await page.evaluate<AxeResults>('axe.run()');
      expect(
        found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`),
      ).toEqual([]);
      await page.close();
    }
  } finally {
    await browser.close();
  }
  const without = writeFiles({});
  await makeReport(html, results, without);
  expect(readFileSync(path.join(without, 'index.html'), 'utf8')).not.toContain('id="compared"');
});
