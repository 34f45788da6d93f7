import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser for page tests: CHROME_PATH, else the first one on the PATH; undefined if there is none. */
const browserPath: string | undefined =
  process.env.CHROME_PATH ??
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find((file) => existsSync(file));

/** Page tests may be left out where no browser is found, saying so; never in CI. */
export const withoutBrowser = browserPath === undefined && process.env.CI !== 'true';
if (withoutBrowser)
  console.warn('no Chromium or Chrome found (CHROME_PATH names one): page tests are skipped');

/** Starts the browser without a window and without calls of its own. */
export function openBrowser(): Promise<Browser> {
  if (browserPath === undefined) throw new Error('no Chromium or Chrome found; CHROME_PATH names one');
  return chromium.launch({
    executablePath: browserPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
