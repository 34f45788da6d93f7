/** summary.md by GitHub's rules: what a model wrote stays text, the size holds, the most important comes first. */
import * as fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { expect, test } from 'vitest';
import { visible } from '../../src/diagnostics/code-frame.ts';
import type { JudgedCase, Results } from '../../src/judge/results.ts';
import { codeBlock, inlineCode } from '../../src/report/markdown/escape.ts';
import { mostBytes } from '../../src/report/markdown/fit.ts';
import { assertion, caseOf, markdownOf, place, resultsOf, suiteOf, trial } from './fake.ts';

const render = (markdown: string): string =>
  micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });

/** The elements of the page that GitHub would make. */
const elements = (html: string): string[] =>
  [...new Set([...html.matchAll(/<(\w+)[^>]*>/g)].map(([, name = '']) => name))].toSorted();

/** Text of HTML that the renderer made: it escapes these four. */
const textOf = (html: string): string =>
  html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

const pieces = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '`',
    '``',
    '```',
    '\n',
    '\r\n',
    '|',
    '\\',
    '<b>',
    '</code>',
    '@team',
    '#12',
    '[a](http://b)',
    '![](x)',
    '- ',
    '# ',
    '> ',
    '~~~',
    '    ',
    '\t',
    'https://a.test',
    '<!--',
    '$x$',
    ':tada:',
    '&amp;',
    '$$',
  ),
);
const texts = fc.array(pieces).map((parts) => parts.join(''));

test('any text is exactly one code span', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const html = render(`before ${inlineCode(text)} after`);
      const inner = /^<p>before <code>([^]*)<\/code> after<\/p>$/.exec(html)?.[1];
      const shown = visible(text.replaceAll('\n', '\u240A').replaceAll('\t', ' '));
      expect(textOf(inner ?? html).trim()).toBe(shown.trim());
      expect(elements(html)).toEqual(['code', 'p']);
    }),
    { numRuns: 1_000 },
  );
});

test('any text is exactly one code block', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const html = render(`before\n\n${codeBlock(text)}\n\nafter`);
      const inner =
        /^<p>before<\/p>\n<pre><code class="language-text">([^]*)\n<\/code><\/pre>\n<p>after<\/p>$/.exec(
          html,
        )?.[1];
      // CommonMark shows the character U+0000 as U+FFFD; it is made visible before that.
      expect(textOf(inner ?? html)).toBe(visible(text));
    }),
    { numRuns: 1_000 },
  );
});

test('reports a failed severity: warn assertion at its line and other warnings at the test', async () => {
  const missed = (line: number) =>
    assertion({
      severity: 'warn',
      assertion: `length ${line}`,
      message: `too long by ${line}`,
      place: place(line),
    });
  const trials = [trial({ assertions: [missed(5), missed(7)] }), trial({ assertions: [missed(7)] })];
  const warnings = ['length 5', 'length 7', 'no assertions'];
  const many = [5, 6, 7, 8].map(missed);
  const markdown = await markdownOf(
    resultsOf(
      suiteOf('a', () => [
        caseOf('one', 'passed', { trials, warnings }),
        caseOf('two', 'passed', {
          trials: [trial({ assertions: many })],
          warnings: many.map(({ result }) => result.assertion),
        }),
      ]),
    ),
    mostBytes,
  );
  expect(markdown).toContain(
    '- `a` `one`: `suites/a.suite.yaml:5:1` · `length 5` · `too long by 5`; `suites/a.suite.yaml:7:1` · `length 7` · `too long by 7`; `suites/a.suite.yaml:3:1` · `no assertions`\n',
  );
  expect(markdown).toContain('`too long by 7`; +1 more\n');
});

const nasty =
  '@everyone #1 <img src=x onerror=alert(1)> ![p](https://evil.test/p.png) https://evil.test [a](b)\n```\n# no\n| a | b |\n``` `';

