import { nestingKind, told } from '../nested-list.ts';

export const any = nestingKind('any', 'Holds if one of the nested assertions holds.', 'any', (inner) => {
  const holding = inner.find(({ status }) => status === 'holds');
  if (holding) return holding;
  const unknown = inner.filter(({ status }) => status === 'unknown');
  return unknown.length > 0
    ? { status: 'unknown', message: told(unknown) }
    : {
        status: 'fails',
        message: `none holds: ${told(inner)}`,
        ...(inner[0]?.actual === undefined ? {} : { actual: inner[0].actual }),
      };
});
