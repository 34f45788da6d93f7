/** The curl calls of Google's REST quick start, with current models; the key is in the query. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmulator } from '../../src/emulator/server.ts';
import type { JsonObject } from '../../src/lib/json.ts';
import { inFolder, root } from '../e2e/assay.ts';
import { eventsOf, reply, textOf } from './serve.ts';

/** Without curl these tests are left out, and say so; not where CI says that everything must run. */
const missing = spawnSync('curl', ['--version']).status !== 0 && !process.env.CI;

let emulator: Awaited<ReturnType<typeof startEmulator>>;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** What a script of the shell prints, with the address in BASE and a key in GOOGLE_API_KEY. */
function shell(script: string): Promise<string> {
  return inFolder(async (folder) => {
    copyFileSync(path.join(root, 'suites/images/sun.png'), path.join(folder, 'image.png'));
    const child = spawn('sh', ['-e', '-c', script], {
      cwd: folder,
      env: { ...process.env, NO_PROXY: '127.0.0.1', BASE: emulator.url, GOOGLE_API_KEY: 'test' },
    });
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    await once(child, 'close');
    return Buffer.concat(said).toString();
  });
}

const post = (call: string, body: string, options = ''): string => `
curl -s "$BASE/v1beta/models/${call}key=$GOOGLE_API_KEY" ${options} \\
    -H 'Content-Type: application/json' \\
    -X POST \\
    -d '${body}'
`;
const flash = 'gemini-3.8-flash';
const embedding = 'gemini-embedding-001';
const parts = (text: string): string => `"parts":[{
          "text": "${text}"}]`;
const read = (text: string): JsonObject => JSON.parse(text) as JsonObject;

const calls: Record<string, [script: string, check: (said: string) => void]> = {
  'a text': [
    post(
      `${flash}:generateContent?`,
      `{
      "contents": [{
        ${parts('Write a story about a brass telescope.')}}]}`,
    ),
    (said) => expect(textOf(read(said))).toContain('telescope'),
  ],
  'a text and a picture, from a file': [
    `
echo '{
  "contents":[
    {
      "parts":[
        {"text": "What does this picture show?"},
        {
          "inline_data": {
            "mime_type":"image/png",
            "data": "'$(base64 image.png | tr -d '\\n')'"
          }
        }
      ]
    }
  ]
}' > request.json
curl -s "$BASE/v1beta/models/${flash}:generateContent?key=\${GOOGLE_API_KEY}" \\
        -H 'Content-Type: application/json' \\
        -d @request.json
`,
    (said) => {
      expect(textOf(read(said))).not.toBe('');
      expect(reply(read(said)).usageMetadata.promptTokensDetails).toContainEqual({
        modality: 'IMAGE',
        tokenCount: 258,
      });
    },
  ],
  'a chat, with its trailing comma': [
    post(
      `${flash}:generateContent?`,
      `{
      "contents": [
        {"role":"user",
         ${parts('Begin a tale about a brass telescope.')}},
        {"role": "model",
         ${parts('On the quay stood a boy who could not read maps.')}},
        {"role": "user",
         ${parts('Now let it happen in a mountain village.')}},
      ]
    }`,
    ),
    (said) => expect(textOf(read(said))).toContain('village'),
  ],
  'every parameter of a config': [
    post(
      `${flash}:generateContent?`,
      `{
        "contents": [{
            "parts":[
                {"text": "Write a story about a brass telescope."}
            ]
        }],
        "safetySettings": [
            {
                "category": "HARM_CATEGORY_DANGEROUS_CONTENT",
                "threshold": "BLOCK_ONLY_HIGH"
            }
        ],
        "generationConfig": {
            "stopSequences": [
                "Chapter"
            ],
            "temperature": 1.0,
            "maxOutputTokens": 800,
            "topP": 0.8,
            "topK": 10
        }
    }`,
    ),
    (said) => expect(reply(read(said)).candidates[0]?.finishReason).toBe('STOP'),
  ],
  'a stream': [
    `
curl -s "$BASE/v1beta/models/${flash}:streamGenerateContent?alt=sse&key=\${GOOGLE_API_KEY}" \\
        -H 'Content-Type: application/json' \\
        --no-buffer \\
        -d '{ "contents":[{"parts":[{"text": "Write a long story about a brass telescope."}]}]}'
`,
    (said) => {
      expect(said.startsWith('data: {"candidates": [{"content": {"parts": [{"text": ')).toBe(true);
      const events = eventsOf(said);
      expect(events.length).toBeGreaterThan(2);
      expect(events.map((event) => textOf(event)).join('')).toContain('telescope');
    },
  ],
  'a count': [
    post(
      `${flash}:countTokens?`,
      `{
      "contents": [{
        ${parts('Write a story about a brass telescope.')}}]}`,
    ),
    (said) => expect(read(said).totalTokens).toBe(8),
  ],
  'an embedding': [
    post(
      `${embedding}:embedContent?`,
      `{
        "model": "models/${embedding}",
        "content": {
        ${parts('Write a story about a brass telescope.')}} }`,
    ),
    (said) => expect(read(said)).toMatchObject({ embedding: { values: { length: 3072 } } }),
  ],
  'a batch of embeddings': [
    post(
      `${embedding}:batchEmbedContents?`,
      `{
      "requests": [{
        "model": "models/${embedding}",
        "content": {
        ${parts('Write a story about a brass telescope.')}} }]}`,
    ),
    (said) => expect(read(said)).toMatchObject({ embeddings: [{ values: { length: 3072 } }] }),
  ],
  'a model': [
    `curl -s "$BASE/v1beta/models/${flash}?key=$GOOGLE_API_KEY"`,
    (said) => expect(read(said)).toMatchObject({ name: `models/${flash}`, inputTokenLimit: 1048576 }),
  ],
  'all models': [
    `curl -s $BASE/v1beta/models?key=$GOOGLE_API_KEY`,
    (said) => {
      const { models } = read(said) as unknown as { models: { name: string }[] };
      expect(models.map(({ name }) => name)).toContain(`models/${flash}`);
    },
  ],
  'a model that is gone': [
    post('gemini-pro:generateContent?', `{ "contents": [{ ${parts('Hello.')}}]}`),
    (said) => expect(read(said)).toMatchObject({ error: { code: 404, status: 'NOT_FOUND' } }),
  ],
  'no key': [
    `curl -s -w '%{http_code}' "$BASE/v1beta/models"`,
    (said) => expect(said).toMatch(/unregistered callers[^]*403$/),
  ],
};

test.skipIf(missing).for(Object.entries(calls))('curl: %s', async ([, [script, check]]) => {
  check(await shell(script));
});
