import type { SessionEvent } from '../engine/context.ts';
import { cut, redactHeaders } from '../lib/redact.ts';
import type { Output } from './output.ts';

/** Characters of a request or reply that are shown: media would fill the screen. */
const shownCharacters = 20_000;

/** `--debug`: prints every attempt with its request and reply, without credentials. */
type Attempt = Extract<SessionEvent, { type: 'attempt' }>;

export function createDebug(
  err: Output,
): (request: Attempt['request'], exchange: Attempt['exchange']) => void {
  let number = 0;
  return (request, exchange) => {
    const { method, model, body } = request;
    const head = `call ${++number}: ${method}${model === undefined ? '' : ` ${model}`}`;
    err.write(redactHeaders(`debug: ${head}\n  request: ${shown(body)}\n  reply: ${shown(exchange)}\n`));
  };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'none';
  return text.length > shownCharacters ? `${cut(text, shownCharacters)}… (${text.length} characters)` : text;
}
