/** Guarantee: batches of several kinds alternate, grow meanwhile, and none waits long for one that hangs. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { FakeClock } from '@colloquy/testkit';
import { BatchSchedule } from './batch-schedule.ts';
import { BatchWriter } from './batch-writer.ts';

const patienceMs = 8;

/** Two kinds of batches, which end when the test resolves them. */
function twoKinds() {
  const clock = new FakeClock();
  const schedule = new BatchSchedule(clock, patienceMs);
  const sent: { readonly kind: string; readonly items: readonly number[]; answer(): void; fail(): void }[] = [];
  const writerOf = (kind: string): BatchWriter<number, number> =>
    new BatchWriter({
      clock,
      batchItemsMax: 64,
      batchesInFlightMax: 1,
      queueItemsMax: 1_000,
      schedule,
      write: (items) =>
        new Promise((resolve, reject) => {
          sent.push({ kind, items, answer: () => resolve(items), fail: () => reject(new TypeError('not encodable')) });
        }),
    });
  const seen = (): string[] => sent.map(({ kind, items }) => `${kind} ${items.join(' ')}`);
  return { clock, sent, seen, records: writerOf('records'), ends: writerOf('ends') };
}

describe('batches of several kinds', () => {
  it('run one after the other, each with everything that arrived before it started', async () => {
    const { sent, seen, records, ends } = twoKinds();
    const outcomes = [records.submit(1)];
    await turn();
    outcomes.push(ends.submit(2), records.submit(3));
    await turn();
    outcomes.push(ends.submit(4));
    await turn();
    assert.deepEqual(seen(), ['records 1']);
    sent[0]?.answer();
    await turn();
    assert.deepEqual(seen(), ['records 1', 'ends 2 4']);
    outcomes.push(ends.submit(5));
    sent[1]?.answer();
    await turn();
    assert.deepEqual(seen(), ['records 1', 'ends 2 4', 'records 3']);
    sent[2]?.answer();
    await turn();
    sent[3]?.answer();
    assert.deepEqual(await Promise.all(outcomes), [1, 2, 3, 4, 5]);
    assert.deepEqual(seen(), ['records 1', 'ends 2 4', 'records 3', 'ends 5']);
  });

  it('start in parallel to a batch that hangs, and alternate again when it has ended', async () => {
    const { clock, sent, seen, records, ends } = twoKinds();
    const hanging = records.submit(1);
    await turn();
    const patient = ends.submit(2);
    await turn();
    await clock.advance(patienceMs - 1);
    assert.deepEqual(seen(), ['records 1']);
    await clock.advance(1);
    assert.deepEqual(seen(), ['records 1', 'ends 2']);
    sent[1]?.answer();
    assert.equal(await patient, 2);
    sent[0]?.answer();
    assert.equal(await hanging, 1);
    const later = [records.submit(3), ends.submit(4)];
    await turn();
    assert.deepEqual(seen().slice(2), ['records 3']);
    sent[2]?.answer();
    await turn();
    sent[3]?.answer();
    assert.deepEqual(await Promise.all(later), [3, 4]);
    await clock.advance(patienceMs);
    assert.equal(sent.length, 4);
  });

  it('wait for one that hangs once, and not each of them', async () => {
    const { clock, sent, seen, records, ends } = twoKinds();
    const hanging = records.submit(1);
    await turn();
    const patient = ends.submit(2);
    await turn();
    await clock.advance(patienceMs);
    sent[1]?.answer();
    assert.equal(await patient, 2);
    const next = ends.submit(3);
    await turn();
    assert.deepEqual(seen(), ['records 1', 'ends 2', 'ends 3']);
    const behind = records.submit(4);
    sent[0]?.answer();
    assert.equal(await hanging, 1);
    await turn();
    assert.equal(sent.length, 3, 'the end of an overtaken batch frees no place of another batch');
    sent[2]?.answer();
    assert.equal(await next, 3);
    await turn();
    assert.deepEqual(seen().slice(3), ['records 4']);
    sent[3]?.answer();
    assert.equal(await behind, 4);
  });

  it('do not wait when the batch before them fails', async () => {
    const { sent, seen, records, ends } = twoKinds();
    const failed = Promise.allSettled([records.submit(1)]);
    await turn();
    const next = ends.submit(2);
    await turn();
    sent[0]?.fail();
    await turn();
    assert.deepEqual(seen(), ['records 1', 'ends 2']);
    sent[1]?.answer();
    assert.equal(await next, 2);
    assert.deepEqual(
      (await failed).map(({ status }) => status),
      ['rejected'],
    );
  });
});
