import { compare, measure } from './measure.ts';
import { cli, folder, writeSuite } from './stage.ts';
import { ms, row } from './table.ts';

const node = () => measure(['-e', '0'], { cwd: folder });

/** What a start costs over that of bare node. */
export async function benchStarts(runs: number): Promise<void> {
  const version = await compare(runs, () => measure([cli, '--version'], { cwd: folder }), node);
  row('assay --version over bare node', ms(version.a), ms(version.b), version.ratio, 1.3, 'x');
  const fifty = writeSuite('fifty', 50);
  const validate = await compare(runs, () => measure([cli, 'validate', fifty], { cwd: folder }), node);
  row('assay validate, 50 cases, over bare node', ms(validate.a), ms(validate.b), validate.ratio, 3, 'x');
}
