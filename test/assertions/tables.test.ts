/** A table of cases for every assertion kind: arguments, a reply as the API sends it, and how the assertion comes out. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { compileEntry } from '../../src/assertions/compile.ts';
import { kinds } from '../../src/assertions/registry.ts';
import { decodeReply } from '../../src/gemini/decode.ts';
import type { Method } from '../../src/gemini/methods.ts';
import type { PriceOverrides } from '../../src/gemini/prices.ts';
import type { JsonValue } from '../../src/lib/json.ts';

interface TableCase {
  name: string;
  args: JsonValue;
  /** Short for a body with one candidate that has this text and STOP. */
  text?: string;
  body?: JsonValue;
  method?: Method;
  status?: number;
  ms?: number;
  chunks?: number;
  /** The requested model, the date, the suite's prices, and earlier replies of a conversation. */
  model?: string;
  at?: string;
  prices?: PriceOverrides;
  before?: JsonValue[];
  /** Texts that were approved for the case. */
  approved?: string[];
  expect: 'holds' | 'fails' | 'unknown' | 'invalid';
  message?: string;
}

const file = (kind: string): string => path.join(import.meta.dirname, `${kind}.yaml`);

function bodyOf({ text, body }: TableCase): JsonValue {
  if (text === undefined) return body ?? {};
  return { candidates: [{ content: { parts: [{ text }], role: 'model' }, finishReason: 'STOP' }] };
}

test.for(Object.keys(kinds))('%s has a table with rows that hold and fail', (kind) => {
  expect(existsSync(file(kind)), `test/assertions/${kind}.yaml`).toBe(true);
  const table = parse(readFileSync(file(kind), 'utf8')) as TableCase[];
  expect(table.length).toBeGreaterThanOrEqual(4);
  for (const needed of ['holds', 'fails']) expect(table.some((each) => each.expect === needed)).toBe(true);
});

const cases = Object.keys(kinds)
  .filter((kind) => existsSync(file(kind)))
  .flatMap((kind) =>
    (parse(readFileSync(file(kind), 'utf8')) as TableCase[]).map((each): [string, string, TableCase] => [
      kind,
      each.name,
      each,
    ]),
  );

/** The result of `not`: an unknown result stays unknown. */
const turned = { holds: 'fails', fails: 'holds', unknown: 'unknown' } as const;

test.for(cases)('%s: %s', async ([kind, , each]) => {
  const problems: string[] = [];
  const check = await compileEntry(kind, each.args, ({ severity, code }) => {
    if (severity === 'error') problems.push(code);
  });
  if (each.expect === 'invalid') {
    expect(problems).toEqual([each.message]);
    return;
  }
  expect(problems).toEqual([]);
  const reply = decodeReply(each.method ?? 'generateContent', {
    status: each.status ?? 200,
    body: bodyOf(each),
    totalMs: each.ms ?? 10,
    ...(each.chunks === undefined ? {} : { chunks: each.chunks }),
  });
  const [candidate] = reply.candidates;
  const earlier = (each.before ?? []).map((body) =>
    decodeReply('generateContent', { status: 200, body, totalMs: 1 }),
  );
  const subject = {
    reply,
    trial: {
      at: each.at ?? '2026-11-20T12:00:00.000Z',
      model: each.model ?? 'gemini-3.8-flash',
      calls: [...earlier, reply],
      root: import.meta.dirname,
      ...(each.approved ? { approved: each.approved } : {}),
      ...(each.prices ? { prices: each.prices } : {}),
    },
    ...(candidate ? { candidate } : {}),
  };
  const evaluation = await check?.(subject);
  expect(evaluation?.status, evaluation?.message).toBe(each.expect);
  if (each.message !== undefined) expect(evaluation?.message).toBe(each.message);
  if (kinds[kind]?.topOnly) return;
  const not = await compileEntry('not', { [kind]: each.args }, () => undefined);
  expect((await not?.(subject))?.status, `not: ${evaluation?.message}`).toBe(turned[each.expect]);
});
