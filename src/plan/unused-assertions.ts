import { kindFits, kindsFitting } from '../assertions/compile.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Method } from '../gemini/methods.ts';
import type { AssertionEntry, Suite } from '../suite/suite.ts';
import { judgesErrors } from './answer.ts';
import { isPastEnd } from './bind.ts';
import { callsOfTurns } from '../gemini/request-facts.ts';
import type { PlanCheck } from './plan-check.ts';

/** Warns of the suite’s own assertions that judge no case: one that does not fit the method of a case is left out there. */
export function unusedAssertions({ assert }: Suite): PlanCheck {
  const unused = new Set(assert);
  const methods = new Set<Method>();
  let mostCalls = 1;
  return {
    test: (test, cells) => {
      const inherits = test.inherit && !judgesErrors(test.assert);
      for (const { method, prompt } of cells) {
        methods.add(method);
        const calls = callsOfTurns(prompt?.turns ?? [], method);
        mostCalls = Math.max(mostCalls, calls);
        if (!inherits) continue;
        for (const entry of unused)
          if (kindFits(entry.kind, entry.args, method) && !isPastEnd(entry, calls)) unused.delete(entry);
      }
    },
    end: (report) => {
      if (methods.size > 0) for (const entry of unused) report(warningFor(entry, [...methods], mostCalls));
    },
  };
}

function warningFor(entry: AssertionEntry, methods: readonly Method[], mostCalls: number): Diagnostic {
  const { kind, args, place } = entry;
  const warning = { severity: 'warning', code: 'unused-assertion', place } as const;
  if (isPastEnd(entry, mostCalls))
    return {
      ...warning,
      message: `no case has this ${kind}: no conversation has a turn ${entry.turn}`,
      help: `the longest has ${mostCalls}`,
    };
  if (methods.some((method) => kindFits(kind, args, method)))
    return {
      ...warning,
      message: `no case has this ${kind}: the tests that it fits leave out the suite’s assert`,
      help: 'remove it, or write it in a test',
    };
  const fitting = new Set(methods.flatMap((method) => kindsFitting(method)));
  return {
    ...warning,
    message: `no case has this ${kind}: it cannot judge a reply of ${methods.join(', ')}`,
    help: `these can: ${[...fitting].join(', ')}`,
  };
}
