import { nestingKind, told } from '../nested-list.ts';

export const all = nestingKind('all', 'Holds if every nested assertion holds.', 'all', (inner) => {
  const failing = inner.filter(({ status }) => status === 'fails');
  const first = failing[0];
  if (first) return { ...first, message: told(failing) };
  const unknown = inner.filter(({ status }) => status === 'unknown');
  return unknown.length > 0
    ? { status: 'unknown', message: told(unknown) }
    : { status: 'holds', message: told(inner) };
});
