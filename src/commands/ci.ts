import { usageError } from '../diagnostics/diagnostic.ts';
import type { Context } from './context.ts';

/** Whether this is a build server, by the variable they all set. */
function inCi({ env }: Context): boolean {
  const value = env.CI?.toLowerCase();
  return value !== undefined && value !== '' && value !== 'false' && value !== '0';
}

/** What is approved is a person's word: a build server may not give it. */
export function refuseInCi(context: Context): void {
  if (inCi(context))
    throw usageError(
      'approve-in-ci',
      'nothing is approved in CI (CI is set): the results would approve themselves',
      'run assay approve on your own machine, look at what it changes, and commit it',
    );
}
