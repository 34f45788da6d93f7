import path from 'node:path';
import { compare, measure } from './measure.ts';
import { folder, root, runArgs, serve, writeSuite } from './stage.ts';
import { ms, row } from './table.ts';

const loop = path.join(root, 'bench/loop.mjs');

/** A live run over a bare loop of the same calls. */
export async function benchLive(
  cases: number,
  inFlight: number,
  delay: number,
  runs: number,
  bound: number,
): Promise<void> {
  const suite = writeSuite(`cases-${cases}-${delay}`, cases);
  const server = await serve(delay);
  try {
    const args = runArgs(suite, server.url, '--concurrency', String(inFlight), '--reporter', 'json,html');
    const { a, b, ratio } = await compare(
      runs,
      () => measure(args, { cwd: folder, env: { GEMINI_API_KEY: 'bench' } }),
      () => measure([loop, server.url, String(cases), String(inFlight)], { cwd: root }),
    );
    const what = `${cases} cases, server at ${delay} ms, ${inFlight} in flight, over the bare loop`;
    row(what, ms(a), ms(b), ratio, bound, 'x');
  } finally {
    server.stop();
  }
}
