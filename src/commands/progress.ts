import { duration } from '../lib/words.ts';
import type { RunProgress } from '../engine/context.ts';

/** Shows progress on a terminal in one rewritten line, elsewhere in plain lines now and then. */
export interface ProgressView {
  readonly update: (progress: RunProgress) => void;
  /** A line that stays: what slows the run. */
  readonly note: (text: string) => void;
  readonly end: () => void;
}

const terminalEveryMs = 100;
const plainEveryMs = 5000;
/** Where a terminal does not say how wide it is, or says 0. */
const usualColumns = 80;

/** The stream that progress is shown on. */
export interface ProgressStream {
  readonly write: (text: string) => void;
  readonly isTTY: boolean;
  readonly columns: number | undefined;
}

/** Between updates the line is drawn anew, so that it is seen that the run goes on. */
const redrawEveryMs = 1000;

export function createProgress(stream: ProgressStream, now: () => number = Date.now): ProgressView {
  const started = now();
  const terminal = stream.isTTY;
  let last = started;
  let shown = false;
  let latest: RunProgress | undefined;
  const show = (): void => {
    if (!latest) return;
    last = now();
    shown = true;
    const text = describe(
      latest,
      (last - started) / 1000,
      terminal ? (stream.columns || usualColumns) - 1 : undefined,
    );
    stream.write(terminal ? `\r\u001B[2K${text}` : `${text}\n`);
  };
  const timer = terminal ? setInterval(show, redrawEveryMs).unref() : undefined;
  return {
    update: (progress) => {
      latest = progress;
      if (now() - last >= (terminal ? terminalEveryMs : plainEveryMs)) show();
    },
    note: (text) => {
      stream.write(`${terminal && shown ? '\r\u001B[2K' : ''}${text}\n`);
      if (terminal && shown) show();
    },
    end: () => {
      clearInterval(timer);
      if (terminal && shown) stream.write('\r\u001B[2K');
    },
  };
}

/** In words; in fewer where there are not so many columns. */
function describe(progress: RunProgress, seconds: number, columns = Number.POSITIVE_INFINITY): string {
  const { done, total, failed, errored, inFlight, pace } = progress;
  const rate = seconds > 0 ? done / seconds : 0;
  const left = rate > 0 ? `${duration((total - done) / rate)} left` : 'time left unknown';
  const speed = `${rate.toFixed(1)}/s`;
  const paced = pace && `paced to ${pace}`;
  const long = `${done}/${total} trials, ${failed} failed, ${errored} errored, ${inFlight} in flight`;
  const short = `${done}/${total}, ${failed} failed, ${errored} errored`;
  const forms = [
    [long, speed, left, ...(paced === undefined ? [] : [paced])],
    [short, ...(paced === undefined ? [`${inFlight} open`, speed] : [paced]), left],
  ];
  const fitting = forms.map((parts) => parts.join(', ')).find((form) => form.length <= columns);
  return fitting ?? (forms.at(-1) ?? []).join(', ').slice(0, columns);
}
