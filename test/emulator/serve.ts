/** Starts emulators for tests and calls them over HTTP. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { readScript, type EmulatorScript } from '../../src/emulator/script.ts';
import { startEmulator, type EmulatorOptions } from '../../src/emulator/server.ts';
import type { JsonObject, JsonValue } from '../../src/lib/json.ts';

/** An answer: its status, its media type, its text, and its text as JSON where it is some. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly body: JsonObject;
}

export interface Emulator {
  readonly url: string;
  /** Calls a method of a model with a key; a text is sent as it is. */
  readonly call: (model: string, method: string, body: unknown, query?: string) => Promise<Answer>;
  /** Asks for any address under the version. */
  readonly ask: (address: string, init?: RequestInit) => Promise<Answer>;
}

const key = { 'x-goog-api-key': 'test' };

/** A server for the tests of one file. */
export async function serve(options: EmulatorOptions = {}): Promise<Emulator> {
  const { url, close } = await startEmulator(options);
  afterAll(close);
  return client(url);
}

/** A server for one test. */
export async function during<T>(
  options: EmulatorOptions,
  use: (emulator: Emulator) => Promise<T>,
): Promise<T> {
  const { url, close } = await startEmulator(options);
  try {
    return await use(client(url));
  } finally {
    await close();
  }
}

function client(url: string): Emulator {
  const ask = async (address: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(url + address, { ...init, headers: { ...key, ...init.headers } });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const json = type.startsWith('application/json');
    return { status: response.status, type, text, body: (json ? tryJson(text) : {}) as JsonObject };
  };
  return {
    url,
    ask,
    call: (model, method, body, query = '') =>
      ask(`/v1beta/models/${model}:${method}${query}`, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

function tryJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return {};
  }
}

/** A request of one turn. */
export function says(text: string, more: JsonObject = {}): JsonObject {
  return { contents: [{ role: 'user', parts: [{ text }] }], ...more };
}

/** The same with generation parameters. */
export function under(text: string, generationConfig: JsonObject): JsonObject {
  return says(text, { generationConfig });
}

/** The events of a stream of server-sent events. */
export function eventsOf(text: string): JsonObject[] {
  return text
    .split('\r\n\r\n')
    .filter((block) => block !== '')
    .map((block) => JSON.parse(block.replace(/^data: /, '')) as JsonObject);
}

interface Read {
  readonly candidates: {
    readonly content?: {
      readonly parts?: {
        text?: string;
        thought?: boolean;
        functionCall?: JsonObject;
        thoughtSignature?: string;
      }[];
      readonly role?: string;
    };
    readonly finishReason?: string;
    readonly index?: number;
    readonly safetyRatings?: JsonObject[];
    readonly [key: string]: unknown;
  }[];
  readonly usageMetadata: Record<string, number>;
  readonly modelVersion: string;
}

/** A body read as a GenerateContentResponse. */
export function reply(body: JsonObject): Read {
  return body as unknown as Read;
}

/** The visible text of the first candidate. */
export function textOf(body: JsonObject): string {
  return (reply(body).candidates[0]?.content?.parts ?? [])
    .map(({ text, thought }) => (thought ? '' : (text ?? '')))
    .join('');
}

/** A script from its YAML; what is wrong with it is thrown. */
export async function scriptOf(yaml: string): Promise<EmulatorScript> {
  const { script, found } = await readText(yaml);
  if (!script) throw new Error(JSON.stringify(found.map(({ message }) => message)));
  return script;
}

/** A script from its YAML, and what was found wrong. */
export async function readText(
  yaml: string,
): Promise<{ script: EmulatorScript | undefined; found: Diagnostic[] }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'assay-script-'));
  try {
    const file = path.join(folder, 'script.yaml');
    writeFileSync(file, yaml);
    const found: Diagnostic[] = [];
    return { script: await readScript(file, (diagnostic) => void found.push(diagnostic)), found };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
