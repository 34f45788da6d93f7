/** Answers a call to a model: reads it, lets the script and the quota speak first, then answers by the method. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject, JsonValue } from '../lib/json.ts';
import { parseLenient, readBody } from './body.ts';
import { draw, nameOf } from './chance.ts';
import { checkContents, checkGenerate } from './check-generate.ts';
import { batchEmbedContents, embedContent } from './embed.ts';
import { ApiFailure, scripted } from './fail.ts';
import { eventsBefore, failAtOnce, spoilAnswer, spoilStream } from './fault.ts';
import { generate, tierOf } from './generate.ts';
import { findModel, type EmulatedModel } from './models.ts';
import { messageOf } from './message-table.ts';
import type { Writing } from './query.ts';
import { readMessage } from './read-message.ts';
import {
  lastText,
  textOf,
  type BatchEmbedRequest,
  type CountRequest,
  type EmbedRequest,
  type GenerateRequest,
} from './request.ts';
import { createRules, type Call } from './rules.ts';
import { createSalts } from './salt.ts';
import type { Rule } from './rule.ts';
import type { EmulatorScript } from './script.ts';
import { scriptedError } from './scripted-error.ts';
import { openStream, sendJson } from './send.ts';
import { cutIntoEvents } from './stream.ts';
import { countContents, countPrompt, detailsOf, totalOf } from './tokens.ts';

/** One call on its way: what came, where the answer goes, and how it shall be written. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly writing: Writing;
  readonly version: string;
  /** Waits; rejects when the client goes or the server closes. */
  readonly pause: (milliseconds: number, response: ServerResponse) => Promise<void>;
}

/** What a server remembers from call to call. */
export interface Conduct {
  readonly script?: EmulatorScript;
  readonly seed: number;
  readonly quota: (model: string, tokens: () => number) => ApiFailure | undefined;
}

const usualChunks = 3;
/** Milliseconds that keep what goes wrong out of the network's chunk before it, where clients look for it. */
const apart = 40;

/** The answerers of one server: `call` for the methods of a model, `look` for what is only looked up. */
export function createAnswerer({ script, seed, quota }: Conduct): {
  call(exchange: Exchange, name: string, method: string): Promise<void>;
  look(exchange: Exchange, model: string, method: string, find: () => JsonValue): Promise<void>;
} {
  const choose = createRules(script?.replies ?? [], seed);
  const saltOf = createSalts(seed);
  let arrived = 0;

  /** Waits as the rule says, then fails where it says so; true if the answer is given. */
  async function obey(exchange: Exchange, rule: Rule | undefined, asked: Call): Promise<boolean> {
    const jitter = script?.jitter ? draw(Math.ceil(script.jitter), String(seed), String(arrived++)) : 0;
    await wait(exchange, (rule?.delay ?? 0) + jitter);
    const streams = asked.method === 'streamGenerateContent';
    if (rule?.error && !(streams && rule.error.afterChunks)) throw scriptedError(rule.error, asked.model);
    return rule?.fault !== undefined && failAtOnce(exchange.response, rule.fault);
  }

  function finish({ response, writing }: Exchange, rule: Rule | undefined, answer: JsonValue): void {
    if (rule?.fault === undefined) sendJson(response, 200, answer, writing);
    else spoilAnswer(response, rule.fault, answer, writing);
  }

  return {
    async call(exchange, name, method) {
      const text = await readBody(exchange.request);
      const body = text.trim() === '' ? {} : parseLenient(text);
      const { read, failure } = readMessage(messageOf(method), body, exchange.version);
      const model = name.replace(/^models\//, '');
      const asked = { method, model, prompt: promptOf(method, read), key: nameOf(method, model, text) };
      const rule = choose(asked);
      if (await obey(exchange, rule, asked)) return;
      const spent = quota(model, () => (method === 'countTokens' ? 0 : totalOf(countPrompt(read))));
      if (spent) throw spent;
      const generating = method === 'generateContent' || method === 'streamGenerateContent';
      const answer = (): JsonValue => {
        if (failure) throw failure;
        const found = findModel(name, method, exchange.version);
        if (found instanceof ApiFailure) throw found;
        if (!generating) return answerOther(method, read, found, name);
        const request = read as GenerateRequest;
        const prompt = checkGenerate(request, found);
        return generate({ request, model: found, salt: saltOf(request, found, asked.key) }, prompt, rule);
      };
      // A whole response is sent whatever is asked, and of whichever model.
      const reply = rule?.response ?? answer();
      if (generating) exchange.response.setHeader('x-gemini-service-tier', tierOf(read));
      if (method === 'streamGenerateContent') await stream(exchange, reply, rule, model);
      else finish(exchange, rule, reply);
    },
    async look(exchange, model, method, find) {
      const asked = { method, model, prompt: '', key: nameOf(method, exchange.request.url ?? '') };
      const rule = choose(asked);
      if (!(await obey(exchange, rule, asked))) finish(exchange, rule, rule?.response ?? find());
    },
  };
}

async function stream(
  exchange: Exchange,
  reply: JsonValue,
  rule: Rule | undefined,
  model: string,
): Promise<void> {
  const { response, writing } = exchange;
  const events = cutIntoEvents(reply, rule?.chunks ?? usualChunks);
  const { fault, error } = rule ?? {};
  const failing = fault !== undefined || error !== undefined;
  const before = Math.min(error?.afterChunks ?? eventsBefore(events), events.length);
  const out = openStream(response, writing);
  for (const [index, event] of (failing ? events.slice(0, before) : events).entries()) {
    if (index > 0) await wait(exchange, rule?.chunkDelay ?? 0);
    out.event(event);
  }
  if (failing && before > 0) await wait(exchange, Math.max(apart, rule?.chunkDelay ?? 0));
  if (fault !== undefined) spoilStream(response, fault, out, writing);
  else if (error) out.error(scriptedError(error, model).body(), error.framed ?? false);
  else out.end();
}

/** Waits, but no longer than the caller lets the server work. */
async function wait({ request, response, pause }: Exchange, delay: number): Promise<void> {
  if (delay <= 0) return;
  const patience = Number(request.headers['x-server-timeout'] ?? Infinity) * 1000;
  await pause(Math.min(delay, patience), response);
  if (delay > patience) throw scripted(504);
}

function promptOf(method: string, read: JsonObject): string {
  if (method === 'embedContent') return textOf((read as EmbedRequest).content?.parts);
  if (method === 'batchEmbedContents')
    return ((read as BatchEmbedRequest).requests ?? [])
      .map(({ content }) => textOf(content?.parts))
      .join('\n');
  const { contents, generateContentRequest } = read as CountRequest;
  return lastText(generateContentRequest?.contents ?? contents);
}

function answerOther(method: string, read: JsonObject, model: EmulatedModel, name: string): JsonObject {
  if (method === 'embedContent') return embedContent(read, model);
  if (method === 'batchEmbedContents') return batchEmbedContents(read, model, name);
  const { contents = [], generateContentRequest: whole } = read as CountRequest;
  // Where a whole request is given, contents beside it are ignored.
  if (whole) checkContents(whole.contents ?? [], 'CountTokensRequest.generate_content_request', model);
  else checkContents(contents, 'CountTokensRequest', model);
  const sum = whole ? countPrompt(whole) : countContents(contents);
  return { totalTokens: totalOf(sum), promptTokensDetails: detailsOf(sum) };
}
