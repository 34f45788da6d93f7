/** The page in a real browser: hostile output stays text, the matrix leads to its cases, nothing overflows, all can read it. */
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assay } from '../e2e/assay.ts';
import { openBrowser, withoutBrowser } from './chromium.ts';

const hostile = path.join(import.meta.dirname, 'hostile');

describe.skipIf(withoutBrowser)('index.html', () => {
  const reports = mkdtempSync(path.join(os.tmpdir(), 'assay-page-'));
  let browser: Browser;
  let url = '';

  beforeAll(async () => {
    const ended = await assay([
      'run',
      hostile,
      '--emulator',
      '--script',
      path.join(hostile, 'emulator.yaml'),
      '--reports',
      reports,
    ]);
    expect(ended.code, ended.stderr).toBe(3);
    url = pathToFileURL(path.join(reports, 'index.html')).href;
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(reports, { recursive: true, force: true });
  });

  async function open(
    options: Parameters<Browser['newPage']>[0] = {},
  ): Promise<{ page: Page; problems: string[] }> {
    const page = await browser.newPage(options);
    page.setDefaultTimeout(10_000);
    const problems: string[] = [];
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('dialog', (dialog) => void dialog.dismiss());
    page.on('request', (request) => {
      if (request.url() !== url) problems.push(`request for ${request.url()}`);
    });
    await page.goto(url);
    const closed = page.locator('details:not([open]) > summary');
    while ((await closed.count()) > 0) await closed.first().click();
    return { page, problems };
  }

  test('shows text of models and suites without executing it', async () => {
    const { page, problems } = await open();
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    expect(await page.locator('script, img, svg, i, a[href^="javascript"]').count()).toBe(0);
    const text = (await page.locator('body').textContent()) ?? '';
    for (const words of [
      `<script>window.pwned = 'reply'</script><img src=x onerror=window.pwned=1>`,
      '</pre><script>window.pwned = "prompt"</script>',
      '</code><script>window.pwned = "expected"</script>',
      `<script>window.pwned = 'error'</script>`,
      '<svg onload="window.pwned=2">',
      'waits for ]]> & "more" <b>',
      '<b>would be</b>',
      '&amp;',
    ])
      expect(text).toContain(words);
    for (const character of ['\u0000', '\u001B', '\u202E']) expect(text).not.toContain(character);
    expect(problems).toEqual([]);
    await page.close();
  });

  test('the content security policy blocks an injected script', async () => {
    const { page } = await open();
    await page.evaluate(
      `document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.pwned=3">')`,
    );
    await page.evaluate(
      `{ const s = document.createElement('script'); s.textContent = 'window.pwned=4'; document.body.append(s); }`,
    );
    expect(await page.evaluate('window.pwned')).toBeUndefined();
    await page.close();
  });

  test('each cell of the matrix links to its case', async () => {
    const { page } = await open();
    const cells = await page.locator('table td a').all();
    expect(cells).toHaveLength(8);
    for (const cell of cells) {
      const [verdict, target] = [await cell.textContent(), (await cell.getAttribute('href')) ?? ''];
      const details = page.locator('details', { has: page.locator(target) });
      expect(await details.locator('summary b').first().textContent()).toBe(verdict);
    }
    const heads = await page.locator('table thead th').allTextContents();
    expect(heads).toEqual(['test', 'plain', 'warm']);
    const failing = page.locator('tbody tr', { hasText: '<i>co</i>' });
    expect(await failing.locator('td').allTextContents()).toEqual(['failed', 'failed']);
    await page.close();
  });

  test.for([
    [1280, 'light'],
    [1280, 'dark'],
    [360, 'light'],
    [360, 'dark'],
  ] as const)(
    '%i pixels wide, %s: nothing overflows, all words have contrast',
    async ([width, colorScheme]) => {
      const { page } = await open({ viewport: { width, height: 800 }, colorScheme });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      const ratios = await page.evaluate<{ ratio: number; words: string }[]>(contrasts);
      expect(ratios.length).toBeGreaterThan(20);
      // WCAG 2.2, 1.4.3: 4.5 to 1 for text of ordinary size.
      expect(ratios.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
      await page.close();
    },
  );

  test('failures come first and are open; a link opens a closed case', async () => {
    const page = await browser.newPage();
    await page.goto(url);
    const verdicts = await page.locator('details > summary > b').allTextContents();
    expect(verdicts).toEqual([
      'failed',
      'failed',
      'errored',
      'passed',
      'passed',
      'passed',
      'skipped',
      'skipped',
    ]);
    const opened = await page.locator('details[open] > summary > b').allTextContents();
    expect(opened).toEqual(['failed', 'failed', 'errored']);
    const listed = page.locator('section', { has: page.locator('#bad') }).locator('li');
    expect(await listed.locator('b').allTextContents()).toEqual(opened);
    await page.locator('table a', { hasText: 'passed' }).first().focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('details[open] > summary > b').count()).toBe(4);
    await page.close();
  });

  test.for(['light', 'dark'] as const)('axe finds no violations (%s)', async (colorScheme) => {
    // The page's own policy forbids scripts, axe's too.
    const { page } = await open({ colorScheme, bypassCSP: true });
    await page.evaluate(axe.source);
    const found = await page.evaluate<AxeResults>('axe.run()');
    const violations = found.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
    );
    expect(violations).toEqual([]);
    expect(found.passes.length).toBeGreaterThan(15);
    await page.close();
  });
});

/** In the page: the contrast of every element that holds words of its own with what is behind it (WCAG's relative luminance). */
const contrasts = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (color) => {
    const [r, g, b] = rgba(color).slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (rgba(color)[3] === 255) return color;
    }
    return 'Canvas';
  };
  const found = [];
  for (const element of document.body.querySelectorAll('*')) {
    const words = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim()).map((node) => node.data.trim()).join(' ');
    if (!words || element.getClientRects().length === 0) continue;
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort((x, y) => y - x);
    found.push({ ratio: (a + 0.05) / (b + 0.05), words: words.slice(0, 40) });
  }
  return found;
})()`;
