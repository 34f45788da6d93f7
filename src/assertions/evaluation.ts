import { comparable } from '../lib/comparable.ts';
import { cut, redact } from '../lib/redact.ts';
import { hasVisibleText } from '../lib/visible.ts';
import { answering } from '../gemini/outcome.ts';
import type { ReplyKind } from '../gemini/methods.ts';
import type { Evaluation, Subject } from './kind.ts';

/** Replies with candidates. */
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

/** As {@link verdict}, for a value that was compared: where it holds, the message is what was found. */
export function compared(holds: boolean, expected: string, found: string, sides: Sides = {}): Evaluation {
  return holds ? verdict(true, found, sides) : { ...verdict(false, expected, sides), found };
}

/** What the assertion needs was not sent, or cannot be read: neither it nor its opposite holds. */
export function cannotTell(message: string, actual?: string): Evaluation {
  return { status: 'unknown', message, ...(actual === undefined ? {} : { actual }) };
}

/** The outcome, with what the API gave as its reason: `promptBlocked (SAFETY)`, `aborted (OTHER: no tool fits)`. */
export function outcomeOf({ reply, candidate }: Pick<Subject, 'reply' | 'candidate'>): string {
  const outcome = candidate?.outcome ?? reply.outcome;
  const why =
    reply.blockReason ??
    reply.error?.status ??
    candidate?.finishReason ??
    (outcome === 'aborted' ? 'no finishReason' : undefined);
  const message = cut(candidate?.finishMessage ?? '', 200)
    .replace(/\s+/g, ' ')
    .trim();
  const reasons = [why, message].filter(Boolean).join(': ');
  return reasons === '' ? outcome : `${outcome} (${reasons})`;
}

/** Whether the candidate is a whole answer: of what was cut off or broken off, nobody knows what it would have had. */
export function isWhole({ candidate }: Subject): boolean {
  return candidate !== undefined && answering.includes(candidate.outcome);
}

/** Runs a check on the answer text in NFC, or cannot tell: where there is none, or nothing in it can be seen. */
export function withText(
  subject: Subject,
  check: (text: string) => Evaluation | Promise<Evaluation>,
): Evaluation | Promise<Evaluation> {
  const text = subject.candidate?.text;
  if (text === undefined || !hasVisibleText(text)) return cannotTell(`no text: ${outcomeOf(subject)}`);
  return check(comparable(text));
}

/** A text that does not equal the expected one: where they are too long to be read side by side, the message says where they begin to differ. */
export async function unequal(message: string, expected: string, actual: string): Promise<Evaluation> {
  const { firstDifference } = await import('../lib/word-diff.ts');
  // Hidden before it is cut: half of what must not be seen would no longer be known for it.
  const found = firstDifference(redact(expected), redact(actual));
  return found
    ? verdict(false, `${message}; first difference, [-expected-]{+received+}: ${found.marked}`, {
        expected: found.before,
        actual: found.after,
      })
    : verdict(false, message, { expected, actual });
}

/** An expression between quotation marks, its backslashes as they are written. */
export function quotedPattern(source: string): string {
  return quoted(source).replaceAll('\\\\', '\\');
}

export function quoted(text: string): string {
  return JSON.stringify(text.length > 120 ? `${cut(text, 117)}…` : text);
}
