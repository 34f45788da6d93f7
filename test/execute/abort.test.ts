import { afterEach, expect, test, vi } from 'vitest';
import { createRunAbort } from '../../src/execute/abort.ts';

afterEach(() => void vi.useRealTimers());

test('a run without a stop is done', () => {
  const stop = createRunAbort(new AbortController().signal);
  expect(stop.outcome()).toEqual({ reason: 'done' });
  expect(stop.isStopped('m')).toBe(false);
  stop.release();
});

test('keeps the first reason', () => {
  const user = new AbortController();
  const stop = createRunAbort(user.signal);
  stop.stop('bailed', 'first');
  stop.stop('budget', 'second');
  user.abort();
  expect(stop.outcome()).toEqual({ reason: 'bailed', message: 'first' });
  expect(stop.drain.aborted).toBe(true);
  stop.release();
});

test('stops only its own model, and keeps the first message of each', () => {
  const stop = createRunAbort(new AbortController().signal);
  stop.stopModel('a', 'gone');
  stop.stopModel('a', 'later');
  stop.stopModel('b', 'used up');
  expect([stop.isStopped('a'), stop.isStopped('b'), stop.isStopped('c'), stop.isStopped(undefined)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(stop.drain.aborted).toBe(false);
  expect(stop.outcome()).toEqual({ reason: 'stopped', stoppedModels: { a: 'gone', b: 'used up' } });
  stop.release();
});

test('an interruption gives calls in flight ten seconds, then aborts them', () => {
  vi.useFakeTimers();
  const user = new AbortController();
  const stop = createRunAbort(user.signal);
  user.abort();
  expect(stop.outcome()).toEqual({ reason: 'interrupted', message: 'the run was interrupted' });
  vi.advanceTimersByTime(9999);
  expect(stop.kill.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(stop.kill.aborted).toBe(true);
  stop.release();
});

test('stops nothing after the release', () => {
  vi.useFakeTimers();
  const user = new AbortController();
  const stop = createRunAbort(user.signal);
  user.abort();
  stop.release();
  vi.advanceTimersByTime(60_000);
  expect(stop.kill.aborted).toBe(false);
  const later = new AbortController();
  const other = createRunAbort(later.signal);
  other.release();
  later.abort();
  expect(other.drain.aborted).toBe(false);
});

test('an already aborted signal stops the run', () => {
  const stop = createRunAbort(AbortSignal.abort());
  expect(stop.drain.aborted).toBe(true);
  expect(stop.outcome().reason).toBe('interrupted');
  stop.release();
});

test('abandoned calls abort immediately', () => {
  const stop = createRunAbort(new AbortController().signal);
  stop.killCalls();
  expect([stop.drain.aborted, stop.kill.aborted]).toEqual([true, true]);
  expect(stop.outcome()).toEqual({ reason: 'stopped' });
  stop.release();
});

test('keeps the cause of the rejection that stopped the run', () => {
  const stop = createRunAbort(new AbortController().signal);
  stop.stopModel('a', 'gone', 'unknownModel');
  stop.stopModel('a', 'used up', 'dailyQuota');
  stop.stop('stopped', 'leaked', 'leakedKey');
  stop.stop('stopped', 'invalid', 'key');
  expect([...stop.causes]).toEqual([
    ['a', 'unknownModel'],
    ['', 'leakedKey'],
  ]);
  stop.release();
});
