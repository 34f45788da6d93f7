/** Kinds that reach beyond a reply: scripts of the user's own, and what calls cost on the day they were made. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { decodeLine, encodeLine } from '../../src/journal/lines.ts';
import type { TrialRecord } from '../../src/journal/record.ts';
import { project } from './project.ts';

const suite = (assert: string): string => `suite: a
model: gemini-3.8-flash
prompts: { p: Write about a lamp. }
assert: [ ${assert} ]
`;
const messagesIn = (text: string): string[] =>
  [...text.matchAll(/"message": "(.*)"/g)].map(([, message = '']) => message);

test('scripts run in run and report, never in validate or plan', () =>
  project(
    {
      'a.suite.yaml': suite('{ script: checks/mark.mjs }'),
      'checks/mark.mjs': `import { writeFileSync } from 'node:fs';
writeFileSync('loaded', '');
export default ({ text }) => text.includes('lamp') || text;
`,
    },
    async ({ spawned: assay, folder }) => {
      const loaded = path.join(folder, 'loaded');
      expect(await assay('validate a.suite.yaml')).toMatchObject({ code: 0 });
      expect(await assay('plan a.suite.yaml')).toMatchObject({ code: 0 });
      expect(existsSync(loaded)).toBe(false);
      expect(await assay('run a.suite.yaml --emulator')).toMatchObject({ code: 0 });
      expect(existsSync(loaded)).toBe(true);
    },
  ));

test('a script that never ends is stopped, and the run continues', () =>
  project(
    {
      'a.suite.yaml': suite(
        '{ script: { file: checks/endless.mjs, timeout: 100 } }, { not: { contains: nowhere } }',
      ),
      'checks/endless.mjs': 'export default () => { while (true) {} };\n',
    },
    async ({ assay, read }) => {
      const ended = await assay('run a.suite.yaml --emulator');
      expect(ended, ended.stderr).toMatchObject({ code: 1 });
      expect(messagesIn(read('reports/a.json'))).toEqual([
        'checks/endless.mjs did not answer within 100 ms and was ended',
        'the text does not contain \\"nowhere\\"',
      ]);
    },
  ));

test('script output goes to stderr, and scripts never see the key', () =>
  project(
    {
      'a.suite.yaml': suite('{ script: checks/prints.mjs }'),
      'checks/prints.mjs': `export default () => {
  console.log('seen', process.env.GEMINI_API_KEY, process.env.GOOGLE_API_KEY, process.env.SHOWN);
  return true;
};
`,
    },
    async ({ spawned }) => {
      const env = { GEMINI_API_KEY: 'a-secret-key', GOOGLE_API_KEY: 'another-secret', SHOWN: 'shown' };
      const ended = await spawned('run a.suite.yaml --emulator', env);
      expect(ended).toMatchObject({ code: 0 });
      expect(ended.stderr).toContain('seen undefined undefined shown');
      expect(ended.stdout).not.toContain('seen');
    },
  ));

test('a changed script changes the suite', () =>
  project(
    { 'a.suite.yaml': suite('{ script: rule.mjs }'), 'rule.mjs': 'export default () => true;\n' },
    async ({ assay, write }) => {
      await assay('run a.suite.yaml --emulator');
      write('rule.mjs', 'export default () => "no";\n');
      expect(await assay('report')).toMatchObject({ code: 2 });
    },
  ));

test('reads a file in a nested schema next to a shared file of assertions', () =>
  project(
    {
      'a.suite.yaml': suite('{ file: shared/rules.yaml }'),
      'shared/rules.yaml':
        '- any: [ { json: { schema: { file: boat.json } } }, { script: rule.mjs }, { contains: nowhere } ]\n',
      'shared/boat.json': '{ "type": "object" }\n',
      'shared/rule.mjs': 'export default () => true;\n',
    },
    async ({ assay, read }) => {
      const ended = await assay('run a.suite.yaml --emulator');
      expect(ended, ended.stderr).toMatchObject({ code: 0 });
      expect(read('reports/a.json')).toContain('shared/rule.mjs returned true');
    },
  ));

test('a report of an old journal uses the prices of its date', () =>
  project({ 'a.suite.yaml': suite('{ cost: { max: 1 } }') }, async ({ assay, read, write }) => {
    await assay('run a.suite.yaml --emulator');
    const journal = read('reports/journal.jsonl');
    const figure = async (at: string): Promise<number> => {
      const moved = journal.replace(/^.*"type":"trial".*\n/m, (line) =>
        encodeLine({ ...(decodeLine(line.trimEnd()) as TrialRecord), at }),
      );
      write('reports/journal.jsonl', moved);
      expect(await assay('report reports --reports again')).toMatchObject({ code: 0 });
      expect(read('again/a.json')).not.toContain('USD');
      return Number(/"([\d.]+) USD"/.exec(read('again/run.json'))?.[1]);
    };
    const before = await figure('2026-12-31T23:00:00.000Z');
    expect(before).toBeGreaterThan(0);
    expect(await figure('2027-01-01T01:00:00.000Z')).toBeCloseTo(2 * before, 12);
  }));

test('a suite can set prices of unknown and known models', () =>
  project(
    {
      'a.suite.yaml': `${suite('{ cost: 0 }')}prices: { gemini-3.8-flash: { input: 0, output: 0 } }\n`,
    },
    async ({ assay }) => {
      expect(await assay('run a.suite.yaml --emulator')).toMatchObject({ code: 0 });
    },
  ));
