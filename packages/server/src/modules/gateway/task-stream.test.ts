/** Guarantee: a reader that leaves a stream leaves nothing behind, also when the task never says another word. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../../kernel/clock.ts';
import { TaskLog } from '../tasks/index.ts';
import { streamTask } from './task-stream.ts';

const stopped: Clock = { nowMs: () => 0, monotonicMs: () => 0, after: () => () => undefined };

describe('a stream of a silent task', () => {
  it('ends at once for a reader that leaves while it waits', async () => {
    const store = { readEvents: () => Promise.resolve([]) };
    const log = new TaskLog({ store, clock: stopped, isWorkedOnHere: () => true });
    const stream = streamTask({ log }, { tenantId: 'tnt_1', taskId: 'tsk_1', afterSeq: 3 });
    const reader = stream[Symbol.asyncIterator]();
    const waiting = reader.next();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(log.followerCount, 1);

    assert.equal((await reader.return?.())?.done, true);

    assert.equal((await waiting).done, true);
    assert.equal(log.followerCount, 0);
  });
});
