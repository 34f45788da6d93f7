import type { Progress } from './run.ts';

/** Shows progress on a terminal in one rewritten line, elsewhere in plain lines now and then. */
export interface ProgressView {
  readonly update: (progress: Progress) => void;
  readonly end: () => void;
}

const terminalEveryMs = 100;
const plainEveryMs = 5000;

/** The stream that progress is shown on. */
export interface ProgressStream {
  readonly write: (text: string) => void;
  readonly isTTY: boolean;
  readonly columns: number | undefined;
}

export function createProgress(stream: ProgressStream, now: () => number = Date.now): ProgressView {
  const started = now();
  const terminal = stream.isTTY;
  let last = started;
  let shown = false;
  return {
    update: (progress) => {
      const time = now();
      if (time - last < (terminal ? terminalEveryMs : plainEveryMs)) return;
      last = time;
      shown = true;
      const text = describe(progress, (time - started) / 1000);
      stream.write(terminal ? `\r\u001B[2K${text.slice(0, (stream.columns ?? 80) - 1)}` : `${text}\n`);
    },
    end: () => {
      if (terminal && shown) stream.write('\r\u001B[2K');
    },
  };
}

function describe({ done, total, failed, errored, inFlight }: Progress, seconds: number): string {
  const rate = seconds > 0 ? done / seconds : 0;
  const left = rate > 0 ? `${Math.ceil((total - done) / rate)} s left` : 'time left unknown';
  return `${done}/${total} trials, ${failed} failed, ${errored} errored, ${inFlight} in flight, ${rate.toFixed(1)}/s, ${left}`;
}
