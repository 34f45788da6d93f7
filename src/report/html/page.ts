import { createHash } from 'node:crypto';
import path from 'node:path';
import type { CaseResult, Results, SuiteResults } from '../../judge/results.ts';
import type { Reporter } from '../reporter.ts';
import { writeWhole } from '../write.ts';
import { caseHtml } from './case.ts';
import { escapeHtml } from './escape.ts';
import { style } from './style.ts';

/** index.html: one file, no script, a policy that allows nothing but its own style. */
export const html: Reporter = async (results, directory) => {
  const file = path.join(directory, 'index.html');
  await writeWhole(file, pieces(results));
  return [file];
};

async function* pieces(results: Results): AsyncGenerator<string> {
  const { run, suites } = results;
  const hash = createHash('sha256').update(style).digest('base64');
  yield `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Assay report</title><style>${style}</style></head>
<body><header><h1>Assay report</h1><p class="dim">${escapeHtml(`${run.startedAt} · ${(run.durationMs / 1000).toFixed(1)} s · ${run.emulator ? 'emulator' : run.endpoint} · ${run.ended}`)}</p>${tiles(results)}</header><main>\n`;
  for (const [index, suite] of suites.entries()) yield* suitePieces(suite, index);
  yield '</main></body></html>\n';
}

function tiles({ suites }: Results): string {
  const sum = (key: keyof SuiteResults['summary']): number =>
    suites.reduce((total, { summary }) => total + summary[key], 0);
  const keys = ['cases', 'passed', 'failed', 'errored', 'skipped', 'warnings'] as const;
  return `<ul class="tiles">${keys.map((key) => `<li><b class="${key}">${sum(key)}</b> ${key}</li>`).join('')}</ul>`;
}

async function* suitePieces(
  { suite, description, path: source, cases }: SuiteResults,
  number: number,
): AsyncGenerator<string> {
  yield `<section><h2>${escapeHtml(suite)}</h2><p class="dim">${escapeHtml([description, source].filter((part) => part !== undefined).join(' · '))}</p>\n`;
  yield* matrix(cases(), number);
  let index = 0;
  for await (const each of cases()) yield caseHtml(each, anchorOf(number, index++));
  yield '</section>\n';
}

const anchorOf = (suite: number, index: number): string => `case-${suite}-${index}`;

/** Tests, rows and prompts down; configs and models across; each cell leads to its case. */
async function* matrix(cases: AsyncIterable<CaseResult>, number: number): AsyncGenerator<string> {
  const columns = new Set<string>();
  const rows = new Map<string, Map<string, string>>();
  let index = 0;
  for await (const each of cases) {
    const column = [each.config, each.model].filter((part) => part !== undefined).join(' / ');
    const name = [each.test, each.row, each.prompt].filter((part) => part !== undefined).join(' / ');
    columns.add(column);
    const row = rows.get(name) ?? new Map<string, string>();
    row.set(column, `<a class="${each.verdict}" href="#${anchorOf(number, index++)}">${each.verdict}</a>`);
    rows.set(name, row);
  }
  yield `<div class="scroll"><table><thead><tr><th scope="col">test</th>${[...columns].map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('')}</tr></thead><tbody>\n`;
  for (const [name, row] of rows) {
    yield `<tr><th scope="row">${escapeHtml(name)}</th>${[...columns].map((column) => `<td>${row.get(column) ?? ''}</td>`).join('')}</tr>\n`;
  }
  yield '</tbody></table></div>\n';
}
