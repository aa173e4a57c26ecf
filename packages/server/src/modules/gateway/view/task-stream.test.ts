/** Guarantee: a reader that leaves a stream leaves nothing behind, also when the task gets no further event; no reader takes the streams of others. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../../../kernel/clock.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { TaskLog } from '../../tasks/index.ts';
import { assertRoomForStream, streamTask } from './task-stream.ts';

const caller = {
  principal: { kind: 'oauth-client', id: 'cli_1' },
  expiresAtMs: 1,
  status: { tenantId: 'tnt_1', revocable: [], parties: [], keyId: null },
} as const;

const stopped: Clock = { nowMs: () => 0, monotonicMs: () => 0, after: () => () => undefined };

describe('a stream of a silent task', () => {
  it('ends at once for a reader that leaves while it waits', async () => {
    const log = silentLog();
    const stream = streamTask({ log, clock: stopped, statuses: { follow: () => () => undefined } }, caller, {
      tenantId: 'tnt_1',
      taskId: 'tsk_1',
      afterSeq: 3,
    });
    const reader = stream[Symbol.asyncIterator]();
    const waiting = reader.next();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(log.followerCount, 1);

    assert.equal((await reader.return?.())?.done, true);

    assert.equal((await waiting).done, true);
    assert.equal(log.followerCount, 0);
  });
});

/** A log that never grows, with room for as many readers as anybody has. */
function silentLog(): TaskLog {
  const store = {
    readTail: () => Promise.resolve({ events: [], isMore: false }),
    findGrown: () => Promise.resolve([]),
  };
  return new TaskLog({ store, clock: stopped, publishedHere: () => 1 });
}

/** Fills the bound with streams of `tnt_1` whose readers are `readerOf(n)`; `cli_1` is one of them, and `other` has room. */
function fill(count: number, readerOf: (at: number) => string, other: readonly [TenantId, string]): void {
  const log = silentLog();
  const followers = Array.from({ length: count }, (_, at) =>
    log.follow('tnt_1', `tsk_${at % 100}` as const, 0, readerOf(at)),
  );
  assert.throws(() => assertRoomForStream({ log }, 'tnt_1', 'cli_1'), { code: 'stream.limit' });
  assertRoomForStream({ log }, ...other);
  void followers.pop()?.return();
  assertRoomForStream({ log }, 'tnt_1', 'cli_1');
  for (const follower of followers) void follower.return();
  assert.deepEqual([log.followerCount, log.followerCountOf('tnt_1'), log.followerCountOf('cli_1')], [0, 0, 0]);
}

describe('streams', () => {
  it('STREAM-12 of one tenant are as many as its bound allows and leave room for others, and one that ends makes room for the next', () =>
    fill(limits.tenantStreamsMax, (at) => `cli_${at % 10}`, ['tnt_2', 'cli_99']));

  it('STREAM-12 of one caller are fewer than those of its tenant and leave room for others, and one that ends makes room for the next', () => {
    assert.ok(limits.callerStreamsMax < limits.tenantStreamsMax);
    fill(limits.callerStreamsMax, () => 'cli_1', ['tnt_1', 'cli_2']);
  });
});
