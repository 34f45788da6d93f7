/** With a baseline every report puts what got worse first, and is green where the exit code is: known failures make nothing red. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { classify } from '../../src/compare/classify.ts';
import { noCounts, noneAffected, type Comparison } from '../../src/compare/comparison.ts';
import type { CaseRecord } from '../../src/judge/case-record.ts';
import { exitCodeOf } from '../../src/judge/exit.ts';
import type { JudgedCase, Verdict } from '../../src/judge/results.ts';
import { ctrf } from '../../src/report/ctrf.ts';
import { github } from '../../src/report/github/github.ts';
import { html } from '../../src/report/html/page.ts';
import { junit } from '../../src/report/junit.ts';
import { caseOf as storedCase } from '../compare/stored.ts';
import { problemsInCtrf, problemsInJunit } from '../e2e/check-reports.ts';
import { writeFiles } from '../suites.ts';
import {
  assertion,
  caseOf,
  makeReport,
  markdownOf,
  place,
  resultsOf,
  suiteOf,
  summaryOf,
  trial,
} from './fake.ts';

/** The approved verdict (if there is one) and the verdict now, by id. */
type Cases = Record<string, readonly [before: Verdict | undefined, now: Verdict]>;

function failing(id: string, line: number): JudgedCase {
  const assertions = [assertion({ place: place(line), message: `${id} <b>misses</b>` })];
  return caseOf(id, 'failed', { trials: [trial({ verdict: 'failed', assertions })] });
}

async function everyReport(cases: Cases) {
  const now = Object.entries(cases).map(([id, [, verdict]], index) =>
    verdict === 'failed' ? failing(id, index + 10) : caseOf(id, verdict),
  );
  const counts = noCounts();
  const compared = Object.entries(cases).map(([id, [before, after]]) => {
    const stored = (verdict: Verdict): CaseRecord => storedCase(verdict, { id });
    const each = classify('a', before === undefined ? undefined : stored(before), stored(after));
    counts[each.class]++;
    return each;
  });
  const comparison: Comparison = {
    before: 'baselines',
    after: 'reports',
    suites: [{ suite: 'a', baseline: true, counts }],
    counts,
    unaffected: noneAffected(),
    worse: compared.filter(({ worse }) => worse).length,
    cases: compared.filter(({ class: kind }) => kind !== 'unchanged'),
    warnings: [],
  };
  const results = resultsOf(suiteOf('a', () => now));
  const folder = writeFiles({});
  let printed = '';
  const out = { write: (text: string) => (printed += text) };
  for (const reporter of [junit, ctrf, github, html])
    await makeReport(reporter, results, folder, { out, comparison });
  const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  return {
    code: exitCodeOf(results, comparison.worse),
    xml: read('junit.xml'),
    ctrf: JSON.parse(read('ctrf.json')) as {
      results: {
        summary: Record<string, number>;
        tests: { name: string; status: string; rawStatus: string; message?: string }[];
      };
    },
    page: read('index.html'),
    markdown: await markdownOf(results, 65_536, comparison),
    annotations: printed
      .split('\n')
      .flatMap((line) => /^::(\w+) .*title=([^:]*)::/.exec(line)?.slice(1).join(' ') ?? []),
    terminal: await summaryOf(results, { color: false }, comparison),
  };
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  isArray: (name) => name === 'testcase',
});
interface Parsed {
  testsuites: {
    '@failures': string;
    '@errors': string;
    testsuite: { '@failures': string; '@skipped': string; testcase: Record<string, unknown>[] };
  };
}

test('a run without new failures is green in every report and lists known failures', async () => {
  const cases: Cases = {
    known: ['failed', 'failed'],
    fine: ['passed', 'passed'],
    left: ['passed', 'skipped'],
  };
  const { code, xml, ctrf: tests, annotations, markdown, page, terminal } = await everyReport(cases);
  expect(code).toBe(0);
  expect(await problemsInJunit(xml)).toEqual([]);
  const { testsuites } = parser.parse(xml) as Parsed;
  expect(testsuites).toMatchObject({
    '@failures': '0',
    '@errors': '0',
    testsuite: { '@failures': '0', '@skipped': '2' },
  });
  expect(xml).not.toMatch(/<failure|<error/);
  expect(testsuites.testsuite.testcase[0]).toMatchObject({
    '@name': 'known',
    '@status': 'skipped',
    skipped:
      'known failure: it failed in the baseline too\nsuites/a.suite.yaml:10:1: contains: x: known <b>misses</b>',
  });
  expect(problemsInCtrf(tests)).toEqual([]);
  expect(tests.results.summary).toMatchObject({ passed: 1, failed: 0, other: 0, skipped: 2 });
  expect(tests.results.tests[0]).toMatchObject({
    status: 'skipped',
    rawStatus: 'failed',
    message: 'known failure: it failed in the baseline too\ncontains: x: known <b>misses</b>',
  });
  expect(annotations).toEqual(['notice known failure%3A known']);
  expect(markdown).toMatch(/^# Assay: nothing got worse, 1 known failure\n/);
  expect(markdown).toContain('\n## Known failures (1)\n');
  expect(markdown).not.toContain('## Failed');
  expect(page).toContain('<b class="none">0</b> failed');
  expect(page).toContain('<b class="skipped">1</b> known failure');
  expect(page).not.toContain('id="bad"');
  expect(page).not.toContain('open><summary>');
  expect(terminal).not.toContain('FAILED');
  expect(terminal).toMatch(/\n1 known failure: failed in the baseline too$/);
});

test('sorts regressed, failed and errored first, known failures last', async () => {
  const cases: Cases = {
    errs: ['passed', 'errored'],
    fresh: [undefined, 'failed'],
    known: ['failed', 'failed'],
    worse: ['passed', 'failed'],
  };
  const { code, xml, ctrf: tests, annotations, markdown, page, terminal } = await everyReport(cases);
  expect(code).toBe(3);
  expect(annotations).toEqual([
    'error regressed%3A worse',
    'error failed%3A fresh',
    'error errored%3A errs',
    'notice known failure%3A known',
  ]);
  expect(markdown).toMatch(/^# Assay: 1 regressed, 1 failed, 1 errored, 1 known failure\n/);
  expect([...markdown.matchAll(/^## (.*) \(1\)$/gm)].map(([, title]) => title)).toEqual([
    'Regressed',
    'Failed',
    'Errored: could not be judged',
    'Known failures',
  ]);
  expect(await problemsInJunit(xml)).toEqual([]);
  expect((parser.parse(xml) as Parsed).testsuites).toMatchObject({ '@failures': '2', '@errors': '1' });
  expect(tests.results.tests.map(({ name, status }) => [name, status])).toEqual([
    ['errs', 'other'],
    ['fresh', 'failed'],
    ['known', 'skipped'],
    ['worse', 'failed'],
  ]);
  expect(page.indexOf('id="bad"')).toBeLessThan(page.indexOf('id="known"'));
  expect(page.match(/open><summary>/g)).toHaveLength(3);
  expect(terminal).toContain('FAILED fresh');
  expect(terminal).not.toContain('FAILED known');
});
