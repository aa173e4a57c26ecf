/**
 * Guarantee: every view of a task's log gives each event once and in order, whatever order commits, notifications, polls and slow readers come
 * in, holds a bounded part of it in memory, and leaves nothing behind. Spec: docs/specs/stream-resumption.md.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { FakeClock } from '@colloquy/testkit';
import type { TaskId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { TaskEvent } from './task-event.ts';
import type { LogPosition, LogTail } from './task-store.ts';
import type { TaskFollower } from './task-follower.ts';
import { TaskLog } from './task-log.ts';

const tenantId = 'tnt_1';
const taskId = 'tsk_1';

/** What is committed, and readers of it whose answers come when the schedule says so. */
class CommittedLog {
  readonly events: TaskEvent[] = [];
  reads = 0;
  isAway = false;
  readonly #delay: <Value>(value: Value) => Promise<Value>;

  constructor(delay: <Value>(value: Value) => Promise<Value> = (value) => Promise.resolve(value)) {
    this.#delay = delay;
  }

  commit(count: number, json = '{}'): readonly TaskEvent[] {
    const from = this.events.length;
    for (let at = 1; at <= count; at += 1) this.events.push({ seq: from + at, kind: 'artifact', json });
    return this.events.slice(from);
  }

  end(): readonly TaskEvent[] {
    const last: TaskEvent = { seq: this.events.length + 1, kind: 'status', json: '{}', state: 'TASK_STATE_COMPLETED' };
    this.events.push(last);
    return [last];
  }

  readonly readTail = async (_tenant: string, _task: string, after: number): Promise<LogTail> => {
    this.reads += 1;
    if (this.isAway) throw new Error('away');
    // A read sees the log at some moment between the question and the answer.
    await this.#delay(null);
    const events = this.events.slice(after, after + limits.logTailEventsMax);
    return this.#delay({ events, isMore: this.events.length > after + events.length });
  };

  findGrown = async (_tenant: string, positions: readonly LogPosition[]): Promise<readonly TaskId[]> => {
    this.reads += 1;
    if (this.isAway) throw new Error('away');
    await this.#delay(null);
    const grown = positions.filter(({ seq }) => seq < this.events.length);
    return this.#delay(grown.map((position) => position.taskId));
  };
}

function openLog(
  committed: CommittedLog,
  publishedHere: () => number | null = () => null,
): { log: TaskLog; clock: FakeClock } {
  const clock = new FakeClock(0);
  return { clock, log: new TaskLog({ store: committed, clock, publishedHere }) };
}

/** Reads a view to its end and notes what it was given. */
async function readOn(follower: TaskFollower, batches: (readonly TaskEvent[])[]): Promise<void> {
  for await (const batch of follower) batches.push(batch);
}

const seqs = (batches: readonly (readonly TaskEvent[])[]): number[] => batches.flat().map(({ seq }) => seq);
const numbers = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);

function assertWithinBuffer(batches: readonly (readonly TaskEvent[])[]): void {
  for (const batch of batches) {
    const bytes = batch.reduce((sum, { json }) => sum + json.length, 0);
    assert.ok(batch.length <= limits.streamBufferEventsMax, `${batch.length} events at once`);
    assert.ok(batch.length === 1 || bytes <= limits.streamBufferBytesMax, `${bytes} bytes at once`);
  }
}

type Step =
  | { readonly do: 'commit'; readonly count: number }
  | { readonly do: 'publish' | 'lose' | 'notify' | 'poll' | 'join' | 'leave' | 'turn' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('commit' as const),
      count: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(300), fc.constant(600)),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('publish', 'lose', 'notify', 'poll', 'join', 'leave', 'turn') }),
  },
);

