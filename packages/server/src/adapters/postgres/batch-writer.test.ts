/** Guarantee: work that arrives together is committed together, within bounds, and one item never fails or delays another for ever. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { DatabaseError } from 'pg';
import { FakeClock } from '@colloquy/testkit';
import { BatchWriter } from './batch-writer.ts';
import { AmbiguousCommitError, DatabaseUnavailableError } from './database-errors.ts';

interface Batch {
  readonly items: readonly number[];
  answer(): void;
  fail(error: unknown): void;
}

/** A writer whose batches end when the test resolves them; each item's outcome is its text. */
function heldWriter(queueItemsMax = 10_000) {
  const batches: Batch[] = [];
  const clock = new FakeClock();
  const writer = new BatchWriter<number, string>({
    clock,
    batchItemsMax: 64,
    batchesInFlightMax: 2,
    queueItemsMax,
    write: (items) =>
      new Promise((resolve, reject) => {
        batches.push({ items, answer: () => resolve(items.map(String)), fail: reject });
      }),
  });
  const submit = (count: number, from = 0): Promise<PromiseSettledResult<string>[]> =>
    Promise.allSettled(Array.from({ length: count }, (_, at) => writer.submit(from + at)));
  return { batches, clock, writer, submit };
}

function statementError(code: string): DatabaseError {
  return Object.assign(new DatabaseError('refused', 1, 'error'), { severity: 'ERROR', code });
}

const codeOf = (result: PromiseSettledResult<string> | undefined): unknown =>
  result?.status === 'rejected' ? (result.reason as { code?: string }).code : undefined;

describe('a batch writer', () => {
  it('writes a lone item at once and by itself', async () => {
    const { batches, submit } = heldWriter();
    const settled = submit(1);
    await turn();
    assert.deepEqual(
      batches.map(({ items }) => items),
      [[0]],
    );
    batches[0]?.answer();
    assert.deepEqual(await settled, [{ status: 'fulfilled', value: '0' }]);
  });

  it('writes an item that comes again before all that waits, also when no more may', async () => {
    const { batches, submit, writer } = heldWriter(130);
    const settled = submit(258);
    await turn();
    const again = writer.resubmit(1_000);
    batches[0]?.answer();
    await turn();
    assert.deepEqual(batches[2]?.items.slice(0, 2), [1_000, 128]);
    for (let at = 1; at < 5; at += 1, await turn()) batches[at]?.answer();
    assert.equal(await again, '1000');
    assert.equal((await settled).filter(({ status }) => status === 'fulfilled').length, 130);
  });

  it('forms the next batch while two are in flight, of at most 64 items, in the order of arrival', async () => {
    const { batches, submit } = heldWriter();
    const settled = submit(200);
    await turn();
    assert.deepEqual(
      batches.map(({ items }) => items.length),
      [64, 64],
    );
    batches[0]?.answer();
    await turn();
    assert.deepEqual(
      batches.map(({ items }) => items.length),
      [64, 64, 64],
    );
    batches[2]?.answer();
    batches[1]?.answer();
    await turn();
    assert.deepEqual(batches[3]?.items, [192, 193, 194, 195, 196, 197, 198, 199]);
    batches[3]?.answer();
    const values = (await settled).map((result) => (result.status === 'fulfilled' ? result.value : null));
    assert.deepEqual(
      values,
      Array.from({ length: 200 }, (_, at) => String(at)),
    );
    assert.equal(batches.length, 4);
  });

  it('refuses work above the bound of its queue and finishes the queued work', async () => {
    const { batches, submit } = heldWriter(10);
    const kept = submit(10);
    const [refused] = await submit(1, 10);
    assert.equal(codeOf(refused), 'platform.overloaded');
    await turn();
    batches[0]?.answer();
    assert.ok((await kept).every(({ status }) => status === 'fulfilled'));
    assert.deepEqual(
      batches.map(({ items }) => items.length),
      [10],
    );
  });

  it('TASK-9 fails an item that cannot be written alone, whatever is wrong with it and wherever it lies', async () => {
    const faults = [
      statementError('22021'),
      statementError('54000'),
      statementError('23514'),
      new TypeError('not encodable'),
    ];
    await fc.assert(
      fc.asyncProperty(fc.nat(63), fc.constantFrom(...faults), async (poison, fault) => {
        let writes = 0;
        const written: number[] = [];
        const writer = new BatchWriter<number, string>({
          clock: new FakeClock(),
          batchItemsMax: 64,
          batchesInFlightMax: 2,
          queueItemsMax: 100,
          write: async (items) => {
            writes += 1;
            if (items.includes(poison)) throw fault;
            written.push(...items);
            return Promise.resolve(items.map(String));
          },
        });
        const results = await Promise.allSettled(Array.from({ length: 64 }, (_, at) => writer.submit(at)));
        assert.deepEqual(
          results.flatMap(({ status }, at) => (status === 'rejected' ? [at] : [])),
          [poison],
        );
        assert.deepEqual(
          written.toSorted((a, b) => a - b),
          results.flatMap((_, at) => (at === poison ? [] : [at])),
        );
        assert.ok(writes <= 13, `${writes} transactions`);
      }),
      { numRuns: 60 },
    );
  });

  it('calls a value that no table can hold an invalid request, and keeps the reason private', async () => {
    const { batches, submit } = heldWriter();
    const settled = submit(1);
    await turn();
    batches[0]?.fail(statementError('22003'));
    const [result] = await settled;
    assert.equal(codeOf(result), 'request.invalid');
    assert.doesNotMatch(JSON.stringify(result), /refused/);
  });

  it('repeats a transaction that lost a conflict, and fails after five attempts without halving the batch', async () => {
    for (const code of ['40P01', '40001', '55P03']) {
      const { batches, submit } = heldWriter();
      const settled = submit(8);
      for (let attempts = 0; attempts < 5; attempts += 1) {
        await turn();
        batches[attempts]?.fail(statementError(code));
      }
      assert.deepEqual((await settled).map(codeOf), Array(8).fill('platform.unavailable'));
      assert.deepEqual(
        batches.map(({ items }) => items.length),
        [8, 8, 8, 8, 8],
      );
    }
  });

  it('refuses everything while the database is away, and works again when it is back', async () => {
    const { batches, submit } = heldWriter();
    const refused = submit(3);
    await turn();
    batches[0]?.fail(new DatabaseUnavailableError('gone'));
    assert.deepEqual((await refused).map(codeOf), Array(3).fill('platform.unavailable'));
    const settled = submit(3);
    await turn();
    batches[1]?.answer();
    assert.ok((await settled).every(({ status }) => status === 'fulfilled'));
    assert.equal(batches.length, 2);
  });

  it('repeats a batch whose commit got no answer, however long the database is away', async () => {
    const { batches, clock, submit } = heldWriter();
    const settled = submit(3);
    await turn();
    batches[0]?.fail(new AmbiguousCommitError('cut'));
    for (let attempts = 1; attempts <= 20; attempts += 1) {
      await turn();
      await clock.advance(1_000);
      batches[attempts]?.fail(
        attempts % 3 === 0 ? statementError('57P03') : new DatabaseUnavailableError('still gone'),
      );
    }
    await turn();
    await clock.advance(1_000);
    batches[21]?.answer();
    assert.deepEqual(
      (await settled).map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'fulfilled'],
    );
    assert.equal(batches.length, 22);
    assert.ok(batches.every(({ items }) => items.length === 3));
  });
});
