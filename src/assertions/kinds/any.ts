import { nestingKind, joinMessages } from '../nested-list.ts';

export const any = nestingKind('any', 'Passes if at least one nested assertion passes.', 'any', (inner) => {
  const holding = inner.find(({ status }) => status === 'holds');
  if (holding) return holding;
  const unknown = inner.filter(({ status }) => status === 'unknown');
  return unknown.length > 0
    ? { status: 'unknown', message: joinMessages(unknown) }
    : {
        status: 'fails',
        message: `no nested assertion passed: ${joinMessages(inner)}`,
        ...(inner[0]?.actual === undefined ? {} : { actual: inner[0].actual }),
      };
});