describe('a view of a task log', () => {
  it('STREAM-1 has no gap and no repeat under any schedule of commits, publications, notifications, polls, reads and readers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.boolean(),
        fc.scheduler(),
        fc.infiniteStream(fc.nat()),
        async (steps, isLocal, scheduler, dice) => {
          const committed = new CommittedLog((value) => scheduler.schedule(Promise.resolve(value)));
          let publishedSeq = 1;
          const { log, clock } = openLog(committed, () => (isLocal ? publishedSeq : null));
          const untold: (readonly TaskEvent[])[] = [];
          const readers: {
            afterSeq: number;
            batches: (readonly TaskEvent[])[];
            done: Promise<void>;
            follower: TaskFollower;
          }[] = [];
          const roll = (sides: number): number => (dice.next().value ?? 0) % sides;
          const join = (): void => {
            const afterSeq = roll(committed.events.length + 1);
            const follower = log.follow(tenantId, taskId, afterSeq);
            const batches: (readonly TaskEvent[])[] = [];
            readers.push({ afterSeq, batches, follower, done: readOn(follower, batches) });
          };
          committed.commit(1);
          join();
          for (const one of steps) {
            if (one.do === 'commit') untold.push(committed.commit(one.count));
            // What this process commits is told in order and never lost; what others commit, perhaps.
            const told = one.do === 'publish' || (one.do === 'lose' && isLocal) ? untold.shift() : undefined;
            if (told !== undefined && isLocal) {
              publishedSeq = told.at(-1)?.seq ?? publishedSeq;
              log.publish(taskId, told);
            }
            if (one.do === 'notify' || (told !== undefined && !isLocal)) log.notify(taskId);
            if (one.do === 'poll') await clock.advance(limits.logPollMs);
            if (one.do === 'join') join();
            if (one.do === 'leave' && readers.length > 1) await readers.pop()?.follower.return();
            if (one.do === 'turn' && scheduler.count() > 0) await scheduler.waitNext(1);
            else if (one.do === 'turn') await turn();
          }
          untold.push(committed.end());
          if (isLocal) for (const told of untold) log.publish(taskId, told);
          // Everything else is lost, and time goes on.
          const finished = Promise.all(readers.map(({ done }) => done)).then(() => true);
          for (let polls = 0; !(await Promise.race([finished, turn(false)])); polls += 1) {
            assert.ok(
              polls < 50,
              `a reader waits for ever: ${JSON.stringify(readers.map(({ afterSeq, batches }) => [afterSeq, seqs(batches).at(-1)]))} of ${committed.events.length}`,
            );
            await scheduler.waitIdle();
            await clock.advance(limits.logPollMs);
          }
          for (const { afterSeq, batches } of readers) {
            assert.deepEqual(seqs(batches), numbers(afterSeq + 1, committed.events.length));
            assertWithinBuffer(batches);
          }
          assert.equal(log.followerCount, 0);
          assert.equal(clock.pendingTimers, 0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('STREAM-2 is complete when every notification is lost, because it polls', async () => {
    const committed = new CommittedLog();
    const { log, clock } = openLog(committed);
    committed.commit(1);
    const batches: (readonly TaskEvent[])[] = [];
    const done = readOn(log.follow(tenantId, taskId, 0), batches);
    await turn();
    committed.commit(3);
    await clock.advance(limits.logPollMs - 1);
    assert.deepEqual(seqs(batches), [1]);
    await clock.advance(1);
    assert.deepEqual(seqs(batches), [1, 2, 3, 4]);
    committed.end();
    await clock.advance(limits.logPollMs);
    await done;
    assert.deepEqual(seqs(batches), [1, 2, 3, 4, 5]);
    assert.equal(clock.pendingTimers, 0);
  });

  it('STREAM-10 asks the database once for all readers of a task, and not at all for a task that is worked on here', async () => {
    const committed = new CommittedLog();
    committed.commit(1);
    for (const [isLocal, expected] of [
      [false, 1],
      [true, 0],
    ] as const) {
      const { log, clock } = openLog(committed, isLocal ? () => 1 : undefined);
      const readers = numbers(1, 20).map(() => log.follow(tenantId, taskId, 0));
      const first = await Promise.all(readers.map((reader) => reader.next()));
      assert.ok(first.every(({ value }) => value?.length === 1));
      const readsBefore = committed.reads;
      await clock.advance(limits.logPollMs);
      assert.equal(committed.reads - readsBefore, expected);
      for (const reader of readers) await reader.return();
    }
  });

  it('asks nothing at all for a reader who has what was published of a task that is worked on here', async () => {
    const committed = new CommittedLog();
    committed.commit(2);
    const { log } = openLog(committed, () => 2);
    const follower = log.follow(tenantId, taskId, 2);
    const batches: (readonly TaskEvent[])[] = [];
    const done = readOn(follower, batches);
    await turn();
    log.publish(taskId, committed.commit(3));
    log.publish(taskId, committed.end());
    await done;
    assert.deepEqual([seqs(batches), committed.reads], [[3, 4, 5, 6], 0]);
    assert.equal(log.followerCount, 0);
  });

  it('STREAM-10 costs one question for all tasks of a tenant while nothing happens, and no second one before the answer', async () => {
    const committed = new CommittedLog();
    committed.commit(1);
    const { log, clock } = openLog(committed);
    const readers = numbers(1, 50).map((at) => log.follow(tenantId, `tsk_${at}` as const, 1));
    await clock.advance(limits.logPollMs);
    assert.equal(committed.reads, 1);
    const { promise: answer, resolve } = Promise.withResolvers<void>();
    committed.findGrown = async () => {
      committed.reads += 1;
      await answer;
      return [];
    };
    await clock.advance(3 * limits.logPollMs);
    assert.equal(committed.reads, 2);
    resolve();
    for (const reader of readers) await reader.return();
    assert.equal(clock.pendingTimers, 0);
  });

  it('STREAM-3 holds no more than its buffer for a reader that does not read, and reads the rest from the log', async () => {
    const committed = new CommittedLog();
    const { log } = openLog(committed, () => 1);
    const follower = log.follow(tenantId, taskId, 0);
    log.publish(taskId, committed.commit(1));
    await follower.next();
    for (let at = 0; at < 500; at += 1) log.publish(taskId, committed.commit(10));
    const readsBefore = committed.reads;
    const first = await follower.next();
    assert.deepEqual([first.value?.length, committed.reads - readsBefore], [limits.streamBufferEventsMax, 0]);
    log.publish(taskId, committed.end());
    const batches: (readonly TaskEvent[])[] = [first.value ?? []];
    await readOn(follower, batches);
    assert.deepEqual(seqs(batches), numbers(2, 5_002));
    assertWithinBuffer(batches);
    assert.ok(committed.reads > readsBefore);
  });

  it('STREAM-3 holds no more bytes than its buffer, and passes a larger event on alone', async () => {
    const committed = new CommittedLog();
    const { log } = openLog(committed, () => 1);
    const follower = log.follow(tenantId, taskId, 0);
    const large = 'x'.repeat(limits.streamBufferBytesMax / 2 + 1);
    log.publish(taskId, committed.commit(1));
    await follower.next();
    for (let at = 0; at < 5; at += 1) log.publish(taskId, committed.commit(1, large));
    log.publish(taskId, committed.commit(1, 'y'.repeat(limits.streamBufferBytesMax * 2)));
    log.publish(taskId, committed.end());
    const batches: (readonly TaskEvent[])[] = [];
    await readOn(follower, batches);
    assert.deepEqual(seqs(batches), numbers(2, 8));
    assertWithinBuffer(batches);
  });

  it('STREAM-7 ends for a reader that leaves, in whatever it was, and leaves no timer', async () => {
    const moments: readonly ((log: TaskLog, committed: CommittedLog) => Promise<void>)[] = [
      async () => Promise.resolve(),
      async () => turn(),
      async (log, committed) => Promise.resolve(log.publish(taskId, committed.commit(2))),
    ];
    for (const isLocal of [true, false]) {
      for (const moment of moments) {
        const committed = new CommittedLog((value) => turn(value));
        const { log, clock } = openLog(committed, isLocal ? () => 1 : undefined);
        const follower = log.follow(tenantId, taskId, 0);
        const next = follower.next();
        await moment(log, committed);
        await follower.return();
        await follower.return();
        const { done, value } = await next;
        assert.ok(done === true || value.length > 0);
        assert.deepEqual(await follower.next(), { done: true, value: undefined });
        assert.deepEqual([log.followerCount, clock.pendingTimers], [0, 0]);
        log.publish(taskId, committed.commit(1));
        log.notify(taskId);
        assert.deepEqual([log.followerCount, clock.pendingTimers], [0, 0]);
      }
    }
  });

  it('STREAM-9 is never shared by two tenants, should their tasks ever have one id', async () => {
    const committed = new CommittedLog();
    const { log, clock } = openLog(committed, () => 1);
    const follower = log.follow(tenantId, taskId, 0);
    assert.throws(() => log.follow('tnt_2', taskId, 0), { code: 'task.unknown' });
    assert.equal(log.followerCount, 1);
    await follower.return();
    await log.follow('tnt_2', taskId, 0).return();
    assert.equal(clock.pendingTimers, 0);
  });

  it('tells its reader of a database that is away, and goes on for one that asks again', async () => {
    const committed = new CommittedLog();
    const { log, clock } = openLog(committed);
    committed.commit(2);
    const follower = log.follow(tenantId, taskId, 0);
    committed.isAway = true;
    await assert.rejects(follower.next(), /away/);
    committed.isAway = false;
    assert.deepEqual(
      (await follower.next()).value?.map(({ seq }) => seq),
      [1, 2],
    );
    committed.isAway = true;
    const next = follower.next();
    committed.commit(1);
    await clock.advance(limits.logPollMs);
    committed.isAway = false;
    await clock.advance(limits.logPollMs);
    assert.deepEqual(
      (await next).value?.map(({ seq }) => seq),
      [3],
    );
    await follower.return();
    assert.equal(clock.pendingTimers, 0);
  });
});
