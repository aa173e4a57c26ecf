/** Guarantee: what a client noted is what is judged, in the order in which it happened. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recordsOf } from './journal.ts';
import type { JournalLine } from './journal.ts';

const lines: JournalLine[] = [
  { operation: 'm1', type: 'invoke', agent: 'steps', kind: 'stream' },
  { operation: 'm2', type: 'invoke', agent: 'echo', kind: 'send' },
  { operation: 'm1', type: 'leg', kind: 'send', after: null },
  { operation: 'm1', type: 'event', seq: 1, json: '{}' },
  { operation: 'm1', type: 'acknowledged', taskId: 'tsk_1' },
  { operation: 'm1', type: 'unknown', reason: 'reset' },
  { operation: 'm1', type: 'leg', kind: 'resume', after: 1 },
  { operation: 'm1', type: 'event', seq: 2, json: '{"x":1}' },
  { operation: 'm1', type: 'ok', state: 'completed' },
];

describe('a journal', () => {
  it('folds into one record for each operation', () => {
    const [first, second] = recordsOf(lines);
    assert.deepEqual(first, {
      operation: 'm1',
      agent: 'steps',
      kind: 'stream',
      acknowledged: ['tsk_1'],
      unknownTries: 1,
      outcome: { kind: 'ok', state: 'completed' },
      legs: [
        { kind: 'send', after: null, events: [{ seq: 1, json: '{}' }] },
        { kind: 'resume', after: 1, events: [{ seq: 2, json: '{"x":1}' }] },
      ],
    });
    assert.equal(second?.outcome, null);
  });

  it('refuses lines of an operation that was never invoked', () => {
    assert.throws(() => recordsOf([{ operation: 'm9', type: 'ok', state: 'completed' }]), /never invoked m9/);
  });
});
