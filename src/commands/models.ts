import type { Command } from 'commander';
import type { EndpointOptions } from '../engine/endpoint.ts';
import { defaults } from '../engine/options.ts';
import { renderTable } from '../report/terminal/table.ts';
import { renderOptions, printDiagnostics, type Context, type Finish } from './context.ts';
import { addEndpoint, wholeNumber } from './options.ts';
import { withSession } from './session.ts';

/** `assay models`: its options and help. */
export function addModels(program: Command, context: Context, finish: Finish): void {
  addEndpoint(program.command('models').description('List the models of the endpoint.'))
    .option('--timeout <ms>', 'limit for the call', wholeNumber(1), defaults.shortTimeout)
    .addHelpText('after', '\nExample:\n  assay models --emulator')
    .action(async (flags) => finish(await models(context, flags)));
}

/** Prints the models of the endpoint, all pages, as a table. */
function models(context: Context, flags: EndpointOptions & { readonly timeout: number }): Promise<number> {
  return withSession(context, {}, async (session) => {
    const listed = await session.models(flags);
    if ('severity' in listed) {
      printDiagnostics(context, [listed]);
      return 3;
    }
    const head = ['model', 'input limit', 'output limit', 'thinks', 'methods'];
    const rows = listed.map(({ model, inputLimit, outputLimit, thinks, methods }) => [
      model,
      inputLimit,
      outputLimit,
      thinks ? 'yes' : '',
      methods.join(', '),
    ]);
    const options = renderOptions(context, context.out);
    context.out.write(`${await renderTable(head, rows, ['input limit', 'output limit'], options)}\n`);
    return 0;
  });
}
