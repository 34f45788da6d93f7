import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly repository?: string | { readonly url: string };
}

/** For a package that names its licence but ships no text: the licence's own words (https://opensource.org/license/isc-license-txt). */
const standard: Readonly<Record<string, string>> = {
  ISC: `Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.`,
};

/** The licences of packages, each with its text; throws for a package that has none. */
export async function tellLicences(folders: readonly string[]): Promise<string> {
  const notices = await Promise.all(folders.map(noticeOf));
  return `Packages bundled in Assay, with their licences.\n\n${notices.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

async function noticeOf(folder: string): Promise<string> {
  const { name, version, license, repository } = JSON.parse(
    await readFile(path.join(folder, 'package.json'), 'utf8'),
  ) as Manifest;
  const files = (await readdir(folder))
    .filter((entry) => /^(licen[cs]e|copying|notice)/i.test(entry))
    .toSorted();
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  const home = typeof repository === 'object' ? repository.url : repository;
  const own = standard[license ?? ''];
  if (texts.length === 0 && own !== undefined)
    texts.push(`Copyright (c) the authors of ${name}${home === undefined ? '' : `, ${home}`}\n\n${own}`);
  if (texts.length === 0) throw new Error(`${name} is bundled but ships no licence`);
  return `${name} ${version} (${license ?? 'see below'})\n\n${texts.map((text) => text.trim()).join('\n\n')}\n`;
}
