import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { JsonValue } from '../lib/json.ts';
import { scoped, scopeEnv } from '../lib/scope.ts';

/** What a script said of a reply, or why it said nothing. */
export type ScriptAnswer =
  | { readonly holds: true }
  | { readonly message: string }
  | { readonly problem: string };

/** What a script is given: the reply as plain data, and what the suite says `with` it. */
export interface ScriptInput {
  readonly reply: unknown;
  readonly given: JsonValue;
}

/** A script that wants more is ended, not the run. */
const mostMegabytes = 256;

/** Workers by the script's path: one each, which lives on from reply to reply until it must be ended. */
const hosts = scoped(
  () => new Map<string, Host>(),
  (all) => Promise.all([...all.values()].map((host) => host.end())),
);

/**
 * Lets a script look at a reply, in a worker thread of its own, and ends that thread when `limitMs` have passed,
 * whatever it is doing. Calls of the same script wait for each other; their time counts from when they start.
 */
export function askScript(file: string, input: ScriptInput, limitMs: number): Promise<ScriptAnswer> {
  const all = hosts();
  let host = all.get(file);
  if (!host) all.set(file, (host = new Host(file, scopeEnv())));
  return host.ask(input, limitMs);
}

class Host {
  readonly #file: string;
  readonly #env: Readonly<Record<string, string | undefined>>;
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #online = false;
  #calls = 0;

  constructor(file: string, env: Readonly<Record<string, string | undefined>>) {
    this.#file = file;
    this.#env = env;
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
  }

  ask(input: ScriptInput, limitMs: number): Promise<ScriptAnswer> {
    const answer = this.#last.then(() => this.#call(input, limitMs));
    this.#last = answer;
    return answer;
  }

  #call({ reply, given }: ScriptInput, limitMs: number): Promise<ScriptAnswer> {
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#calls;
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      let settled = false;
      const settle = (answer: ScriptAnswer): void => {
        settled = true;
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        // The thread must not keep a finished run alive.
        worker.unref();
        resolve(answer);
      };
      const discard = (problem: string): void => {
        if (settled) return;
        if (this.#worker === worker) this.#worker = undefined;
        settle({ problem });
        void worker.terminate();
      };
      // Whatever else a script posts of its own is no answer.
      const onMessage = (posted: (ScriptAnswer & { id: number }) | null): void => {
        if (posted?.id === id) settle(posted);
      };
      const onError = (error: Error): void => discard(`failed with ${error.name}: ${error.message}`);
      const onExit = (): void => discard('ended its thread without an answer');
      const watch = (): void => {
        timer = setTimeout(
          // An answer may be in already, where this thread was the slow one: it goes first.
          () => setImmediate(() => discard(`did not answer within ${limitMs} ms and was ended`)),
          limitMs,
        );
      };
      // How long a thread takes to start says nothing of the script.
      if (this.#online) watch();
      else worker.once('online', watch);
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.ref();
      // As text: a map that keeps its order cannot be cloned.
      worker.postMessage({ id, text: JSON.stringify({ reply, given }) });
    });
  }

  #start(): Worker {
    const { GEMINI_API_KEY: _gemini, GOOGLE_API_KEY: _google, ...others } = this.#env;
    // A thread would read a variable that is not set as the text "undefined".
    const env = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
    const worker = new Worker(workerSource, {
      eval: true,
      env,
      workerData: { url: pathToFileURL(this.#file).href },
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    });
    const forget = (): void => {
      if (this.#worker === worker) this.#worker = undefined;
    };
    this.#online = false;
    worker.once('online', () => (this.#online = true));
    // Nobody waits for an error between two calls; the next call starts a new worker.
    worker.on('error', forget).on('exit', forget);
    worker.unref();
    return worker;
  }
}

/**
 * The program of a script's worker, as text: a bundle has no file of its own to start one from. What a script prints goes to
 * stderr, since stdout is for results (reading its stdout from outside would keep a finished run alive). It imports the module
 * named in its data and answers each message { id, text }, the JSON of { reply, given }, by { id, holds }, { id, message } or { id, problem }.
 */
const workerSource = `
const { parentPort, workerData } = require('node:worker_threads');
process.stdout.write = process.stderr.write.bind(process.stderr);
const textOf = (error) => {
  try {
    return error instanceof Error ? error.name + ': ' + error.message : String(error);
  } catch {
    return 'something that has no text';
  }
};
const kindOf = (value) =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : value === undefined ? 'nothing'
    : typeof value === 'object' ? 'an object' : typeof value === 'string' ? 'an empty text'
    : typeof value === 'boolean' ? String(value) : 'a ' + typeof value;
const loaded = import(workerData.url).then(
  (module) => {
    const judge = typeof module.default === 'function' ? module.default : module.judge;
    return typeof judge === 'function'
      ? { judge }
      : { problem: 'has no function: it is the default export, or the export named judge' };
  },
  (error) => ({ problem: 'cannot be loaded: ' + textOf(error) }),
);
parentPort.on('message', async ({ id, text }) => {
  const { reply, given } = JSON.parse(text);
  const { judge, problem } = await loaded;
  if (problem) return parentPort.postMessage({ id, problem });
  try {
    const value = await judge(reply, given);
    parentPort.postMessage(
      value === true ? { id, holds: true }
        : typeof value === 'string' && value.trim() !== '' ? { id, message: value }
        : { id, problem: 'returned ' + kindOf(value) + ', expected true or a message that says what is wrong' },
    );
  } catch (error) {
    parentPort.postMessage({ id, problem: 'threw ' + textOf(error) });
  }
});
`;
