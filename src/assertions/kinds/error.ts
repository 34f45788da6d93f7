import { spelledEnum } from '../../gemini/enums.ts';
import type { ApiError } from '../../gemini/reply.ts';
import { byType, number, object, optional, pattern, text } from '../../shape/shape.ts';
import { checkEnum } from '../enum-argument.ts';
import { cannotTell, compared, everyReply, quoted, quotedPattern } from '../evaluation.ts';
import type { Check, Kind } from '../kind.ts';
import { compileUserPattern } from '../pattern-argument.ts';

interface Args {
  status?: string;
  code?: number;
  reason?: string;
  message?: string | { matches: string };
}

export const error: Kind<Args> = {
  name: 'error',
  doc: 'The call failed: with any error ({}), or with this status, code, reason or message.',
  shape: object({
    status: optional(text({ doc: 'The google.rpc status.', example: 'INVALID_ARGUMENT' })),
    code: optional(number({ doc: 'The HTTP status.', example: 400, integer: true, template: true })),
    reason: optional(text({ doc: 'ErrorInfo.reason.', example: 'API_KEY_INVALID' })),
    message: optional(
      byType(
        {
          text: text(),
          map: object({ matches: pattern({ doc: 'An RE2 expression.', example: 'Unknown name' }) }),
        },
        { doc: 'A text that the message contains, or { matches }.', example: 'Unknown name' },
      ),
    ),
  }) as Kind<Args>['shape'],
  example: { status: 'INVALID_ARGUMENT' },
  fits: everyReply,
  neverEmpty: { parts: ['message', 'message.matches'], wholes: ['status', 'reason'] },
  admits: (args, momentary) => (!momentary || names(args, momentary) ? ['apiError'] : []),
  compile: async (args, { report }): Promise<Check | undefined> => {
    const named = spelled(args);
    if (args.status !== undefined) checkEnum('rpcStatus', args.status, ['status'], report);
    const matches = typeof args.message === 'object' ? args.message.matches : undefined;
    const compiled =
      matches === undefined ? undefined : await compileUserPattern(matches, ['message', 'matches'], report);
    if (matches !== undefined && !compiled) return undefined;
    return ({ reply }) => {
      const failure = reply.error;
      if (!failure)
        return reply.outcome === 'malformed'
          ? cannotTell('expected an error, the response could not be read')
          : compared(
              false,
              `expected an error, the call succeeded (${reply.outcome})`,
              `the call succeeded (${reply.outcome})`,
            );
      const wrong: string[] = [];
      const missing: string[] = [];
      for (const field of ['status', 'code', 'reason'] as const) {
        const [wanted, given] = [named[field], failure[field]];
        if (wanted !== undefined && wanted !== given)
          (given === undefined ? missing : wrong).push(
            `expected ${field} ${wanted}, received ${given ?? 'none'}`,
          );
      }
      if (typeof args.message === 'string' && !failure.message.includes(args.message))
        wrong.push(`the message does not contain ${quoted(args.message)}`);
      if (compiled && !compiled.find(failure.message))
        wrong.push(`the message does not match ${quotedPattern(matches ?? '')}`);
      // Not every error has a status, a code or a reason: without one nobody knows which it would be.
      if (wrong.length === 0 && missing.length > 0) return cannotTell(missing.join('; '), failure.message);
      return compared(
        wrong.length === 0,
        [...missing, ...wrong].join('; '),
        `failed with ${failure.status ?? failure.code ?? failure.transport}`,
        { actual: failure.message },
      );
    };
  },
};

/** Whether an assertion names an error by its code, status or reason, each of which it gives fits. */
function names(args: Args, received: ApiError): boolean {
  const named = spelled(args);
  const given = (['code', 'status', 'reason'] as const).filter((field) => named[field] !== undefined);
  return given.length > 0 && given.every((field) => named[field] === received[field]);
}

/** The arguments with the status as the API spells it. */
function spelled(args: Args): Args {
  return args.status === undefined ? args : { ...args, status: spelledEnum('rpcStatus', args.status) };
}
