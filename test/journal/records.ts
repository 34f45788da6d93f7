import type { EndRecord, JournalRecord, RunRecord, TrialRecord } from '../../src/journal/record.ts';

/** The start of a journal. */
export const runRecord: RunRecord = {
  v: 2,
  type: 'run',
  startedAt: '2026-11-25T10:00:00.000Z',
  assay: '0.1.0',
  node: '20.20.0',
  endpoint: 'http://127.0.0.1:1',
  emulator: false,
  paths: ['suites'],
  suites: [{ name: 's', path: 's.suite.yaml', digest: 'd', cases: 2 }],
  options: { selection: {} },
};

/** A trial that was answered with a text. */
export function trialRecord(name: string, text = 'Grüße, 世界 🎒', trial = 1): TrialRecord {
  return {
    v: 2,
    type: 'trial',
    suite: 's',
    case: name,
    trial,
    fingerprint: 'f',
    at: '2026-11-25T10:00:01.000Z',
    exchanges: [
      {
        status: 200,
        body: { candidates: [{ content: { parts: [{ text }] }, finishReason: 'STOP' }] },
        totalMs: 1.5,
      },
    ],
    attempts: [{ call: 0, at: '2026-11-25T10:00:01.000Z', ms: 1.5, status: 200 }],
  };
}

/** The end of a journal. */
export const endRecord: EndRecord = { v: 2, type: 'end', at: '2026-11-25T10:00:02.000Z', reason: 'done' };

/** A small journal. */
export const records: readonly JournalRecord[] = [runRecord, trialRecord('a'), trialRecord('b'), endRecord];
