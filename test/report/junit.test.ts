/** junit.xml by others' words: Jenkins' schema accepts it, another parser reads back what was put in. */
import * as fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import type { Results } from '../../src/judge/results.ts';
import { junit } from '../../src/report/junit.ts';
import { xmlAttribute, xmlText } from '../../src/report/xml.ts';
import { problemsInJunit } from '../e2e/check-reports.ts';
import { assertion, caseOf, place, reportText, resultsOf, suiteOf, trial } from './fake.ts';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => ['testsuite', 'testcase', 'property'].includes(name),
});

interface Parsed {
  testsuites: {
    '@tests': string;
    '@failures': string;
    '@errors': string;
    testsuite: {
      '@name': string;
      '@failures': string;
      properties: { property: { '@name': string; '@value': string }[] };
      testcase: {
        '@name': string;
        '@status': string;
        failure?: { '#text': string; '@type': string; '@message': string };
        error?: { '#text': string; '@type': string; '@message': string };
        skipped?: string;
      }[];
    }[];
  };
}

const written = (results: Results): Promise<string> => reportText(junit, results, 'junit.xml');

const hostile = `<script>&amp;]]> "'\u0000\u001B[31m\uFFFE\uD800\r\n\t end </failure>`;
const readBack = `<script>&amp;]]> "'\uFFFD\uFFFD[31m\uFFFD\uFFFD\r\n\t end </failure>`;

test('another parser reads verdicts, reasons, places and hostile text', async () => {
  const missed = assertion({ message: hostile, actual: hostile, guardrail: true });
  const xml = await written(
    resultsOf(
      suiteOf('a', () => [
        caseOf(`errored ${hostile}`, 'errored'),
        caseOf('failed', 'failed', { trials: [trial({ verdict: 'failed', assertions: [missed] })] }),
        caseOf('passed', 'passed'),
        caseOf('skipped', 'skipped', { skip: hostile }),
        caseOf('undecided', 'inconclusive', { place: place(9) }),
      ]),
      suiteOf('b', () => []),
    ),
  );
  expect(await problemsInJunit(xml)).toEqual([]);
  const { testsuites } = parser.parse(xml) as Parsed;
  expect(testsuites).toMatchObject({ '@tests': '5', '@failures': '2', '@errors': '1' });
  const [a, b] = testsuites.testsuite;
  expect(a?.testcase.map((each) => each['@status'])).toEqual([
    'errored',
    'failed',
    'passed',
    'skipped',
    'inconclusive',
  ]);
  const [errored, failed, passed, skipped, undecided] = a?.testcase ?? [];
  expect(errored?.['@name']).toBe(`errored ${readBack}`);
  expect(errored?.error).toEqual({
    '#text': 'suites/a.suite.yaml:3:1: RESOURCE_EXHAUSTED: quota',
    '@type': 'RESOURCE_EXHAUSTED',
    '@message': 'RESOURCE_EXHAUSTED: quota',
  });
  expect(failed?.failure).toEqual({
    '#text': `suites/a.suite.yaml:7:1: contains: x: ${readBack}\n  actual: ${readBack}`,
    '@type': 'contains',
    '@message': readBack,
  });
  expect(passed).not.toHaveProperty('failure');
  expect(skipped?.skipped).toBe(readBack);
  expect(undecided?.failure?.['#text']).toBe('suites/a.suite.yaml:9:1: inconclusive');
  expect(a?.properties.property).toEqual([
    { '@name': 'path', '@value': 'suites/a.suite.yaml' },
    { '@name': `place: errored ${readBack}`, '@value': 'suites/a.suite.yaml:3:1' },
    { '@name': 'place: failed', '@value': 'suites/a.suite.yaml:7:1' },
  ]);
  expect(b?.['@name']).toBe('b');
});

test('the schema forbids file, line and properties on a testcase', async () => {
  const at = (inner: string, attributes = ''): string =>
    `<testsuites><testsuite name="a" tests="1"><testcase name="b"${attributes}>${inner}</testcase></testsuite></testsuites>`;
  expect(await problemsInJunit(at(''))).toEqual([]);
  expect(await problemsInJunit(at('', ' file="a.yaml"'))).not.toEqual([]);
  expect(await problemsInJunit(at('<properties><property name="a" value="b"/></properties>'))).not.toEqual(
    [],
  );
});

test('any text round-trips, except characters that XML forbids', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { a } = parser.parse(`<a b="${xmlAttribute(text)}">x${xmlText(text)}</a>`) as {
        a: { '@b': string; '#text': string };
      };
      // oxlint-disable-next-line no-control-regex -- just these are replaced
      const kept = text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/gu, '\uFFFD');
      expect(a['@b']).toBe(kept);
      expect(a['#text']).toBe(`x${kept}`);
    }),
    { numRuns: 500 },
  );
});
