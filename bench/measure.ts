import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One finished process: wall time in ms, and the peak resident set in MB where /proc tells it. */
export interface Measured {
  readonly ms: number;
  readonly peakMb: number;
}

/** Runs a command to its end, its output thrown away; rejects on an exit code that is not among `codes` (0). */
export function measure(
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv; watchMemory?: boolean; codes?: readonly number[] },
): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(process.execPath, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    let peakMb = 0;
    const watch = options.watchMemory
      ? setInterval(() => {
          peakMb = Math.max(peakMb, highWater(child.pid));
        }, 50)
      : undefined;
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      const ms = Number(process.hrtime.bigint() - started) / 1e6;
      if (code !== null && (options.codes ?? [0]).includes(code)) resolve({ ms, peakMb });
      else reject(new Error(`${args.join(' ')} ended with ${code}\n${errors.slice(-2000)}`));
    });
  });
}

/** VmHWM: the kernel's own high-water mark, so that sampling can only miss the last moment. */
function highWater(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    // The process has ended between two samples, or there is no /proc: what was seen so far stands.
    return 0;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** Medians of two commands run in turn (A B A B …), and the median of the ratios pair by pair. */
export async function compare(
  runs: number,
  a: () => Promise<Measured>,
  b: () => Promise<Measured>,
): Promise<{ a: number; b: number; ratio: number }> {
  await a();
  await b();
  const pairs: [number, number][] = [];
  for (let i = 0; i < runs; i++) pairs.push([(await a()).ms, (await b()).ms]);
  return {
    a: median(pairs.map(([x]) => x)),
    b: median(pairs.map(([, y]) => y)),
    ratio: median(pairs.map(([x, y]) => x / y)),
  };
}
