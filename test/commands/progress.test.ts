/** The progress of a run: one line drawn anew on a terminal, plain lines elsewhere, by an injected clock. */
import { expect, test } from 'vitest';
import { createProgress } from '../../src/commands/progress.ts';
import type { RunProgress } from '../../src/engine/context.ts';

function watch(stream: { isTTY: boolean; columns?: number }): {
  written: string[];
  at: (ms: number, progress?: Partial<RunProgress>) => void;
  note: (text: string) => void;
  end: () => void;
} {
  const written: string[] = [];
  let time = 0;
  const view = createProgress(
    { ...stream, columns: stream.columns, write: (text) => void written.push(text) },
    () => time,
  );
  return {
    written,
    at: (ms, progress = {}) => {
      time = ms;
      view.update({ done: 0, total: 100, failed: 0, errored: 0, inFlight: 8, ...progress });
    },
    note: view.note,
    end: view.end,
  };
}

test('prints a line every five seconds without a terminal', () => {
  const { written, at, end } = watch({ isTTY: false });
  for (let ms = 0; ms <= 12_000; ms += 100) at(ms, { done: ms / 200, failed: 1 });
  end();
  expect(written).toEqual([
    '25/100 trials, 1 failed, 0 errored, 8 in flight, 5.0/s, 15 s left\n',
    '50/100 trials, 1 failed, 0 errored, 8 in flight, 5.0/s, 10 s left\n',
  ]);
});

test('updates one line on a terminal at most ten times a second and clears it', () => {
  const { written, at, end } = watch({ isTTY: true, columns: 80 });
  for (let ms = 0; ms <= 1000; ms += 10) at(ms, { done: ms / 100, errored: 2 });
  end();
  expect(written).toHaveLength(11);
  expect(written[0]).toBe('\r\u001B[2K1/100 trials, 0 failed, 2 errored, 8 in flight, 10.0/s, 10 s left');
  expect(written.at(-1)).toBe('\r\u001B[2K');
  expect(written.join('')).not.toContain('\n');
});

test.for<[isTTY: boolean, written: string[]]>([
  [false, ['slow\n']],
  [
    true,
    [
      '\r\u001B[2K1/100 trials, 0 failed, 0 errored, 8 in flight, 1.0/s, 1 min 39 s left',
      '\r\u001B[2Kslow\n',
      '\r\u001B[2K1/100 trials, 0 failed, 0 errored, 8 in flight, 1.0/s, 1 min 39 s left',
    ],
  ],
])('a note stays above the line of progress (terminal: %s)', ([isTTY, lines]) => {
  const { written, at, note } = watch({ isTTY, columns: 100 });
  at(1000, { done: 1 });
  note('slow');
  expect(written).toEqual(lines);
});

test('prints nothing for a run that ends before the first update', () => {
  const { written, at, end } = watch({ isTTY: true });
  at(50, { done: 100 });
  end();
  expect(written).toEqual([]);
});

test.for<[ms: number, done: number, columns: number, line: string]>([
  [1000, 0, 80, '0/10000 trials, 0 failed, 0 errored, 8 in flight, 0.0/s, time left unknown'],
  [60_000, 600, 80, '600/10000 trials, 0 failed, 0 errored, 8 in flight, 10.0/s, 15 min 40 s left'],
  [60_000, 60, 80, '60/10000 trials, 0 failed, 0 errored, 8 in flight, 1.0/s, 2 h 45 min left'],
  [1000, 0, 0, '0/10000 trials, 0 failed, 0 errored, 8 in flight, 0.0/s, time left unknown'],
  [60_000, 60, 60, '60/10000, 0 failed, 0 errored, 8 open, 1.0/s, 2 h 45 min le'],
  [60_000, 9000, 60, '9000/10000, 0 failed, 0 errored, 8 open, 150.0/s, 7 s left'],
])('after %i ms with %i done, in %i columns: %s', ([ms, done, columns, line]) => {
  const { written, at, end } = watch({ isTTY: true, columns });
  at(ms, { done, total: 10_000 });
  end();
  expect(written[0]?.replace('\r\u001B[2K', '')).toBe(line);
});

test.for<[columns: number, line: string]>([
  [
    120,
    '20/1000 trials, 0 failed, 0 errored, 8 in flight, 10.0/s, 1 min 38 s left, paced to 1,200 requests a minute',
  ],
  [80, '20/1000, 0 failed, 0 errored, paced to 1,200 requests a minute, 1 min 38 s left'],
  [60, '20/1000, 0 failed, 0 errored, paced to 1,200 requests a min'],
])('a pace that calls wait for is shown (%i columns)', ([columns, line]) => {
  const { written, at } = watch({ isTTY: true, columns });
  at(2000, { done: 20, total: 1000, pace: '1,200 requests a minute' });
  expect(written).toEqual([`\r\u001B[2K${line}`]);
});
