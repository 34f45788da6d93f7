import { comparable } from '../lib/comparable.ts';
import { cut } from '../lib/redact.ts';
import type { ReplyKind } from '../gemini/methods.ts';
import { hasVisibleText } from '../lib/visible.ts';
import type { Evaluation, Subject } from './kind.ts';

/** Replies that hold candidates. */
export const generating: readonly ReplyKind[] = ['generation'];
/** Every reply. */
export const everyReply: readonly ReplyKind[] = ['generation', 'count', 'embedding', 'model', 'models'];

/** What a side-by-side needs beside the message. */
interface Sides {
  readonly expected?: string;
  readonly actual?: string;
  readonly figure?: string;
  /** Bounds that a figure came close to. */
  readonly near?: readonly string[];
}

export function verdict(holds: boolean, message: string, { near = [], ...sides }: Sides = {}): Evaluation {
  return {
    status: holds ? 'holds' : 'fails',
    message,
    ...sides,
    ...(holds && near.length > 0 ? { near: near.join('; ') } : {}),
  };
}

export function cannotTell(message: string): Evaluation {
  return { status: 'unknown', message };
}

/** The outcome, with what the API gave as its reason: `promptBlocked (SAFETY)`, `aborted (OTHER: no tool fits)`. */
export function outcomeOf({ reply, candidate }: Pick<Subject, 'reply' | 'candidate'>): string {
  const outcome = candidate?.outcome ?? reply.outcome;
  const why = reply.blockReason ?? reply.error?.status ?? candidate?.finishReason;
  const message = cut(candidate?.finishMessage ?? '', 200)
    .replace(/\s+/g, ' ')
    .trim();
  const reasons = [why, message].filter(Boolean).join(': ');
  return reasons === '' ? outcome : `${outcome} (${reasons})`;
}

/** Runs a check on the answer text as texts are compared, or cannot tell: white space and zero-width characters alone are no text. */
export function withText(subject: Subject, check: (text: string) => Evaluation): Evaluation {
  const { candidate } = subject;
  if (candidate?.text === undefined || !hasVisibleText(candidate.text))
    return cannotTell(`no text: ${outcomeOf(subject)}`);
  return check(comparable(candidate.text));
}

export function quoted(text: string): string {
  return JSON.stringify(text.length > 120 ? `${cut(text, 117)}…` : text);
}
