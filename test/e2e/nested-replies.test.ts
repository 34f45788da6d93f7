/** A reply that is nested without end spoils its own case, and neither the run nor what others were answered. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { project } from './project.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const answer = (text: string, more = ''): string =>
  `{"candidates":[{"content":{"parts":[{"text":${JSON.stringify(text)}}]},"finishReason":"STOP"${more}}]}`;

const suite = `suite: a
model: gemini-3.8-flash
prompts: { deep: "deep text", deeper: "deep body", fine: fine }
tests:
  - name: text
    prompts: [deep, fine]
    assert:
      - jsonPath: { path: "$..zzz", exists: false }
      - json: { schema: { $ref: "#" } }
  - { name: body, prompts: [deeper, fine], assert: [ { outcome: answered } ] }
`;

test('reports replies nested too deeply at their cases, live and from the journal', async () => {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      if (body.includes('deep text')) response.end(answer(nested(5000)));
      else if (body.includes('deep body')) response.end(answer('x', `,"extra":${nested(100_000)}`));
      else response.end(answer('[]'));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await project({ 'suites/a.suite.yaml': suite }, async ({ assay, results, read }) => {
      const ended = await assay(`run --base-url ${url} --retries 0`);
      expect(ended.stderr).not.toContain('internal');
      expect(ended.code).toBe(3);
      const byId = new Map(results('a').cases.map((each) => [each.id, each]));
      expect(byId.get('text / deep')?.verdict).toBe('failed');
      expect(byId.get('body / fine')?.verdict).toBe('passed');
      expect(byId.get('body / deeper')).toMatchObject({
        verdict: 'errored',
        trials: [{ outcome: 'malformed' }],
      });
      expect(read('reports/a.json')).toContain('the answer is nested too deeply to be looked at');
      expect(read('reports/a.json')).toContain('the response is nested more than 200 levels deep');
      const again = await assay('report reports --reports again');
      expect(again.code).toBe(3);
      expect(read('again/a.json')).toBe(read('reports/a.json'));
    });
  } finally {
    server.close();
  }
});
