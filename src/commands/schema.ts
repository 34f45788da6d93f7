import type { Command } from 'commander';
import type { Context, Finish } from './context.ts';
import { suiteSchema } from '../engine/options.ts';

/** `assay schema`: its help. */
export function addSchema(program: Command, context: Context, finish: Finish): void {
  program
    .command('schema')
    .description('Print the JSON Schema of the suite language, for editors.')
    .addHelpText('after', '\nExample:\n  assay schema > suite.schema.json')
    .action(async () => finish(await schema(context)));
}

async function schema({ out }: Context): Promise<number> {
  out.write(`${JSON.stringify(suiteSchema(), null, 2)}\n`);
  return 0;
}
