/**
 * Guarantee: the tasks of a dead node are claimed once, however many nodes sweep at the same time, and a live node keeps its tasks.
 * Spec: docs/specs/lease.md.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { uuidOf } from '../src/kernel/ids.ts';
import type { NodeId } from '../src/kernel/ids.ts';
import type { NewTask, TakenTask } from '../src/modules/tasks/index.ts';
import { assertBooksAreSound } from './task-books.ts';
import { draftEnd, draftTask, draftWrite, statusDraft } from './task-drafts.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

const deadAfterMs = 60_000;

describe('a sweep', () => {
  let setting: TaskSetting;
  let tenant: SeededTenant;
  /** The node that sweeps. */
  let taker: NodeId;
  before(async () => {
    setting = await startTaskSetting();
  });
  after(() => setting[Symbol.asyncDispose]());
  // A sweep reads the nodes and tasks of every tenant.
  beforeEach(async () => {
    await setting.database.setClockOffset(0);
    const tables = ['nodes', 'tasks', 'task_events', 'idempotency_keys', 'wallets', 'ledger_entries'];
    await setting.rows(`truncate ${tables.map((table) => `colloquy.${table}`).join(', ')} cascade`);
    tenant = await setting.seedTenant();
    taker = await setting.registerNode();
  });

  async function recordUnder(nodeId: NodeId, count: number): Promise<readonly NewTask[]> {
    const tasks = Array.from({ length: count }, () => draftTask({ ...setting, nodeId }, tenant));
    await Promise.all(tasks.map((task) => setting.store.record(task)));
    return tasks;
  }

  const idsOf = (taken: readonly TakenTask[]): string[] => taken.map(({ taskId }) => taskId).toSorted();

  it('leaves a node alone that was heard of not too long ago, and takes its tasks a moment later', async () => {
    const nodeId = await setting.registerNode();
    const tasks = await recordUnder(nodeId, 3);
    await setting.database.setClockOffset(deadAfterMs - 20_000);
    await setting.nodes.heartbeat(taker);
    assert.deepEqual(await setting.nodes.takeOver(taker, deadAfterMs, 100), []);
    await setting.database.setClockOffset(deadAfterMs + 1_000);
    await setting.nodes.heartbeat(taker);
    const taken = await setting.nodes.takeOver(taker, deadAfterMs, 100);
    assert.deepEqual(idsOf(taken), tasks.map(({ taskId }) => taskId).toSorted());
    assert.deepEqual(
      taken.map(({ tenantId, attempt }) => [tenantId, attempt]),
      tasks.map(() => [tenant.tenantId, 2]),
    );
    assert.equal(await setting.nodes.heartbeat(nodeId), false);
    assert.deepEqual(await setting.nodes.takeOver(taker, deadAfterMs, 100), []);
  });

  it("LEASE-7 judges by the database's clock: a clock that went back declares no node dead", async () => {
    const nodeId = await setting.registerNode();
    await recordUnder(nodeId, 1);
    await setting.database.setClockOffset(-3_600_000);
    assert.deepEqual(await setting.nodes.takeOver(taker, deadAfterMs, 100), []);
    assert.equal(await setting.nodes.heartbeat(nodeId), true);
  });

  it('takes tasks that are worked on and leaves those that wait or have ended', async () => {
    const nodeId = await setting.registerNode();
    const [active, waiting, ended] = await recordUnder(nodeId, 3);
    assert.ok(active !== undefined && waiting !== undefined && ended !== undefined);
    await setting.store.write(draftWrite(waiting, [statusDraft(waiting, 'TASK_STATE_INPUT_REQUIRED')]));
    await setting.store.write(draftEnd(setting, ended, 'TASK_STATE_COMPLETED'));
    await setting.nodes.retire(nodeId);
    assert.deepEqual(idsOf(await setting.nodes.takeOver(taker, deadAfterMs, 100)), [active.taskId]);
    await assertBooksAreSound(setting);
  });

  it('takes at most its bound, and the next one takes the rest', async () => {
    const nodeId = await setting.registerNode();
    const tasks = await recordUnder(nodeId, 25);
    await setting.nodes.retire(nodeId);
    const sizes: number[] = [];
    const taken: TakenTask[] = [];
    for (let left = true; left;) {
      const some = await setting.nodes.takeOver(taker, deadAfterMs, 10);
      taken.push(...some);
      sizes.push(some.length);
      left = some.length > 0;
    }
    assert.deepEqual(sizes, [10, 10, 5, 0]);
    assert.deepEqual(idsOf(taken), tasks.map(({ taskId }) => taskId).toSorted());
  });

  it("LEASE-4 shares a dead node's tasks with others that sweep at the same time: none is taken twice or left", async () => {
    const nodeId = await setting.registerNode();
    const tasks = await recordUnder(nodeId, 300);
    const reapers = await Promise.all([1, 2, 3].map(() => setting.registerNode()));
    await using other = setting.openProcess();
    await setting.database.setClockOffset(deadAfterMs + 1_000);
    await Promise.all(reapers.map((reaper) => setting.nodes.heartbeat(reaper)));
    const sweeps = reapers.map(async (reaper, at) => {
      const { nodes } = at === 0 ? other : setting;
      const taken: TakenTask[] = [];
      for (let empty = 0; empty < 3;) {
        const some = await nodes.takeOver(reaper, deadAfterMs, 7);
        taken.push(...some);
        empty = some.length === 0 ? empty + 1 : 0;
      }
      return taken;
    });
    const shares = await Promise.all(sweeps);
    assert.deepEqual(idsOf(shares.flat()), tasks.map(({ taskId }) => taskId).toSorted());
    for (const [at, share] of shares.entries()) {
      for (const { taskId, attempt } of share) {
        const row = await setting.store.findForWork(tenant.tenantId, taskId);
        assert.deepEqual([row?.nodeId, row?.attempt, attempt], [reapers[at], 2, 2]);
      }
    }
  });

  it('LEASE-3 declares a node dead and takes its tasks in one transaction, or does neither', async () => {
    const nodeId = await setting.registerNode();
    const [task] = await recordUnder(nodeId, 1);
    assert.ok(task !== undefined);
    await setting.database.setClockOffset(deadAfterMs + 1_000);
    await setting.nodes.heartbeat(taker);
    await setting.rows(
      `create function colloquy.trip() returns trigger language plpgsql as $$ begin raise exception 'tripped'; end $$`,
    );
    await setting.rows(
      'create trigger trip before update on colloquy.tasks for each row execute function colloquy.trip()',
    );
    await assert.rejects(setting.nodes.takeOver(taker, deadAfterMs, 10), /tripped/);
    const [node] = await setting.rows('select dead_at from colloquy.nodes where node_id = $1', uuidOf(nodeId));
    assert.deepEqual(node, { dead_at: null });
    assert.equal((await setting.store.findForWork(tenant.tenantId, task.taskId))?.nodeId, nodeId);
    await setting.rows('drop trigger trip on colloquy.tasks');
    assert.deepEqual(idsOf(await setting.nodes.takeOver(taker, deadAfterMs, 10)), [task.taskId]);
  });

  it('LEASE-6 gives nothing to a taker that is dead or was never registered', async () => {
    const nodeId = await setting.registerNode();
    await recordUnder(nodeId, 1);
    await setting.nodes.retire(nodeId);
    const dead = await setting.registerNode();
    await setting.nodes.retire(dead);
    assert.deepEqual(await setting.nodes.takeOver(dead, deadAfterMs, 10), []);
    assert.deepEqual(await setting.nodes.takeOver(setting.ids.next('nod'), deadAfterMs, 10), []);
    assert.equal((await setting.nodes.takeOver(taker, deadAfterMs, 10)).length, 1);
  });

  it('LEASE-9 finds what is recorded under a node that was dead before', async () => {
    const nodeId = await setting.registerNode();
    await setting.nodes.retire(nodeId);
    const [task] = await recordUnder(nodeId, 1);
    assert.deepEqual(idsOf(await setting.nodes.takeOver(taker, deadAfterMs, 10)), [task?.taskId]);
  });

  it('LEASE-5 leaves the late words of the node that lost a task without effect', async () => {
    const nodeId = await setting.registerNode();
    const [task] = await recordUnder(nodeId, 1);
    assert.ok(task !== undefined);
    await setting.nodes.retire(nodeId);
    await setting.nodes.takeOver(taker, deadAfterMs, 10);
    const before = await setting.everyRowOf(tenant.tenantId);
    assert.equal(await setting.store.write(draftEnd(setting, task, 'TASK_STATE_COMPLETED')), 'stale');
    assert.equal(await setting.store.write(draftEnd(setting, task, 'TASK_STATE_COMPLETED', { attempt: 2 })), 'stale');
    assert.equal(await setting.everyRowOf(tenant.tenantId), before);
    const overrides = { nodeId: taker, attempt: 2 };
    assert.equal(await setting.store.write(draftEnd(setting, task, 'TASK_STATE_FAILED', overrides)), 'written');
  });
});
