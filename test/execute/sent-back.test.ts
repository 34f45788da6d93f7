/** A model turn is sent back as it came: its keys in their order, its numbers as they were, or the trial is errored. */
import { expect, test } from 'vitest';
import { runPlans } from '../../src/execute/run.ts';
import { createTransport } from '../../src/gemini/transport.ts';
import { decodeLine, encodeLine } from '../../src/journal/lines.ts';
import type { TrialRecord } from '../../src/journal/record.ts';
import { judgeRecord } from '../../src/judge/trial.ts';
import { scripted, whole, chunk, chunkedHead } from '../gemini/scripted-server.ts';
import { planSound } from '../suites.ts';
import { judging } from './judging.ts';
import { fakeClock } from './fake-clock.ts';

const suite = (method: string): string => `suite: s
model: gemini-3.8-flash
method: ${method}
configs: { c: { tools: [ { functionDeclarations: [ { name: rate, description: Rates. } ] } ] } }
prompts:
  p:
    - user: Rate these.
    - model:
    - user: [ { functionResponse: { name: rate, response: { ok: true } } } ]
tests: [ { name: t, assert: [ { contains: Done } ] } ]
`;
const call = (args: string): string =>
  `{"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"rate","args":${args}}}]},"finishReason":"STOP","avgLogprobs":-0.1234567890123456789}],"usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":3,"totalTokenCount":7}}`;
const done = '{"candidates":[{"content":{"role":"model","parts":[{"text":"Done."}]},"finishReason":"STOP"}]}';

/** The request that the second call was, and the trial's record, judged. */
async function converse(
  method: string,
  args: string,
): Promise<{
  bodies: string[];
  record: TrialRecord;
  judged: Awaited<ReturnType<typeof judgeRecord>>['result'];
}> {
  const plan = await planSound(suite(method));
  const answers = [call(args), done].map((text) =>
    method === 'generateContent'
      ? whole(200, text)
      : (socket: Parameters<typeof chunkedHead>[0]): void => {
          chunkedHead(socket);
          chunk(socket, Buffer.from(`data: ${text}\r\n\r\n`));
          socket.write('0\r\n\r\n');
        },
  );
  const server = await scripted(...answers);
  const transport = createTransport({ baseUrl: server.url, timeoutMs: 10_000, env: {} });
  const records: TrialRecord[] = [];
  await runPlans([plan], {
    transport,
    journal: {
      append: (record) => {
        const read = decodeLine(encodeLine(record).trimEnd());
        if (read?.type === 'trial') records.push(read);
        return Promise.resolve({ at: 0, length: 1 });
      },
    },
    concurrency: 1,
    retries: 0,
    clock: fakeClock(),
    signal: new AbortController().signal,
    ...judging(),
  });
  await transport.close();
  await server.close();
  const [record] = records;
  const [ref] = plan.cases;
  if (!record || !ref) throw new Error('no trial was made');
  return {
    bodies: server.seen.map(({ body }) => body),
    record,
    judged: (await judgeRecord(plan.materialize(ref), record)).result,
  };
}

test.for(['generateContent', 'streamGenerateContent'])(
  '%s: sends arguments of a call back with their keys in order',
  async (method) => {
    const args = '{"why":"w","3":0.79999999999999993,"1":[{"b":1,"2":2,"0":9007199254740991}]}';
    const { bodies, record, judged } = await converse(method, args);
    expect(bodies).toHaveLength(2);
    const printed = args.replace('0.79999999999999993', '0.7999999999999999');
    expect(bodies[1]).toContain(`"args":${printed}`);
    expect(judged.verdict).toBe('passed');
    expect(JSON.stringify(record.exchanges[0]?.body)).toContain(printed);
  },
);

test.for<[method: string, number: string]>([
  ['generateContent', '12345678901234567890'],
  ['streamGenerateContent', '9007199254740993'],
  ['generateContent', '0.1234567890123456789'],
])('%s: does not send back a call with %s; the trial errored', async ([method, number]) => {
  const { bodies, record, judged } = await converse(method, `{"id":[${number}]}`);
  expect(bodies).toHaveLength(1);
  expect(record.exchanges).toHaveLength(2);
  expect(judged.verdict).toBe('errored');
  expect(judged.error).toMatchObject({
    transport: 'inexact-number',
    message: `the model's turn holds the number ${number}, which has more digits than a double keeps: sent back, it would be another`,
  });
  expect(judged.usage).toMatchObject({ total: 7 });
});
