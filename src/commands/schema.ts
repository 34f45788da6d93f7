import { suiteSchema } from '../suite/schema.ts';
import type { Context } from './context.ts';

/** `assay schema`: prints the suite language's JSON Schema. */
export async function schema(context: Context): Promise<number> {
  context.out.write(`${JSON.stringify(suiteSchema(), null, 2)}\n`);
  return 0;
}
