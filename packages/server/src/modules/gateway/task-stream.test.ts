/** Guarantee: a reader that leaves a stream leaves nothing behind, also when the task never says another word. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../../kernel/clock.ts';
import { limits } from '../../kernel/limits.ts';
import { TaskLog } from '../tasks/index.ts';
import { assertRoomForStream, streamTask } from './task-stream.ts';

const stopped: Clock = { nowMs: () => 0, monotonicMs: () => 0, after: () => () => undefined };

describe('a stream of a silent task', () => {
  it('ends at once for a reader that leaves while it waits', async () => {
    const store = {
      readTail: () => Promise.resolve({ events: [], isMore: false }),
      findGrown: () => Promise.resolve([]),
    };
    const log = new TaskLog({ store, clock: stopped, publishedHere: () => 1 });
    const stream = streamTask(
      { log, clock: stopped, standings: { follow: () => () => undefined } },
      { expiresAtMs: 1, standing: { tenantId: 'tnt_1', revocable: [], parties: [], keyId: null } },
      { tenantId: 'tnt_1', taskId: 'tsk_1', afterSeq: 3 },
    );
    const reader = stream[Symbol.asyncIterator]();
    const waiting = reader.next();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(log.followerCount, 1);

    assert.equal((await reader.return?.())?.done, true);

    assert.equal((await waiting).done, true);
    assert.equal(log.followerCount, 0);
  });
});

describe('the streams of one tenant', () => {
  it('are as many as its bound allows and leave room for others, and one that ends makes room for the next', () => {
    const store = {
      readTail: () => Promise.resolve({ events: [], isMore: false }),
      findGrown: () => Promise.resolve([]),
    };
    const log = new TaskLog({ store, clock: stopped, publishedHere: () => 1 });
    const followers = Array.from({ length: limits.tenantStreamsMax }, (_, at) =>
      log.follow('tnt_1', `tsk_${at % 100}` as const, 0),
    );
    assert.throws(() => assertRoomForStream({ log }, 'tnt_1'), { code: 'stream.limit' });
    assertRoomForStream({ log }, 'tnt_2');
    void followers.pop()?.return();
    assertRoomForStream({ log }, 'tnt_1');
    for (const follower of followers) void follower.return();
    assert.deepEqual([log.followerCount, log.followerCountOf('tnt_1')], [0, 0]);
  });
});
