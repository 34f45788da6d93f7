/** Suites of models that draw, tried on the emulator. */
import { expect, test } from 'vitest';
import { project } from './project.ts';

const suite = `suite: lamp
models: [gemini-2.5-flash-image, gemini-3.8-flash, gemini-99-painter]
configs: { c: { responseModalities: [TEXT, IMAGE] } }
prompts: { draw: Draw a lamp. }
tests:
  - name: draws
    assert:
      - response: { path: "$.candidates[0].content.parts[?@.inlineData].inlineData.mimeType", matches: "^image/" }
`;
const script = `replies:
  - when: { prompt: { contains: lamp } }
    response: { candidates: [ { content: { role: model, parts: [ { inlineData: { mimeType: image/png, data: "iVBORw0KGgo=" } } ] }, finishReason: STOP, index: 0 } ] }
`;

test('a scripted response answers for every model, even an unknown one', () =>
  project({ 'suites/lamp.suite.yaml': suite, 'script.yaml': script }, async (at) => {
    const ended = await at.assay('run --emulator --script script.yaml');
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(at.results('lamp').summary).toMatchObject({ cases: 3, passed: 3 });
  }));

test('an image model answers with a picture without a script', () =>
  project(
    { 'suites/lamp.suite.yaml': suite.replace(/^models: .*$/m, 'model: gemini-nano-banana-2.1') },
    async (at) => {
      const ended = await at.assay('run --emulator');
      expect(ended.code, ended.stdout + ended.stderr).toBe(0);
      expect(at.results('lamp').summary).toMatchObject({ cases: 1, passed: 1 });
    },
  ));
