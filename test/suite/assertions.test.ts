/** The assertions of a case and the options next to them. */
import { expect, test } from 'vitest';
import { readSuite } from './read.ts';

/** The kinds that each case of a suite asserts. */
async function kindsOf(suite: string): Promise<Record<string, string[]>> {
  const { cases, shown } = await readSuite(suite);
  if (shown.includes('error[')) throw new Error(shown);
  return Object.fromEntries(
    cases.map(({ id, assertions }) => [id.split(' / ')[0] ?? '', assertions.map(({ kind }) => kind)]),
  );
}

test('assertions of the suite come first, unless inherit is false or the test asserts an error', async () => {
  expect(
    await kindsOf(`assert: [ { finishReason: STOP } ]
tests:
  - { name: own, assert: [ { contains: x } ] }
  - { name: alone, inherit: false, assert: [ { contains: x } ] }
  - { name: error, assert: [ { error: {} } ] }
  - { name: nested, assert: [ { any: [ { error: {} }, { contains: x } ] } ] }
  - { name: apiError, assert: [ { outcome: [ apiError, answered ] } ] }
`),
  ).toEqual({
    own: ['finishReason', 'contains'],
    alone: ['contains'],
    error: ['error'],
    nested: ['any'],
    apiError: ['outcome'],
  });
});

test('leaves out assertions of the suite that do not fit the method, nested ones too', async () => {
  expect(
    await kindsOf(`assert: [ { finishReason: STOP }, { tokens: { total: { max: 9 } } }, { any: [ { contains: x }, { tokens: { total: 3 } } ] } ]
tests:
  - { name: generate }
  - { name: count, method: countTokens }
  - { name: model, method: models.get, assert: [ { response: { path: $.name, exists: true } } ] }
`),
  ).toEqual({ generate: ['finishReason', 'tokens', 'any'], count: ['tokens'], model: ['response'] });
});

test('warns about a test without assertions that fit', async () => {
  const { problems, shown } = await readSuite(`assert: [ { finishReason: STOP } ]
tests:
  - { name: fits }
  - { name: bare, inherit: false }
  - { name: unfit, method: countTokens }
  - { name: rows, inherit: false, data: [ { n: 1, assert: [ { contains: x } ] }, { n: 2 } ] }
  - { name: known, inherit: false } # assay: allow no-assertions
`);
  expect(problems).toEqual([
    'no-assertions s.suite.yaml:7:13',
    'no-assertions s.suite.yaml:8:13',
    'no-assertions s.suite.yaml:9:13',
    'no-assertions s.suite.yaml:10:13',
  ]);
  expect(shown).toContain('the suite’s assertions do not fit countTokens');
  expect(shown).toContain('asserts nothing of 1 of its 2 cases');
  expect(shown).toContain('3 warnings in 1 file');
  expect(shown).not.toContain('"known"');
});

test('warns about an assertion of the suite that judges no case', async () => {
  const problemsOf = async (tests: string): Promise<readonly string[]> =>
    (await readSuite(`assert: [ { contains: x }, { tokens: { total: 3 } } ]\n${tests}`)).problems;
  const count = '{ name: c, method: countTokens }';
  expect(await problemsOf(`tests: [ ${count} ]`)).toEqual(['unused-assertion s.suite.yaml:4:13']);
  expect(await problemsOf(`tests: [ ${count}, { name: g } ]`)).toEqual([]);
  expect(await problemsOf(`tests: [ ${count}, { name: g, assert: [ { error: {} } ] } ]`)).toEqual([
    'unused-assertion s.suite.yaml:4:13',
  ]);
  expect(await problemsOf(`tests: [ { name: m, method: models.list } ]`)).toContain(
    'unused-assertion s.suite.yaml:4:13',
  );
});

test('reads label, severity and guardrail next to a kind', async () => {
  const { cases } = await readSuite(
    'assert: [ { contains: x, label: says x, severity: warn, guardrail: true }, { contains: y } ]',
  );
  expect(
    cases[0]?.assertions.map(({ label, severity, guardrail }) => ({ label, severity, guardrail })),
  ).toEqual([
    { label: 'says x', severity: 'warn', guardrail: true },
    { label: undefined, severity: 'error', guardrail: false },
  ]);
});

test('repeats, passRate, tags and skip of a test override those of the suite', async () => {
  const { cases } = await readSuite(`repeats: 2
passRate: 0.5
tests:
  - { name: a, repeats: 3, passRate: 1, tags: [smoke, slow] }
  - { name: b, skip: waits for the new model }
`);
  expect(
    cases.map(({ repeats, passRate, skip, test: { tags } }) => ({ repeats, passRate, skip, tags })),
  ).toEqual([
    { repeats: 3, passRate: 1, skip: undefined, tags: ['smoke', 'slow'] },
    { repeats: 2, passRate: 0.5, skip: 'waits for the new model', tags: [] },
  ]);
});

test('checks assertions with values of a row like literal ones', async () => {
  const { problems, shown } = await readSuite(`tests:
  - name: t
    data: [ { most: few }, { most: 3 }, { most: many } ]
    assert: [ { tokens: { candidates: { max: "{{most}}" } } } ]
`);
  expect(problems).toEqual(['wrong-type s.suite.yaml:8:46']);
  expect(shown).toContain('expected a number, received the text "few" (in t / few #');
  expect(shown).toContain(', s.suite.yaml: row 1)');
});

test('reports each kind of error from rows once, and every unknown enum value', async () => {
  const { shown } = await readSuite(
    `tests:
  - name: t
    data: r.csv
    row: "{{n}}"
    assert: [ { finishReason: "{{fr}}" }, { tokens: { total: { max: "{{m}}" } } }, { outcome: "{{o}}" } ]
`,
    {
      'r.csv':
        'n,fr,m,o\n1,STPO,many,answered\n2,SAFTY,few,answred\n3,STOP,3,apiError\n4,STPO,8,{{x}}\n5,STOP,9,emty\n',
    },
  );
  expect(shown.match(/(?<=^error.*: ).*/gm)).toEqual([
    'unknown finishReason "STPO" (in t / 1 / p, r.csv:2)',
    'unknown finishReason "SAFTY" (in t / 2 / p, r.csv:3)',
    'expected a number, received the text "many" (in t / 1 / p, r.csv:2)',
    'unknown value "answred" (in t / 2 / p, r.csv:3)',
    'unknown value "{{x}}" (in t / 4 / p, r.csv:5)',
    'unknown value "emty" (in t / 5 / p, r.csv:6)',
  ]);
});

test('reports only the first of many unknown enum values', async () => {
  const rows = Array.from({ length: 30 }, (_, index) => `{ fr: NEWS_${index} }`).join(', ');
  const { shown } = await readSuite(
    `tests: [ { data: [ ${rows} ], assert: [ { finishReason: "{{fr}}" } ] } ]`,
  );
  expect(shown.match(/^warning.*$/gm)).toHaveLength(21);
  expect(shown).toContain('and there are more such values, not listed here (in');
});

test('judges an outcome from a row like a literal one', async () => {
  const { cases, shown } = await readSuite(`assert: [ { finishReason: STOP } ]
tests:
  - name: t
    data: [ { want: answered }, { want: [ apiError, empty ] } ]
    assert: [ { outcome: "{{want}}" } ]
`);
  expect(shown).toBe('');
  expect(
    cases.map((each) => [each.judgesErrors, each.assertions.map(({ kind, args }) => ({ [kind]: args }))]),
  ).toEqual([
    [false, [{ finishReason: 'STOP' }, { outcome: 'answered' }]],
    [true, [{ outcome: ['apiError', 'empty'] }]],
  ]);
});
