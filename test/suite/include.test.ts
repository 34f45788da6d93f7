/** Sharing by file: included content is read like inline content and keeps its own place. */
import { expect, test } from 'vitest';
import type { Suite } from '../../src/suite/suite.ts';
import { codesOf, loadFiles, loadOne } from '../suites.ts';

const head = 'suite: s\nmodel: m\n';
/** What a suite says, without where it says it. */
const said = ({ prompts, configs, assert, tests }: Suite): unknown =>
  JSON.parse(
    JSON.stringify({ prompts, configs, assert, tests: tests.map(({ assert: own }) => own) }, (key, value) =>
      key === 'place' || key === 'entry' || key === 'source' || key === 'namePlace'
        ? undefined
        : (value as unknown),
    ),
  );

const own = `${head}prompts: { a: Hi, b: [ { user: Hi }, { model: Yes } ] }
configs: { plain: {}, warm: { temperature: 1, systemInstruction: Be brief. } }
assert: [ { outcome: answered }, { length: { words: 3 } } ]
tests: [ { name: t, assert: [ { contains: x } ] } ]
`;

test.for<[name: string, files: Record<string, string>]>([
  [
    'prompts, configs and assertions as a whole',
    {
      'a.suite.yaml': `${head}prompts: { file: p.yaml }\nconfigs: { file: c.json }\nassert: { file: a.yaml }\ntests: [ { name: t, assert: { file: t.yaml } } ]\n`,
      'p.yaml': 'a: Hi\nb: [ { user: Hi }, { model: Yes } ]\n',
      'c.json': '{"plain":{},"warm":{"temperature":1,"systemInstruction":"Be brief."}}',
      'a.yaml': '- outcome: answered\n- length: { words: 3 }\n',
      't.yaml': '[ { contains: x } ]\n',
    },
  ],
  [
    'entries one by one, files in files, folders',
    {
      'a.suite.yaml': `${head}prompts: { a: { file: common/hi.md }, b: { file: common/b.yaml } }\nconfigs: { plain: {}, warm: { file: common/warm.yaml } }\nassert: [ { file: common/all.yaml } ]\ntests: [ { name: t, assert: [ { file: common/x.json } ] } ]\n`,
      'common/hi.md': 'Hi\n',
      'common/b.yaml': '- user: { file: ../common/hi.md }\n- model: Yes\n',
      'common/warm.yaml': 'temperature: 1\nsystemInstruction: { file: brief.txt }\n',
      'common/brief.txt': 'Be brief.\n',
      'common/all.yaml': '- outcome: answered\n- file: deeper/length.yaml\n',
      'common/deeper/length.yaml': 'length: { words: 3 }\n',
      'common/x.json': '[{"contains":"x"}]',
    },
  ],
  [
    'anchors, merge keys and a reused list',
    {
      'a.suite.yaml': `${head}x-base: &base { temperature: 1 }\nx-all: &all [ { outcome: answered }, { length: { words: 3 } } ]\nprompts: { a: Hi, b: [ { user: Hi }, { model: Yes } ] }\nconfigs: { plain: {}, warm: { <<: *base, systemInstruction: Be brief. } }\nassert: [ *all ]\ntests: [ { name: t, assert: [ { contains: x } ] } ]\n`,
    },
  ],
])('%s', async ([, files]) => {
  expect(said(await loadOne(files))).toEqual(said(await loadOne(own)));
});

const varsOf = ({ vars }: { vars: Suite['vars'] }): unknown =>
  Object.fromEntries([...vars].map(([name, { value, template }]) => [name, { value, template }]));

test('a file alone under vars gives the variables of a suite or test', async () => {
  const inline = await loadOne({
    'a.suite.yaml': `${head}vars: { who: Ann, hello: "Hi {{who}}" }\nprompts: { a: "{{hello}}{{tone}}" }\ntests: [ { name: t, vars: { tone: calm } } ]\n`,
  });
  const shared = await loadOne({
    'a.suite.yaml': `${head}vars: { file: shared/all.yaml }\nprompts: { a: "{{hello}}{{tone}}" }\ntests: [ { name: t, vars: { file: tone.json } } ]\n`,
    'shared/all.yaml': 'file: deeper/more.yaml\n',
    'shared/deeper/more.yaml': 'who: Ann\nhello: "Hi {{who}}"\n',
    'tone.json': '{ "tone": "calm" }',
  });
  expect(varsOf(shared)).toEqual(varsOf(inline));
  expect(shared.tests.map(varsOf)).toEqual(inline.tests.map(varsOf));
  const beside = await loadOne({
    'a.suite.yaml': `${head}vars: { file: notes.txt, who: Ann, bio: { file: bio.md } }\nprompts: { a: "{{file}}{{who}}{{bio}}" }\n`,
    'bio.md': 'Braces {{are}} text.\n',
  });
  expect(varsOf(beside)).toEqual({
    file: { value: 'notes.txt', template: true },
    who: { value: 'Ann', template: true },
    bio: { value: 'Braces {{are}} text.', template: false },
  });
});

test.for<[vars: string, errors: string[]]>([
  ['{ file: none.yaml }', ['missing-file: there is no file "none.yaml"']],
  ['{ file: notes.txt }', ['unknown-form: expected a .yaml or .json file, received "notes.txt"']],
  ['{ file: list.yaml }', ['wrong-type: expected a map, received a list']],
])('vars: %s is an error of its own line alone', async ([vars, errors]) => {
  const { diagnostics } = await loadFiles({
    'a.suite.yaml': `${head}vars: ${vars}\nprompts: { a: "{{who}}" }\n`,
    'list.yaml': '- who\n',
    'notes.txt': 'who\n',
  });
  expect(codesOf(diagnostics.filter(({ severity }) => severity === 'error'))).toEqual(errors);
});

test('a shared assertion has its place in its own file, which the digest includes', async () => {
  const files = {
    'a.suite.yaml': `${head}prompts: { a: Hi }\nassert: { file: common/a.yaml }\n`,
    'common/a.yaml': '\n- outcome: answered\n',
  };
  const suite = await loadOne(files);
  expect(suite.assert[0]?.place.file.path).toBe('common/a.yaml');
  const changed = await loadOne({ ...files, 'common/a.yaml': '\n- outcome: answered # as ever\n' });
  expect(changed.digest()).not.toBe(suite.digest());
  expect((await loadOne(files)).digest()).toBe(suite.digest());
});

test.for<[name: string, files: Record<string, string>, problems: string[]]>([
  [
    'a circle',
    { 'a.yaml': '- file: b.yaml\n', 'b.yaml': '- file: a.yaml\n' },
    ['circular-file: "a.yaml" leads back to itself'],
  ],
  [
    'reports an error in a shared file once, at its place',
    { 'a.yaml': '- file: b.yaml\n- file: b.yaml\n', 'b.yaml': '- contians: x\n' },
    ['unknown-key: unknown key "contians"'],
  ],
  ['not YAML', { 'a.yaml': '- [\n' }, ['yaml-syntax']],
])('%s', async ([, files, problems]) => {
  const { diagnostics } = await loadFiles({
    'a.suite.yaml': `${head}prompts: { a: Hi }\nassert: [ { outcome: answered }, { file: a.yaml } ]\n`,
    ...files,
  });
  const reported = [...new Set(codesOf(diagnostics))];
  expect(reported).toHaveLength(problems.length);
  for (const problem of problems)
    expect(
      reported.some((each) => each.startsWith(problem)),
      reported.join('\n'),
    ).toBe(true);
});
