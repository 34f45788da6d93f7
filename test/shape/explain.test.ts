import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import type { Diagnostic, SourceFile } from '../../src/diagnostics/diagnostic.ts';
import { position } from '../../src/diagnostics/render.ts';
import { explainErrors } from '../../src/shape/explain.ts';
import {
  apiEnum,
  byType,
  choice,
  flag,
  list,
  mapOf,
  number,
  object,
  optional,
  text,
  type TypeOf,
} from '../../src/shape/shape.ts';
import { placeOfRoot, readYaml } from '../../src/source/yaml.ts';

const suite = object({
  suite: text({ minLength: 1 }),
  repeats: optional(number({ integer: true, min: 1, max: 100 })),
  method: optional(choice(['generateContent', 'countTokens'])),
  reason: optional(apiEnum(['STOP', 'SAFETY'])),
  tags: optional(list(text(), { min: 1 })),
  configs: optional(
    mapOf(
      object({
        temperature: optional(number({ min: 0, template: true })),
        store: optional(flag({ template: true })),
      }),
      { keys: '^[a-z]+$', min: 1 },
    ),
  ),
  contains: optional(
    byType({ text: text(), map: object({ text: text(), count: optional(number()) }), list: list(text()) }),
  ),
});
const validate = new Ajv2020({
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  strict: false,
}).compile(suite.schema);

function explain(source: string): string[] {
  const file: SourceFile = { path: 'a.yaml', absolute: '/a.yaml', text: source };
  const found: Diagnostic[] = [];
  const whole = placeOfRoot(file);
  const root = readYaml(file, (diagnostic) => found.push(diagnostic))?.movedTo({
    place: whole,
    keyPlace: whole,
  });
  if (root && !validate(root.value))
    explainErrors(validate.errors ?? [], root, (diagnostic) => found.push(diagnostic));
  return found.map(({ code, message, place, help }) => {
    const at = place ? `${position(place).line}:${position(place).column}` : '-';
    return `${at} ${code}: ${message}${help === undefined ? '' : ` (${help})`}`;
  });
}

describe('reports a schema error once, in plain words, at its place', () => {
  test.for<[source: string, expected: string[]]>([
    ['suite: a\nrepeats: 3', []],
    ['suite: a\nrepeat: 3', ['2:1 unknown-key: unknown key "repeat" (did you mean "repeats"?)']],
    [
      'suite: a\nconfigs: { warm: { temprature: 1 } }',
      ['2:20 unknown-key: unknown key "temprature" in configs.warm (did you mean "temperature"?)'],
    ],
    [
      'suite: a\nconfigs: { warm: { zzz: 1 } }',
      ['2:20 unknown-key: unknown key "zzz" in configs.warm (known keys: temperature, store)'],
    ],
    ['# note\nrepeats: 1', ['2:1 missing-key: missing key "suite" (add "suite")']],
    ['suite: 1.10', ['1:8 wrong-type: expected a text, received the number 1.10 (quote it: "1.10")']],
    ['suite:', ['1:1 wrong-type: expected a text, received nothing (write a value, or remove the key)']],
    ['suite: ""', ['1:8 too-short: expected a text that is not empty (write a text, or remove it)']],
    [
      'suite: a\nrepeats: 1.5',
      ['2:10 wrong-type: expected a whole number, received the number 1.5 (write one whole number)'],
    ],
    [
      'suite: a\nrepeats: 0',
      [
        '2:10 out-of-range: expected a whole number from 1 to 100, received 0 (write a number within the bounds, or remove the key)',
      ],
    ],
    [
      'suite: a\nrepeats: "3"',
      ['2:10 wrong-type: expected a whole number, received the text "3" (write it without quotes)'],
    ],
    [
      'suite: a\nmethod: generatecontent',
      ['2:9 unknown-value: unknown value "generatecontent" (did you mean "generateContent"?)'],
    ],
    [
      'suite: a\nmethod: [x]',
      ['2:9 unknown-value: unknown value a list (known values: generateContent, countTokens)'],
    ],
    ['suite: a\nreason: 3', ['2:9 wrong-type: expected a text, received the number 3 (quote it: "3")']],
    ['suite: a\nreason: NEWS', []],
    [
      'suite: a\ntags: []',
      ['2:1 too-few: expected at least 1 entry, received none (write one, or remove the key)'],
    ],
    ['suite: a\ntags: [x, {}]', ['2:11 wrong-type: expected a text, received a map (write one text)']],
    [
      'suite: a\nconfigs: {}',
      ['2:1 too-few: expected at least 1 key, received none (write one, or remove the key)'],
    ],
    [
      'suite: a\nconfigs: { A1: {} }',
      ['2:12 wrong-name: expected a name that matches ^[a-z]+$, received "A1" (rename it)'],
    ],
    [
      'suite: a\nconfigs: { a: { temperature: hot } }',
      ['2:30 wrong-type: expected a number, received the text "hot" (write one number)'],
    ],
    [
      'suite: a\nconfigs: { a: { temperature: [1] } }',
      ['2:30 wrong-type: expected a number, received a list (write one number)'],
    ],
    ['suite: a\nconfigs: { a: { temperature: "{{t}}", store: "{{ s }}" } }', []],
    [
      'suite: a\nconfigs: { a: { temperature: -1 } }',
      [
        '2:30 out-of-range: expected a number of at least 0, received -1 (write a number within the bounds, or remove the key)',
      ],
    ],
    [
      'suite: a\nconfigs: { a: { store: "true" } }',
      ['2:24 wrong-type: expected true or false, received the text "true" (write it without quotes)'],
    ],
    [
      'suite: a\ncontains: 3',
      ['2:11 wrong-type: expected a text, a map or a list, received the number 3 (quote it: "3")'],
    ],
    [
      'suite: a\ncontains: { text: a, cont: 1 }',
      ['2:22 unknown-key: unknown key "cont" in contains (did you mean "count"?)'],
    ],
    [
      'suite: a\ncontains: [a, 2]',
      ['2:15 wrong-type: expected a text, received the number 2 (quote it: "2")'],
    ],
    [
      '- a',
      [
        '1:1 wrong-type: expected a map, received a list (write a map: { key: value }, or a line with "key: value" for each)',
      ],
    ],
    // A merged entry is shown where it was written.
    [
      'suite: a\nconfigs:\n  a: &a { temperature: -2 }\n  b: { <<: *a, store: 3 }',
      [
        '3:24 out-of-range: expected a number of at least 0, received -2 (write a number within the bounds, or remove the key)',
        '4:23 wrong-type: expected true or false, received the number 3 (write true or false)',
      ],
    ],
  ])('%s', ([source, expected]) => expect(explain(source)).toEqual(expected));

  test('the type of a shape fits its schema', () => {
    const value: TypeOf<typeof suite> = { suite: 'a', contains: { text: 'x' } };
    expect(validate(value)).toBe(true);
  });
});