test('a summary of hostile cases has no link, image, HTML or mention', async () => {
  const bad = assertion({ message: nasty, actual: nasty, expected: nasty, assertion: nasty });
  const markdown = await markdownOf(
    resultsOf(
      suiteOf('a', () => [
        caseOf(nasty, 'failed', { trials: [trial({ verdict: 'failed', assertions: [bad] })] }),
        caseOf('errored', 'errored', {
          trials: [
            trial({ verdict: 'errored', outcome: 'apiError', error: { status: nasty, message: nasty } }),
          ],
        }),
        caseOf('warned', 'passed', { warnings: [nasty] }),
      ]),
    ),
    mostBytes,
  );
  const html = render(markdown);
  expect(elements(html)).toEqual(
    [
      'code',
      'h1',
      'h2',
      'h3',
      'li',
      'p',
      'pre',
      'table',
      'tbody',
      'td',
      'th',
      'thead',
      'tr',
      'ul',
    ].toSorted(),
  );
  const outsideCode = html.replaceAll(/<code[^]*?<\/code>/g, '').replaceAll(/<[^>]*>/g, '');
  expect(outsideCode).not.toMatch(/@|#|evil|onerror|!\[/);
});

test('lists each failure with its place and expectation, errors apart, in order', async () => {
  const guard = assertion({ guardrail: true, message: 'guarded', place: place(12) });
  const half = [trial(), trial({ verdict: 'failed', assertions: [assertion({ message: 'half' })] })];
  const markdown = await markdownOf(
    resultsOf(
      suiteOf('calm', () => [caseOf('fine', 'passed')]),
      suiteOf('loud', () => [
        caseOf('errors', 'errored'),
        caseOf('half', 'failed', { repeats: 2, trials: half }),
        caseOf('plainly fails', 'failed', {
          trials: [trial({ verdict: 'failed', assertions: [assertion({ expected: 'x', actual: 'y' })] })],
        }),
        caseOf('undecided', 'inconclusive'),
        caseOf('unsteady', 'passed', { repeats: 2, passRate: 0.5, trials: half }),
        caseOf('z guarded', 'failed', { trials: [trial({ verdict: 'failed', assertions: [guard] })] }),
      ]),
    ),
    mostBytes,
  );
  expect(markdown).toBe(`# Assay: 3 failed, 1 errored, 1 inconclusive

7 cases: 2 passed, 3 failed, 1 errored, 1 inconclusive; 4.5 s on \`https://example.test\`

1 passed although some of their trials failed (passRate)

| suite | cases | passed | failed | errored | skipped | inconclusive | warnings |
|---|---:|---:|---:|---:|---:|---:|---:|
| \`loud\` | 6 | 1 | 3 | 1 | 0 | 1 | 0 |
| \`calm\` | 1 | 1 | 0 | 0 | 0 | 0 | 0 |

## Failed (3)

### \`loud\` \`z guarded\`

\`suites/a.suite.yaml:12:1\` · guardrail · \`contains: x\` · \`guarded\`

### \`loud\` \`plainly fails\`

\`suites/a.suite.yaml:7:1\` · \`contains: x\` · \`the text does not contain "x"\`

expected:

\`\`\`text
x
\`\`\`

actual:

\`\`\`text
y
\`\`\`

### \`loud\` \`half\`, 1 of 2 trials

\`suites/a.suite.yaml:7:1\` · \`contains: x\` · \`half\`

## Errored: could not be judged (1)

- \`loud\` \`errors\`: \`suites/a.suite.yaml:3:1\` · \`RESOURCE_EXHAUSTED: quota\`

## Inconclusive (1)

- \`loud\` \`undecided\`
`);
});

/** The given numbers of failing, errored and warned cases, each with a long reply in a script of three bytes a letter. */
function large(count: number, long: string): Results {
  const bad = assertion({ message: long, actual: long, expected: long, assertion: long });
  function* cases(): Generator<JudgedCase> {
    for (let index = 0; index < count; index++) {
      const id = `${String(index).padStart(6, '0')} ${long}`;
      const verdict = (['failed', 'errored', 'inconclusive'] as const)[index % 3] ?? 'failed';
      const failed = trial({ verdict: 'failed', assertions: [bad] });
      const errored = trial({ verdict: 'errored', outcome: 'apiError', error: { message: long } });
      yield caseOf(id, verdict, { warnings: [long], trials: [verdict === 'errored' ? errored : failed] });
    }
  }
  return resultsOf(...['a', 'b'].map((suite) => suiteOf(suite, cases)));
}

test.for([
  [10, 'short'],
  [1_000, 'short'],
  [20_000, '雨'.repeat(2_000)],
  [3_000, '\u202E`'.repeat(2_000)],
  [3_000, '👩‍👩‍👧'.repeat(1_000)],
] as const)('%i cases twice stay within 64 KB, and the rest is counted', async ([count, long]) => {
  const markdown = await markdownOf(large(count, long), mostBytes);
  expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(65_536);
  for (const [title, block] of [
    ['Failed', /^### /gm],
    ['Errored', /^- /gm],
    ['Inconclusive', /^- /gm],
    ['Warnings', /^- /gm],
  ] as const) {
    const section = new RegExp(`\n## ${title}[^(\n]*\\((\\d+)\\)\n([^]*?)(?=\n## |$)`).exec(markdown);
    const shown = section?.[2]?.match(block)?.length ?? 0;
    const more = Number(/\n\+(\d+) more\n/.exec(section?.[2] ?? '')?.[1] ?? 0);
    expect(shown, title).toBeGreaterThan(0);
    expect(shown + more, title).toBe(Number(section?.[1]));
  }
});

test('a thousand suites leave space for the failures', async () => {
  const suites = Array.from({ length: 1_000 }, (_, index) =>
    suiteOf(`suite-${index}`, () => [caseOf('case', index === 999 ? 'failed' : 'passed')]),
  );
  const markdown = await markdownOf(resultsOf(...suites), mostBytes);
  expect(markdown).toContain('| `suite-999` | 1 | 0 | 1 |');
  expect(markdown).toContain('\n+960 more suites\n');
  expect(markdown).toContain('### `suite-999` `case`');
});
