/** Maps whose keys look like numbers are judged as any, wherever they come from. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { compileEntry } from '../../src/assertions/compile.ts';
import { decodeReply } from '../../src/gemini/decode.ts';
import { parseJson } from '../../src/lib/parse-json.ts';

const body = parseJson(
  '{"candidates":[{"content":{"parts":[{"text":"{\\"b\\":1,\\"2\\":[2]}"},{"functionCall":{"name":"f","args":{"b":1,"2":[2]}}}]},"finishReason":"STOP"}]}',
);

test.for<[kind: string, args: string, status: string]>([
  [
    'json',
    '{"schema":{"type":"object","required":["b","2"],"properties":{"b":{"type":"number"},"2":{"type":"array"}}}}',
    'holds',
  ],
  [
    'json',
    '{"schema":{"type":"object","properties":{"b":{"type":"text"},"2":{"type":"string"}}}}',
    'invalid',
  ],
  ['json', '{"schema":{"type":"object","properties":{"b":{},"2":{"type":"string"}}}}', 'fails'],
  ['jsonPath', `{"path":"$['2'][0]","equals":2}`, 'holds'],
  ['jsonPath', '{"path":"$","equals":{"2":[2],"b":1}}', 'holds'],
  ['functionCall', '{"name":"f","args":{"b":1,"2":[2]}}', 'holds'],
  ['functionCall', '{"name":"f","args":{"b":2,"2":[2]}}', 'fails'],
  ['script', '{"file":"scripts/given.mjs","with":{"word":"b","2":1,"1":2}}', 'holds'],
])('%s %s', async ([kind, args, status]) => {
  const check = await compileEntry(kind, parseJson(args), () => undefined);
  const reply = decodeReply('generateContent', { status: 200, body, totalMs: 1 });
  const [candidate] = reply.candidates;
  const trial = { at: '2026-12-01T00:00:00.000Z', calls: [reply], root: path.resolve(import.meta.dirname) };
  const found = await check?.({ reply, trial, ...(candidate ? { candidate } : {}) });
  expect(found?.status ?? 'invalid').toBe(status);
});
