import type { SessionEvent } from '../engine/context.ts';
import { openSession, type WorkingSession as Session } from '../engine/session.ts';
import { printDiagnostics, type Context } from './context.ts';
import { cut, redactHeaders } from '../lib/redact.ts';
import type { Output } from './output.ts';
import { createProgress, type ProgressView } from './progress.ts';

interface ViewOptions {
  /** Print no progress, and no notes. */
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/**
 * Opens a session for one command, prints what it reports, and closes it. While calls are under way the first
 * interrupt lets them end.
 */
export async function withSession<T>(
  context: Context,
  { quiet = false, debug = false }: ViewOptions,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { cwd, env, argv, scope, out, err } = context;
  const stop = new AbortController();
  const printAttempt = debug ? createDebug(err) : undefined;
  let progress: ProgressView | undefined;
  let release = (): void => undefined;
  const on = (event: SessionEvent): void => {
    if (event.type === 'diagnostics') printDiagnostics(context, event.diagnostics);
    else if (event.type === 'output') out.write(event.text);
    else if (event.type === 'attempt') printAttempt?.(event.request, event.exchange);
    else if (event.type === 'large') growHeapSlowly();
    else if (event.type === 'started') {
      release = onInterrupt(err, stop);
      if (!quiet) progress = createProgress(err);
    } else if (event.type === 'ended') {
      progress?.end();
      release();
    } else if (quiet) return;
    else if (event.type === 'note') err.write(`${event.text}\n`);
    else if (event.type === 'progress') progress?.update(event.progress);
    else progress?.note(event.text);
  };
  const session = openSession({ cwd, env, signal: stop.signal, on, commandLine: argv, settled }, scope);
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

/**
 * Lets the heap grow in small steps from now on. V8 would let that of a run of 100,000 cases grow to several times what
 * lives in it before it looks for what is dead; the price is a collection more often, which small runs need not pay.
 */
function growHeapSlowly(): void {
  process.getBuiltinModule('node:v8').setFlagsFromString('--heap-growing-percent=15');
}

/** A promise of a user's module that nothing is left to settle would end the process without a word. */
async function settled(start: () => unknown): Promise<unknown> {
  let forgotten: () => void = () => undefined;
  const never = new Promise((_, reject) => {
    forgotten = () => reject(new Error('its promise never settles'));
  });
  process.once('beforeExit', forgotten);
  try {
    return await Promise.race([start(), never]);
  } finally {
    process.off('beforeExit', forgotten);
  }
}

/** The user's wish to stop: the first SIGINT or SIGTERM aborts, the second ends the process at once. Ends when the result is called. */
function onInterrupt(err: Output, controller: AbortController): () => void {
  const stop = (): void => {
    // What is in the journal is whole lines already; nothing is left to save.
    if (controller.signal.aborted) process.exit(130);
    err.write('\nInterrupted. Finishing calls in flight; press Ctrl-C again to stop now.\n');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return () => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
}

/** Characters of a request or reply that are shown: media would fill the screen. */
const maxCharacters = 20_000;

type Attempt = Extract<SessionEvent, { type: 'attempt' }>;

/** `--debug`: prints every attempt with its request and reply, without credentials. */
function createDebug(err: Output): (request: Attempt['request'], exchange: Attempt['exchange']) => void {
  let number = 0;
  return (request, exchange) => {
    const { method, model, body } = request;
    const head = `call ${++number}: ${method}${model === undefined ? '' : ` ${model}`}`;
    err.write(redactHeaders(`debug: ${head}\n  request: ${excerpt(body)}\n  reply: ${excerpt(exchange)}\n`));
  };
}

function excerpt(value: unknown): string {
  const text = JSON.stringify(value) ?? 'none';
  return text.length > maxCharacters ? `${cut(text, maxCharacters)}… (${text.length} characters)` : text;
}
