/**
 * Guarantee: an instance that fails is left alone by every process after at most five faults, is probed by one call at a time, and serves
 * every caller again as soon as it answers, without a restart. Spec: docs/specs/breaker.md, invariants BREAKER-1 to BREAKER-9.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { eventually, FakeClock } from '@colloquy/testkit';
import { NotificationListener } from '../src/adapters/postgres/notifications/notification-listener.ts';
import { createBreakerStore } from '../src/adapters/postgres/routing/breaker-store.ts';
import { systemClock } from '../src/adapters/clock/system-clock.ts';
import type { TaskId } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { BreakerBoard } from '../src/modules/routing/index.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

describe('the breaker of an instance', () => {
  let setting: TaskSetting;
  let tenant: SeededTenant;
  let clock: FakeClock;
  let outliers: string[];
  const faults: unknown[] = [];
  let movedMs = 0;

  before(async () => void (setting = await startTaskSetting()));
  after(() => setting[Symbol.asyncDispose]());
  beforeEach(async () => {
    tenant = await setting.seedTenant();
    clock = new FakeClock();
    outliers = [];
  });

  /** The board of one more process. */
  function newBoard(): BreakerBoard {
    return new BreakerBoard({
      store: createBreakerStore(setting.workers, setting.readers),
      clock,
      noteOutlier: (instanceId) => void outliers.push(instanceId),
      report: (error) => void faults.push(error),
    });
  }

  afterEach(() => assert.deepEqual(faults.splice(0), []));

  const newTask = (): TaskId => setting.ids.next('tsk');
  const rows = () =>
    setting.rows<{ failures: number; openings: number; is_open: boolean }>(
      `select failures, openings, open_until is not null as is_open from colloquy.instance_breakers where instance_id = $1`,
      tenant.instanceId.slice(4),
    );

  /** Faults that are known to all. */
  async function fail(board: BreakerBoard, times: number, cause: 'fault' | 'credential' = 'fault'): Promise<void> {
    const [known] = await rows();
    for (let time = 0; time < times; time += 1) board.noteFault(tenant, newTask(), { cause, askedMs: 0 });
    await eventually('the faults are told', async () => ((await rows())[0]?.failures ?? 0) !== (known?.failures ?? 0));
  }

  /** Moves the time of the processes and of the database. */
  async function pass(ms: number): Promise<void> {
    movedMs += ms;
    await setting.database.setClockOffset(movedMs);
    await clock.advance(ms);
  }

  it('BREAKER-1 opens with the fifth fault in a row, at once where it was seen, and for every other process', async () => {
    const [here, there] = [newBoard(), newBoard()];
    for (let fault = 1; fault <= limits.breakerFaultsMax; fault += 1) {
      assert.equal(here.stateOf(tenant.instanceId), 'closed', `after ${fault - 1} faults`);
      here.noteFault(tenant, newTask(), { cause: 'fault', askedMs: 0 });
    }
    assert.equal(here.stateOf(tenant.instanceId), 'open');
    await eventually('all know', async () => (await rows())[0]?.is_open === true);
    await there.refresh();
    assert.equal(there.stateOf(tenant.instanceId), 'open');
    assert.ok(there.openForMs(tenant.instanceId) > limits.breakerOpenMs - 1_000);
    assert.deepEqual(outliers, [tenant.instanceId]);
  });

  it('BREAKER-2 counts the faults of all processes together', async () => {
    const [here, there] = [newBoard(), newBoard()];
    await fail(here, 3);
    await fail(there, 2);
    await eventually('it is open where the last fault was seen', () => there.stateOf(tenant.instanceId) === 'open');
    await here.refresh();
    assert.equal(here.stateOf(tenant.instanceId), 'open');
    assert.equal((await rows())[0]?.openings, 1);
  });

  it('BREAKER-3 begins a new row of faults with an answer, after a while, and with another cause', async () => {
    const board = newBoard();
    await fail(board, 4);
    board.noteAnswer(tenant, newTask());
    await eventually('the row is over', async () => (await rows())[0]?.failures === 0);
    await fail(board, 4);
    await pass(limits.breakerFaultsWithinMs);
    await fail(board, 3);
    await fail(board, 2, 'credential');
    assert.equal(board.stateOf(tenant.instanceId), 'closed');
    assert.deepEqual((await rows())[0], { failures: 2, openings: 0, is_open: false });
    assert.deepEqual(outliers, []);
  });

  it('BREAKER-4 lets one call of all processes through when its time is over, and closes for all when that is answered', async () => {
    const boards = [newBoard(), newBoard(), newBoard()];
    await fail(boards[0] ?? newBoard(), limits.breakerFaultsMax);
    await Promise.all(boards.map((board) => board.refresh()));
    await pass(limits.breakerOpenMs);
    const probes: { readonly board: BreakerBoard; readonly taskId: TaskId }[] = [];
    await eventually('a probe is let through', () => {
      for (const board of boards) {
        const taskId = newTask();
        if (board.stateOf(tenant.instanceId) === 'half-open' && board.takeProbe(tenant.instanceId, taskId)) {
          probes.push({ board, taskId });
        }
      }
      return probes.length > 0;
    });
    for (const board of boards) assert.equal(board.stateOf(tenant.instanceId), 'open');
    const [probe] = probes;
    assert.ok(probe !== undefined && probes.length === 1);
    // What was under way when it opened is no answer to the probe.
    probe.board.noteAnswer(tenant, newTask());
    assert.equal(probe.board.stateOf(tenant.instanceId), 'open');
    probe.board.noteAnswer(tenant, probe.taskId);
    await eventually('it is closed for all', async () => {
      await Promise.all(boards.map((board) => board.refresh()));
      return boards.every((board) => board.stateOf(tenant.instanceId) === 'closed');
    });
    assert.equal((await rows())[0]?.is_open, false);
  });

  it('BREAKER-5 opens for longer when its probe fails, and admits another probe when the result of one is never reported', async () => {
    const board = newBoard();
    await fail(board, limits.breakerFaultsMax);
    await pass(limits.breakerOpenMs);
    const first = await takenProbe(board);
    board.noteFault(tenant, first, { cause: 'fault', askedMs: 0 });
    await eventually('it is open again', async () => (await rows())[0]?.openings === 2);
    await eventually('for longer', () => board.openForMs(tenant.instanceId) > limits.breakerOpenMs);
    await pass(2 * limits.breakerOpenMs);
    await takenProbe(board);
    const other = newBoard();
    await other.refresh();
    assert.equal(other.stateOf(tenant.instanceId), 'open');
    await pass(limits.breakerProbeMs);
    await takenProbe(other);
    assert.equal((await rows())[0]?.openings, 2);
  });

  it('BREAKER-6 opens for a credential that is refused without a word against the instance', async () => {
    const board = newBoard();
    await fail(board, limits.breakerFaultsMax, 'credential');
    assert.equal(board.stateOf(tenant.instanceId), 'open');
    assert.deepEqual(outliers, []);
  });

  it('BREAKER-7 is heard of by other processes in a moment, and tells them nothing of a tenant', async () => {
    let heard = 0;
    const nothing = (): void => undefined;
    await using listener = {
      own: new NotificationListener({
        url: setting.database.adminUrl,
        clock: systemClock,
        sender: 'other',
        onTask: nothing,
        onRoutes: nothing,
        onAccess: nothing,
        onBreakers: () => void (heard += 1),
      }),
      [Symbol.asyncDispose]: () => listener.own.stop(),
    };
    await listener.own.start();
    await fail(newBoard(), limits.breakerFaultsMax - 1);
    assert.equal(heard, 0);
    await fail(newBoard(), 1);
    await eventually('the notification arrives', () => heard === 1);
    const other = await setting.seedTenant();
    assert.equal(newBoard().stateOf(other.instanceId), 'closed');
  });

  it('BREAKER-8 is not moved by calls that were under way when it opened', async () => {
    const board = newBoard();
    await fail(board, limits.breakerFaultsMax);
    const { openings } = (await rows())[0] ?? {};
    for (let late = 0; late < 2 * limits.breakerFaultsMax; late += 1) {
      board.noteFault(tenant, newTask(), { cause: 'fault', askedMs: 0 });
      board.noteAnswer(tenant, newTask());
    }
    assert.equal(board.stateOf(tenant.instanceId), 'open');
    assert.ok(board.openForMs(tenant.instanceId) <= limits.breakerOpenMs);
    await board.refresh();
    assert.equal(board.stateOf(tenant.instanceId), 'open');
    assert.equal((await rows())[0]?.openings, openings);
    assert.deepEqual(outliers, [tenant.instanceId]);
  });

  it('BREAKER-9 is open for as long at least as the instance asked to be left alone, for every process, and never for longer than the bound', async () => {
    const [here, there] = [newBoard(), newBoard()];
    const askedMs = 3 * limits.breakerOpenMs;
    const told = (count: number): Promise<boolean> =>
      eventually('it is told', async () => (await rows())[0]?.failures === count);
    for (let fault = 1; fault <= limits.breakerFaultsMax; fault += 1) {
      // A fault counts as reported when it is in the row.
      here.noteFault(tenant, newTask(), { cause: 'fault', askedMs: fault === 2 ? askedMs : 0 });
      await told(fault);
    }
    await there.refresh();
    for (const board of [here, there]) {
      const openMs = board.openForMs(tenant.instanceId);
      assert.ok(openMs > limits.breakerOpenMs && openMs <= askedMs, String(openMs));
    }
    await pass(askedMs);
    const probe = await takenProbe(here);
    here.noteFault(tenant, probe, { cause: 'fault', askedMs: 100 * limits.breakerOpenMsMax });
    await eventually('it is open again', async () => (await rows())[0]?.openings === 2);
    await there.refresh();
    for (const board of [here, there]) {
      const openMs = board.openForMs(tenant.instanceId);
      assert.ok(openMs > askedMs && openMs <= limits.breakerOpenMsMax, String(openMs));
    }
  });

  async function takenProbe(board: BreakerBoard): Promise<TaskId> {
    const taskId = newTask();
    await eventually('a probe can be taken', () => {
      return board.stateOf(tenant.instanceId) === 'half-open' && board.takeProbe(tenant.instanceId, taskId);
    });
    return taskId;
  }
});
