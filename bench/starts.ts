import { compare, measure } from './measure.ts';
import { cli, folder, writeSuite } from './stage.ts';
import { ms, remark, row } from './table.ts';

/** Nothing is kept of what was compiled: what the first start of an installation costs. */
const first = { NODE_DISABLE_COMPILE_CACHE: '1' };
const node = () => measure(['-e', '0'], { cwd: folder });

/** What a start costs over that of bare node. */
export async function benchStarts(runs: number): Promise<void> {
  const version = await compare(runs, () => measure([cli, '--version'], { cwd: folder }), node);
  row('assay --version over bare node', ms(version.a), ms(version.b), version.ratio, 1.3, 'x');
  const fifty = writeSuite('fifty', 50);
  const validate = await compare(runs, () => measure([cli, 'validate', fifty], { cwd: folder }), node);
  row('assay validate, 50 cases, over bare node', ms(validate.a), ms(validate.b), validate.ratio, 2, 'x');
  const cold = await compare(
    runs,
    () => measure([cli, 'validate', fifty], { cwd: folder, env: first }),
    node,
  );
  remark('… the first of an installation', ms(cold.a), ms(cold.b), cold.ratio, 'x');
}
