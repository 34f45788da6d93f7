/** Current suites judge the replies of an earlier run without calls and report missing ones. */
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { project } from './project.ts';

/** Gives one answer to every request, and counts. */
async function withServer<T>(use: (url: string, requests: () => number) => Promise<T>): Promise<T> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    request.resume().on('end', () => {
      const content = { role: 'model', parts: [{ text: 'A lantern hung over the harbour.' }] };
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ candidates: [{ content, finishReason: 'STOP' }], modelVersion: 'm-001' }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    return await use(
      typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : '',
      () => requests,
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const suite = `suite: lanterns
model: gemini-3.8-flash
prompts: { story: "Write about lantern {{n}}.", poem: "Rhyme about lantern {{n}}." }
tests:
  - name: stories
    prompts: [story]
    data: rows.csv
    row: "{{n}}"
    assert: [ { contains: lantern } ]
  - name: poem
    prompts: [poem]
    vars: { n: one }
    repeats: 2
    assert: [ { contains: lantern } ]
`;
const rows = (count: number): string =>
  `n\n${Array.from({ length: count }, (_, index) => index).join('\n')}\n`;
const files = { 'suites/a.suite.yaml': suite, 'suites/rows.csv': rows(5) };

interface RunJson {
  readonly ended: string;
  readonly selection?: object;
  readonly judged?: { readonly at: string; readonly journal: string; readonly lacking: number };
}

test('re-judges 1,000 cases with one changed assertion without a request', () =>
  withServer((url, requests) =>
    project({ ...files, 'suites/rows.csv': rows(999) }, async ({ assay, write, read, results }) => {
      const run = await assay(`run --base-url ${url} --concurrency 32 --quiet`);
      expect(run.code, run.stderr).toBe(0);
      expect(requests()).toBe(1001);
      const live = ['lanterns.json', 'run.json', 'index.html', 'junit.xml'].map((name) =>
        read(`reports/${name}`),
      );
      write('suites/a.suite.yaml', suite.replace('contains: lantern', 'contains: lighthouse'));
      const ended = await assay('judge --reporter json,html,junit,ctrf,markdown');
      expect(ended.code, ended.stderr).toBe(1);
      expect(requests()).toBe(1001);
      expect(ended.stderr).toBe('');
      expect(ended.stdout).toContain('1000 cases: 1 passed, 999 failed, 0 errored, 0 skipped');
      expect(results('lanterns', 'reports/judged').summary).toMatchObject({
        cases: 1000,
        passed: 1,
        failed: 999,
      });

      // The run's own reports are as they were.
      for (const [index, name] of ['lanterns.json', 'run.json', 'index.html', 'junit.xml'].entries())
        expect(read(`reports/${name}`)).toBe(live[index]);
      const note =
        /Judged again on .* with the suites as they were then\. The replies are from reports.journal\.jsonl; no calls were made/;
      expect(ended.stdout).toMatch(note);
      for (const name of ['index.html', 'junit.xml', 'summary.md', 'ctrf.json'])
        expect(read(`reports/judged/${name}`)).toMatch(note);
      const { judged, ended: how } = JSON.parse(read('reports/judged/run.json')) as RunJson;
      expect(how).toBe('done');
      expect(judged).toMatchObject({ journal: path.join('reports', 'journal.jsonl'), lacking: 0 });

      // Stable files are a function of replies and suites alone: a run of the edited suite writes the same bytes.
      const again = await assay(
        `run --base-url ${url} --concurrency 32 --quiet --reports fresh --reporter json`,
      );
      expect(again.code).toBe(1);
      expect(read('fresh/lanterns.json')).toBe(read('reports/judged/lanterns.json'));
    }),
  ));

test('skips what the journal lacks with a reason and a count, and reports removed cases', () =>
  project(files, async ({ assay, write, results, read }) => {
    expect((await assay('run --emulator --quiet')).code).toBe(0);
    write(
      'suites/a.suite.yaml',
      suite.replace('Rhyme about', 'Sing about').replace('contains: lantern }', 'matches: "(?i)LANTERN" }'),
    );
    // Row 0 is gone, rows 5 and 6 are new.
    write('suites/rows.csv', 'n\n1\n2\n3\n4\n5\n6\n');
    const ended = await assay('judge reports/journal.jsonl');
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain(
      'warning[not-in-journal]: 2 cases not judged: not in the journal: lanterns: stories / 5 / story; lanterns: stories / 6 / story\n',
    );
    expect(ended.stderr).toContain(
      'warning[request-changed]: 1 case not judged: the request has changed: lanterns: poem / poem\n',
    );
    expect(ended.stderr).toContain('warning[case-gone]: 1 case in the journal');
    expect(ended.stderr).toContain('lanterns: stories / 0 / story\n');
    const { cases, summary } = results('lanterns', 'reports/judged');
    expect(summary).toMatchObject({ cases: 7, passed: 4, skipped: 3 });
    const skips = Object.fromEntries(
      (cases as { id: string; skip?: string }[]).map(({ id, skip }) => [id, skip]),
    );
    expect(skips['poem / poem']).toBe('not asked: the request has changed since it was sent');
    expect(skips['stories / 5 / story']).toBe('not asked: it is not in the journal');
    expect(skips['stories / 1 / story']).toBeUndefined();
    expect((JSON.parse(read('reports/judged/run.json')) as RunJson).judged?.lacking).toBe(3);
    // Incomplete results are not approved.
    const approved = await assay('approve --reports reports/judged', { CI: '' });
    expect(approved.code).toBe(2);
    expect(approved.stderr).toContain('error[incomplete-run]');
  }));

test('reports missing trials for more repeats and needs none for fewer', () =>
  project(files, async ({ assay, write, results }) => {
    await assay('run --emulator --quiet');
    write('suites/a.suite.yaml', suite.replace('repeats: 2', 'repeats: 3'));
    const more = await assay('judge');
    expect(more.code).toBe(3);
    expect(more.stderr).toContain('warning[too-few-trials]: 1 case judged by fewer trials');
    write('suites/a.suite.yaml', suite.replace('repeats: 2', 'repeats: 1'));
    const fewer = await assay('judge');
    expect(fewer, fewer.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(results('lanterns', 'reports/judged').cases[0]?.trials).toHaveLength(1);
  }));

test('combines its selection with that of the run, and writes to --reports', () =>
  project(files, async ({ assay, results, read, folder }) => {
    await assay('run --emulator --quiet --test stories');
    const ended = await assay(
      'judge --filter "/ 3" --filter "/ 4" --reports elsewhere --reporter json'
        .replaceAll('"', '')
        .split(/ (?!\d)/),
    );
    expect(ended.code, ended.stderr).toBe(0);
    expect(results('lanterns', 'elsewhere').cases.map(({ id }) => id)).toEqual([
      'stories / 3 / story',
      'stories / 4 / story',
    ]);
    expect((JSON.parse(read('elsewhere/run.json')) as RunJson).selection).toEqual({
      test: ['stories'],
      filter: ['/ 3', '/ 4'],
    });
    expect(existsSync(path.join(folder, 'reports/judged'))).toBe(false);
    const none = await assay('judge --test poem');
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('error[empty-selection]');
  }));

test('judges the replies of an unfinished run', () =>
  project(files, async ({ assay, write, read, folder }) => {
    await assay('run --emulator --quiet');
    const journal = readFileSync(path.join(folder, 'reports/journal.jsonl'), 'utf8').split('\n');
    write('reports/journal.jsonl', `${journal.slice(0, 4).join('\n')}\n`);
    expect((await assay('report --reports again --quiet')).code).toBe(130);
    const ended = await assay('judge --quiet');
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('warning[not-in-journal]');
    expect((JSON.parse(read('reports/judged/run.json')) as RunJson).ended).toBe('interrupted');
  }));
