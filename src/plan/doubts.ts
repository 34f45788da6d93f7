import type { Diagnostic, Report } from '../diagnostics/diagnostic.ts';
import type { Doubts, NamedConfig, Suite, Test } from '../suite/suite.ts';
import type { CaseRef } from './case.ts';

type Doubtful = { readonly doubts?: Doubts } | undefined;
type Doubt = Doubts extends ReadonlySet<infer D> ? D : never;

/** Whether something that one of these says is not known, since a fault took it away. */
export function isUnsure(doubt: Doubt, ...from: readonly Doubtful[]): boolean {
  return from.some((each) => each?.doubts?.has(doubt));
}

/** Whether it is known what method a test asks a config by; if not, nothing can be said of what fits. */
export function isMethodKnown(suite: Suite, test: Test, config: NamedConfig): boolean {
  if (isUnsure('method', test)) return false;
  if (test.method) return true;
  if (isUnsure('method', config)) return false;
  return config.method !== undefined || !isUnsure('method', suite);
}

/** The tests whose cases can be told: not those which may have chosen others of the suite's prompts and configs. */
export function testsToPlan(suite: Suite): readonly Test[] {
  return suite.told
    ? suite.tests.filter((test) => !isUnsure('prompts', test) && !isUnsure('configs', test))
    : suite.tests;
}

/** Whether a case has the id of another only since their tests have one name, which was told. */
export function isNameUnsure({ suite, test }: CaseRef): boolean {
  return (
    suite.told !== undefined &&
    (isUnsure('name', test) || suite.tests.filter(({ name }) => name === test.name).length > 1)
  );
}

/** Passes on what is news: not what follows from a fault that was told, nor the same fault found again in a case. */
export function withoutTold({ told = [] }: Suite, report: Report): Report {
  const keyOf = ({ code, place }: Diagnostic): string => `${code}\0${place?.file.path}\0${place?.start}`;
  const known = new Set(told.filter(({ place }) => place).map(keyOf));
  return (diagnostic) => {
    if (!diagnostic.consequence && !known.has(keyOf(diagnostic))) report(diagnostic);
  };
}
