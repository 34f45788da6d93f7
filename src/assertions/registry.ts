import { boundsDefs } from './bounds.ts';
import { isObject, type JsonObject, type JsonValue } from '../lib/json.ts';
import { byType, choice, flag, list, number, reference, text, type Shape } from '../shape/shape.ts';
import type { Kind } from './kind.ts';
import { all } from './kinds/all.ts';
import { any } from './kinds/any.ts';
import { avgLogprobs } from './kinds/avg-logprobs.ts';
import { blockReason } from './kinds/block-reason.ts';
import { chunks } from './kinds/chunks.ts';
import { citations } from './kinds/citations.ts';
import { contains } from './kinds/contains.ts';
import { cost } from './kinds/cost.ts';
import { editDistance } from './kinds/edit-distance.ts';
import { embedding } from './kinds/embedding.ts';
import { endsWith } from './kinds/ends-with.ts';
import { equals } from './kinds/equals.ts';
import { error } from './kinds/error.ts';
import { finishReason } from './kinds/finish-reason.ts';
import { functionCall } from './kinds/function-call.ts';
import { json } from './kinds/json.ts';
import { jsonPath } from './kinds/json-path.ts';
import { latency } from './kinds/latency.ts';
import { length } from './kinds/length.ts';
import { matches } from './kinds/matches.ts';
import { modelVersion } from './kinds/model-version.ts';
import { not } from './kinds/not.ts';
import { outcome } from './kinds/outcome.ts';
import { response } from './kinds/response.ts';
import { rouge } from './kinds/rouge.ts';
import { safety } from './kinds/safety.ts';
import { script } from './kinds/script.ts';
import { snapshot } from './kinds/snapshot.ts';
import { startsWith } from './kinds/starts-with.ts';
import { tokens } from './kinds/tokens.ts';

/** A kind whose arguments were checked by its own shape before it sees them. */
export type AnyKind = Omit<Kind<never>, 'shape'> & { readonly shape: Shape<unknown> };

const listed: readonly AnyKind[] = [
  contains,
  startsWith,
  endsWith,
  equals,
  matches,
  length,
  json,
  jsonPath,
  editDistance,
  rouge,
  snapshot,
  finishReason,
  outcome,
  blockReason,
  safety,
  tokens,
  latency,
  chunks,
  cost,
  functionCall,
  citations,
  avgLogprobs,
  modelVersion,
  embedding,
  error,
  response,
  script,
  not,
  any,
  all,
];

/** Every assertion kind by its key in a suite. */
export const kinds: Readonly<Record<string, AnyKind>> = Object.fromEntries(
  listed.map((kind) => [kind.name, kind]),
);

/** The kind keys of an entry: exactly one is right. */
export function kindsIn(entry: JsonObject): string[] {
  return Object.keys(entry).filter((key) => Object.hasOwn(kinds, key));
}

/** The kind of a sound entry. */
export function kindOf(entry: JsonObject): string | undefined {
  return kindsIn(entry)[0];
}

/** The assertions among the arguments of a kind, each with the path that leads to it; undefined if the kind takes none. */
export function nestedEntries(
  kind: string,
  args: JsonValue,
): { readonly entry: JsonObject; readonly path: readonly number[] }[] | undefined {
  const nests = kinds[kind]?.nests;
  if (!nests) return undefined;
  if (nests.takes === 'one') return isObject(args) ? [{ entry: args, path: [] }] : [];
  return Array.isArray(args)
    ? args.flatMap((entry, index) => (isObject(entry) ? [{ entry, path: [index] }] : []))
    : [];
}

/** `$defs` of the suite schema: one assertion entry. Exactly one kind key is checked in code, for a better message. */
export function assertionSchemas(): { defs: JsonObject } {
  const properties: JsonObject = {};
  const shapes: JsonObject = {};
  for (const kind of listed) {
    const name = `assert.${kind.name}`;
    shapes[name] = { description: kind.doc, ...kind.shape.schema, examples: [kind.example] };
    properties[kind.name] = { $ref: `#/$defs/${name}` };
  }
  properties.label = text({
    doc: 'The name of this assertion in reports.',
    example: 'mentions the product',
  }).schema;
  properties.severity = choice(['error', 'warn'], {
    doc: 'warn: a failure counts as a warning and does not change the verdict.',
    example: 'warn',
  }).schema;
  properties.guardrail = flag({
    doc: 'Marks an assertion that must never get worse: its failures are listed before all others.',
    example: true,
  }).schema;
  properties.turn = byType(
    { number: number({ integer: true, min: 1 }), text: choice(['all']) },
    {
      doc: 'The turn of a conversation to check: the number of a model reply, from 1, or all. Default: the last.',
      example: 1,
    },
  ).schema;
  properties.file = text({
    doc: 'A .yaml or .json file with the assertions.',
    example: 'shared/safety.yaml',
  }).schema;
  return {
    defs: {
      assertion: {
        title: 'an assertion',
        description: 'One assertion: exactly one kind, and optionally label, severity, guardrail or turn.',
        type: 'object',
        properties,
        additionalProperties: false,
        minProperties: 1,
      },
      entries: list(
        byType(
          { map: reference('assertion'), list: reference('entries') },
          { doc: 'An assertion, { kind: … }, or a list of them.', example: { contains: 'backpack' } },
        ),
      ).schema,
      ...shapes,
      ...boundsDefs,
    },
  };
}

/** For the README's table. */
export function documentKinds(): { name: string; doc: string; example: JsonValue }[] {
  return listed.map(({ name, doc, example }) => ({ name, doc, example }));
}
