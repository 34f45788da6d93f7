import { nestingKind, joinMessages } from '../nested-list.ts';

export const all = nestingKind('all', 'Passes if every nested assertion passes.', 'all', (inner) => {
  const failing = inner.filter(({ status }) => status === 'fails');
  const first = failing[0];
  if (first) return { ...first, message: joinMessages(failing) };
  const unknown = inner.filter(({ status }) => status === 'unknown');
  return unknown.length > 0
    ? { status: 'unknown', message: joinMessages(unknown) }
    : { status: 'holds', message: joinMessages(inner) };
});
