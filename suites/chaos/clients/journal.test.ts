/** Guarantee: what a client noted is what is judged, in the order in which it happened. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordsOf } from './journal.ts';
import type { NotedLine } from './journal.ts';

const lines: NotedLine[] = [
  { operation: 'm1', type: 'invoke', agent: 'steps', kind: 'stream', atMs: 1 },
  { operation: 'm2', type: 'invoke', agent: 'echo', kind: 'send', atMs: 2 },
  { operation: 'm1', type: 'leg', kind: 'send', after: null, atMs: 3 },
  { operation: 'm1', type: 'opened', atMs: 4 },
  { operation: 'm1', type: 'event', seq: 1, json: '{}', atMs: 5 },
  { operation: 'm1', type: 'acknowledged', taskId: 'tsk_1', atMs: 6 },
  { operation: 'm1', type: 'unknown', reason: 'reset', atMs: 7 },
  { operation: 'm1', type: 'leg', kind: 'resume', after: 1, atMs: 8 },
  { operation: 'm1', type: 'event', seq: 2, json: '{"x":1}', atMs: 9 },
  { operation: 'm1', type: 'ok', state: 'completed', atMs: 10 },
];

describe('a journal', () => {
  it('folds into one record for each operation', () => {
    const [first, second] = recordsOf(lines);
    assert.deepEqual(first, {
      operation: 'm1',
      agent: 'steps',
      kind: 'stream',
      acknowledged: ['tsk_1'],
      unknownAttempts: 1,
      outcome: { kind: 'ok', state: 'completed' },
      legs: [
        { kind: 'send', after: null, openedAtMs: 4, endedAtMs: 7, events: [{ seq: 1, json: '{}', atMs: 5 }] },
        { kind: 'resume', after: 1, openedAtMs: null, endedAtMs: 10, events: [{ seq: 2, json: '{"x":1}', atMs: 9 }] },
      ],
    });
    assert.equal(second?.outcome, null);
  });

  it('refuses lines of an operation that was never invoked', () => {
    assert.throws(() => recordsOf([{ operation: 'm9', type: 'ok', state: 'completed', atMs: 1 }]), /never invoked m9/);
  });
});
