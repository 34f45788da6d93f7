/** Variables: of the suite, under the test's, under the row's; one may name another. */
import { expect, test } from 'vitest';
import { codesOf, planFiles, planSound } from '../suites.ts';

const textsOf = async (yaml: string): Promise<(string | undefined)[]> => {
  const plan = await planSound(yaml);
  return plan.cases.map((ref) => plan.materialize(ref).displayTurns[0]?.text);
};
const head = 'suite: s\nmodel: m\nassert: [ { outcome: answered } ]\n';

test.for<[name: string, yaml: string, texts: string[]]>([
  [
    'a row goes over the test, the test over the suite',
    `vars: { a: suite, b: suite, c: suite }\nprompts: { p: "{{a}} {{b}} {{c}}" }\ntests: [ { name: t, vars: { b: test, c: test }, data: [ { c: row } ] }, { name: u } ]`,
    ['suite test row', 'suite suite suite'],
  ],
  [
    'a variable names others, in any order',
    'vars: { a: "{{b}}!", b: "{{c}}{{c}}", c: x }\nprompts: { p: "{{a}}" }',
    ['xx!'],
  ],
  [
    'a variable of the suite sees those of the test and the row',
    'vars: { a: "for {{who}}", who: all }\nprompts: { p: "{{a}}" }\ntests: [ { name: t, vars: { who: some } }, { name: u, data: [ { who: one } ] } ]',
    ['for some', 'for one'],
  ],
  [
    'values keep their types on the way',
    'vars: { list: [a, b], same: "{{list}}" }\nprompts: { p: "{{#each same}}{{this}};{{/each}}" }',
    ['a;b;'],
  ],
  ['numbers keep their text', 'vars: { a: 007, b: 1.10 }\nprompts: { p: "{{a}} {{b}}" }', ['007 1.10']],
  [
    'values of rows are no templates',
    'vars: { a: x }\nprompts: { p: "{{text}}" }\ntests: [ { name: t, data: [ { text: "{{a}}" } ] } ]',
    ['{{a}}'],
  ],
  ['a null is empty', 'vars: { a: null }\nprompts: { p: "[{{a}}]" }', ['[]']],
])('%s', async ([, yaml, texts]) => {
  expect(await textsOf(`${head}${yaml}`)).toEqual(texts);
});

test('a variable can be a file: a text, or a YAML or JSON value, never a template', async () => {
  const plan = await planSound({
    'a.suite.yaml': `${head}vars: { text: { file: note.txt }, list: { file: list.yaml } }\nprompts: { p: "{{text}}|{{#each list}}{{this}},{{/each}}" }`,
    'note.txt': 'Hello {{name}}\n\n',
    'list.yaml': '[1, two]\n',
  });
  const [ref] = plan.cases;
  expect(ref && plan.materialize(ref).displayTurns[0]?.text).toBe('Hello {{name}}\n|1,two,');
});

test.for<[name: string, yaml: string, problems: string[]]>([
  [
    'a circle of variables',
    'vars: { a: "{{b}}", b: "{{c}}", c: "{{a}}" }\nprompts: { p: "{{a}}" }',
    ['circular-variable: the variable "a" leads back to itself'],
  ],
  [
    'a variable that names itself',
    'vars: { a: "{{a}}" }\nprompts: { p: x }',
    ['circular-variable: the variable "a" leads back to itself'],
  ],
  [
    'an unknown variable',
    'vars: { object: lamp }\nprompts: { p: "{{objct}} {{objct}}" }',
    ['undefined-variable: there is no variable "objct"'],
  ],
  [
    'a variable with a reserved name',
    'vars: { if: 1, lamp: 2 }\nprompts: { p: "{{lamp}}" }',
    ['reserved-name: a variable may not be named "if": it is a word of the template language'],
  ],
])('reports %s', async ([, yaml, problems]) => {
  const reported = await planFiles(`${head}${yaml}`).then(
    ({ diagnostics }) => codesOf(diagnostics).join('; '),
    (error: Error) => error.message,
  );
  expect(reported).toBe(problems.join('; '));
});
