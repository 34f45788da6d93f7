/** Each request that the example suites send holds only what the API's description has, but for `extra`. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readScript } from '../../src/emulator/script.ts';
import { startEmulator } from '../../src/emulator/server.ts';
import { isObject, type JsonObject, type JsonValue } from '../../src/lib/json.ts';
import { assay, inFolder, root } from '../e2e/assay.ts';
import { record, type Recorded, type Recorder } from '../recorder.ts';
import { messageOfMethod, misfits } from './description.ts';

const folder = path.join(root, 'suites');
const suites = readdirSync(folder).filter((file) => file.endsWith('.suite.yaml'));
const key = 'planted-key-of-this-test';
const sent = new Map<string, Recorded[]>();

let emulator: Awaited<ReturnType<typeof startEmulator>>;
let recorder: Recorder;
beforeAll(async () => {
  const script = await readScript(path.join(folder, 'emulator.yaml'), ({ message }) => {
    throw new Error(message);
  });
  emulator = await startEmulator(script ? { script } : {});
  recorder = await record(emulator.url);
});
afterAll(async () => {
  await recorder.close();
  await emulator.close();
});

const methodOf = ({ url }: Recorded): string => /:(\w+)/.exec(url.split('?')[0] ?? '')?.[1] ?? '';

/** Every `extra` of a suite, at any place. */
function extrasOf(value: JsonValue): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(extrasOf);
  if (!isObject(value)) return [];
  const { extra, ...rest } = value;
  return [...(isObject(extra) ? [extra] : []), ...Object.values(rest).flatMap(extrasOf)];
}

test.for(suites)('%s', async (file) => {
  recorder.requests.length = 0;
  await inFolder(async (reports) => {
    const ended = await assay(['run', `suites/${file}`, '--base-url', recorder.url, '--reports', reports], {
      env: { GEMINI_API_KEY: key, NO_PROXY: '127.0.0.1' },
    });
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  });
  const requests = [...recorder.requests];
  sent.set(file, requests);
  expect(requests.length).toBeGreaterThan(0);
  const extras = extrasOf(parse(readFileSync(path.join(folder, file), 'utf8')) as JsonValue);
  for (const request of requests) {
    expect(request.url).not.toContain(key);
    expect(request.headers['x-goog-api-key']).toBe(key);
    const message = messageOfMethod(methodOf(request));
    if (message === undefined) {
      expect(request).toMatchObject({ method: 'GET' });
      expect(request.body).toBeUndefined();
      continue;
    }
    expect(request.headers['content-type']).toBe('application/json');
    // Fields of an `extra` are not checked: problems of the `extra` alone are ignored.
    const own = new Set(
      extras.flatMap((extra) => misfits(message, extra)).filter((problem) => !problem.endsWith(': missing')),
    );
    const found = misfits(message, request.body ?? null).filter((problem) => !own.has(problem));
    expect(found, JSON.stringify(request.body)).toEqual([]);
  }
});

test('the suites together send every method with a body', () => {
  expect(sent.size).toBe(suites.length);
  const methods = new Set([...sent.values()].flat().map(methodOf));
  expect([...methods].toSorted()).toEqual([
    '',
    'batchEmbedContents',
    'countTokens',
    'embedContent',
    'generateContent',
    'streamGenerateContent',
  ]);
});
