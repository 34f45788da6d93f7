/** Two sets of results with a case of every class between them, for command cases about comparisons. */
import { mkdirSync, writeFileSync } from 'node:fs';

const hash = (letter) => letter.repeat(64);

/** A trial whose one assertion held, missed, or was never looked at. */
export function trial(verdict, text, more = {}) {
  const assertion = {
    assertion: 'contains: lamp',
    kind: 'contains',
    verdict: verdict === 'passed' ? 'passed' : 'failed',
    message: verdict === 'passed' ? 'the text contains "lamp"' : 'the text does not contain "lamp"',
    source: 'suites/story.suite.yaml:9:9',
  };
  return {
    verdict,
    outcome: verdict === 'errored' ? 'apiError' : 'answered',
    ...(verdict === 'errored' ? { error: { code: 503, status: 'UNAVAILABLE', message: 'busy' } } : {}),
    modelVersion: 'gemini-3.8-flash',
    candidates: verdict === 'errored' ? [] : [{ finishReason: 'STOP', text: text.split('\n') }],
    assertions: verdict === 'errored' ? [] : [assertion],
    ...more,
  };
}

/** A case as a results file has it. */
export function each(id, trials, more = {}) {
  const failed = trials.some(({ verdict }) => verdict === 'failed');
  const errored = trials.some(({ verdict }) => verdict === 'errored');
  return {
    id,
    verdict: failed ? 'failed' : errored ? 'errored' : 'passed',
    source: 'suites/story.suite.yaml:6:11',
    fingerprint: hash('a'),
    digests: { prompt: 'p1', config: 'c1', vars: 'v1', assertions: 'a1' },
    test: id.split(' / ')[0],
    model: 'gemini-3.8-flash',
    method: 'generateContent',
    repeats: trials.length,
    passRate: 1,
    trials,
    ...more,
  };
}

/** Writes the results of a suite. */
export function write(folder, suite, cases) {
  const summary = { cases: 0, passed: 0, failed: 0, errored: 0, skipped: 0, inconclusive: 0, warnings: 0 };
  for (const { verdict } of cases) {
    summary.cases++;
    summary[verdict]++;
  }
  mkdirSync(folder, { recursive: true });
  const sorted = cases.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const head = { schema: 'assay/results/2', suite, path: `suites/${suite}.suite.yaml`, summary };
  writeFileSync(`${folder}/${suite}.json`, `${JSON.stringify({ ...head, cases: sorted }, null, 2)}\n`);
}

const good = trial('passed', 'A lamp hung over the harbour.');
const bad = trial('failed', 'A lantern hung over the harbour.');
const lost = trial('errored');
const changed = (...names) => ({
  fingerprint: hash('b'),
  digests: {
    prompt: names.includes('prompt') ? 'p2' : 'p1',
    config: names.includes('config') ? 'c2' : 'c1',
    vars: names.includes('vars') ? 'v2' : 'v1',
    assertions: names.includes('assertions') ? 'a2' : 'a1',
  },
});
const skipped = { verdict: 'skipped', skip: 'waits', repeats: 1 };

/** Writes `before` and `after`. */
export function writeSets() {
  write('before', 'gone', [each('only before', [good])]);
  write('after', 'new', [each('only after', [bad])]);
  write('before', 'story', [
    each('changed text', [good]),
    each('errored before', [lost]),
    each('errored now', [good]),
    each('fixed by a config', [bad]),
    each('moved to another model', [good]),
    each('regressed by a prompt', [good]),
    each('regressed by itself', [good]),
    each('removed', [good]),
    each('skipped', [good]),
    each('slid', [good, good, good]),
    each('still failing', [bad]),
    each('unchanged', [good]),
    each('unchanged but its row moved', [good]),
    each('woken and failing', [], skipped),
  ]);
  const other = trial('passed', 'A lamp swung over the harbour.');
  write('after', 'story', [
    each('added', [good]),
    each('changed text', [other], changed('vars', 'prompt')),
    each('errored before', [good]),
    each('errored now', [lost]),
    each('fixed by a config', [good], changed('config')),
    each('moved to another model', [{ ...other, modelVersion: 'gemini-3.9-flash' }]),
    each('regressed by a prompt', [bad], changed('prompt', 'assertions')),
    each('regressed by itself', [bad]),
    each('skipped', [], skipped),
    each('slid', [good, good, bad], { verdict: 'passed', passRate: 0.6 }),
    each('still failing', [bad], { ...changed(), model: 'gemini-3.9-pro' }),
    each('unchanged', [good]),
    each('unchanged but its row moved', [good], { source: 'suites/story.suite.yaml:99:1' }),
    each('woken and failing', [bad]),
  ]);
}
