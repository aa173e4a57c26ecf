// Guarantee: the counts of concurrency slots stay true. Otherwise a slot would be lost with the process that held it, or freed twice.
// Spec: docs/specs/task-queue.md

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { createTaskQueueStore } from '../src/adapters/postgres/task-queue/task-queue-store.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import type { TaskQueueStore } from '../src/modules/tasks/index.ts';
import { slotRows } from './slot-rows.ts';
import { draftEnd, draftTask } from './task-drafts.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

const queueing = { delayMs: 0, deadlineAtMs: null };

describe('what is counted of slots', () => {
  let setting: TaskSetting;
  let queues: TaskQueueStore;
  before(async () => {
    setting = await startTaskSetting();
    queues = createTaskQueueStore(setting.workers, setting.writers);
  });
  after(() => setting[Symbol.asyncDispose]());

  const counts = async ({ tenantId }: SeededTenant): Promise<readonly number[]> => {
    const [row] = await slotRows(setting, tenantId);
    return [row?.in_use ?? -1, row?.queued ?? -1];
  };
  const claim = ({ tenantId, agentId, instanceId }: SeededTenant, limit: number) =>
    queues.claim(tenantId, setting.nodeId, {
      queues: [{ agentId, instances: [{ instanceId, isOpen: true }] }],
      limit,
    });

  it('QUEUE-2 is exact when a node dies that held them: the taker has them, and gives them back once', async () => {
    const tenant = await setting.seedTenant({ slotsMax: 1 });
    const mortal = await setting.registerNode();
    const task = draftTask({ ids: setting.ids, nodeId: mortal }, tenant, { queueing });
    assert.deepEqual(await setting.store.record(task), { kind: 'recorded' });
    const waiting = draftTask(setting, tenant, { queueing });
    assert.deepEqual(await setting.store.record(waiting), { kind: 'recorded', isQueued: true });
    await setting.nodes.retire(mortal);
    const [taken] = await setting.nodes.takeOver(setting.nodeId, 60_000, 10);
    assert.equal(taken?.taskId, task.taskId);
    assert.deepEqual(await counts(tenant), [1, 1]);
    assert.deepEqual(await claim(tenant, 10), []);
    const late = draftEnd(setting, task, 'TASK_STATE_COMPLETED', { queuePlace: 'held' });
    assert.equal(await setting.store.write(late), 'stale');
    assert.deepEqual(await counts(tenant), [1, 1]);
    const end = { ...late, nodeId: setting.nodeId, attempt: 2 };
    assert.equal(await setting.store.write(end), 'written');
    assert.deepEqual(await counts(tenant), [0, 1]);
    // The same end again, as after a lost answer, gives nothing back again.
    assert.equal(await setting.store.write(end), 'written');
    assert.deepEqual(await counts(tenant), [0, 1]);
    const [claimed] = await claim(tenant, 10);
    assert.deepEqual([claimed?.taskId, claimed?.attempt], [waiting.taskId, 1]);
    assert.deepEqual(await counts(tenant), [1, 0]);
  });

  it('QUEUE-3 is exact when sixty sends are recorded at once, and each is claimed once, in order', async () => {
    const tenant = await setting.seedTenant({ slotsMax: 7 });
    const tasks = Array.from({ length: 60 }, () => draftTask(setting, tenant, { queueing }));
    const outcomes = await Promise.all(tasks.map((task) => setting.store.record(task)));
    assert.equal(outcomes.filter((one) => one.kind === 'recorded' && one.isQueued !== true).length, 7);
    assert.deepEqual(await counts(tenant), [7, 53]);
    const held = tasks.filter((_, at) => outcomes[at]?.kind === 'recorded' && !('isQueued' in (outcomes[at] ?? {})));
    await Promise.all(
      held.map((task) => setting.store.write(draftEnd(setting, task, 'TASK_STATE_FAILED', { queuePlace: 'held' }))),
    );
    // Two that claim at once share what is free.
    const claims = await Promise.all([claim(tenant, 5), claim(tenant, 5), claim(tenant, 5)]);
    const ids = claims.flat().map(({ taskId }) => taskId);
    assert.deepEqual([ids.length, new Set(ids).size], [7, 7]);
    assert.deepEqual(await counts(tenant), [7, 46]);
  });

  it('QUEUE-5 is the more urgent one first, and never past its deadline', async () => {
    const tenant = await setting.seedTenant({ slotsMax: 1 });
    const record = async (placement: typeof queueing | { delayMs: number; deadlineAtMs: number }) => {
      const task = draftTask(setting, tenant, { queueing: placement });
      await setting.store.record(task);
      return task;
    };
    const first = await record(queueing);
    const bronze = await record({ delayMs: 30_000, deadlineAtMs: null });
    const late = await record({ delayMs: 0, deadlineAtMs: Date.now() - 1 });
    const gold = await record(queueing);
    await setting.store.write(draftEnd(setting, first, 'TASK_STATE_COMPLETED', { queuePlace: 'held' }));
    assert.deepEqual(
      (await claim(tenant, 1)).map(({ taskId }) => taskId),
      [gold.taskId],
    );
    assert.deepEqual(
      (await queues.findOverdue(10, null)).map(({ taskId }) => taskId),
      [late.taskId],
    );
    const end = draftEnd(setting, gold, 'TASK_STATE_COMPLETED', { queuePlace: 'held' });
    assert.equal(await setting.store.write(end), 'written');
    // A task that has waited for longer than its delay comes before an urgent task that arrives now.
    await setting.rows(
      `update colloquy.tasks set queue_rank = queue_rank - interval '31 seconds' where tenant_id = $1 and task_id = $2`,
      uuidOf(tenant.tenantId),
      uuidOf(bronze.taskId),
    );
    await record(queueing);
    assert.deepEqual(
      (await claim(tenant, 1)).map(({ taskId }) => taskId),
      [bronze.taskId],
    );
  });

  it('QUEUE-10 is not held up by a turn whose instance has no spot, and lets one go on elsewhere whose instance is gone', async () => {
    const tenant = await setting.seedTenant({ slotsMax: 5 });
    const full = setting.ids.next('ins');
    const gone = setting.ids.next('ins');
    await setting.rows(
      `insert into colloquy.agent_instances (tenant_id, instance_id, agent_id, url, binding, protocol_version, slots_max)
       select $1, x.id, $2, 'http://127.0.0.1/' || x.id, 'JSONRPC', '1.0', x.slots_max
       from (values ($3::uuid, 1), ($4::uuid, null::int)) x (id, slots_max)`,
      uuidOf(tenant.tenantId),
      uuidOf(tenant.agentId),
      uuidOf(full),
      uuidOf(gone),
    );
    const busy = Array.from({ length: 5 }, (_, at) =>
      draftTask(setting, tenant, { queueing, ...(at === 0 ? { instanceId: full } : {}) }),
    );
    for (const task of busy) await setting.store.record(task);
    const waiting = Array.from({ length: 4 }, () => draftTask(setting, tenant, { queueing }));
    for (const task of waiting) await setting.store.record(task);
    assert.deepEqual(await counts(tenant), [5, 4]);
    const [first, second, third, last] = waiting.map(({ taskId }) => taskId);
    for (const [instanceId, ids] of [
      [full, [first, second]],
      [gone, [third]],
    ] as const)
      await setting.rows(
        `update colloquy.tasks set upstream_task_id = 'up', instance_id = $1 where task_id = any ($2::uuid[])`,
        uuidOf(instanceId),
        ids.flatMap((id) => (id === undefined ? [] : [uuidOf(id)])),
      );
    for (const task of busy.slice(1, 3))
      await setting.store.write(draftEnd(setting, task, 'TASK_STATE_COMPLETED', { queuePlace: 'held' }));
    const instances = [full, tenant.instanceId].map((instanceId) => ({ instanceId, isOpen: true }));
    const { tenantId, agentId } = tenant;
    const queue = { queues: [{ agentId, instances }], limit: 10 };
    const claimed = await queues.claim(tenantId, setting.nodeId, queue);
    assert.deepEqual(
      claimed.map(({ taskId }) => taskId),
      [third, last],
    );
    assert.equal(await queues.recount(), 0);
  });

  it('QUEUE-9 is found again when it is lost', async () => {
    const tenant = await setting.seedTenant({ slotsMax: 3 });
    for (let nth = 0; nth < 5; nth += 1) await setting.store.record(draftTask(setting, tenant, { queueing }));
    assert.equal(await queues.recount(), 0);
    await setting.rows(
      `update colloquy.slots set in_use = 0, queued = 9 where tenant_id = $1`,
      uuidOf(tenant.tenantId),
    );
    assert.equal(await queues.recount(), 1);
    assert.deepEqual(await counts(tenant), [3, 2]);
    assert.equal(await queues.recount(), 0);
  });

  it('shows every queue with its depth, its age and its free slots, and no queue of another tenant', async () => {
    const tenant = await setting.seedTenant({ slotsMax: 1 });
    const other = await setting.seedTenant({ slotsMax: 1 });
    for (let nth = 0; nth < 3; nth += 1) await setting.store.record(draftTask(setting, tenant, { queueing }));
    const found = await queues.findQueues(1_000);
    const queue = found.find(({ agentId }) => agentId === tenant.agentId);
    assert.deepEqual([queue?.tenantId, queue?.queued, queue?.free], [tenant.tenantId, 2, 0]);
    assert.ok((queue?.foundAtMs ?? 0) >= (queue?.nextSinceMs ?? Number.POSITIVE_INFINITY));
    assert.equal(
      found.some(({ agentId }) => agentId === other.agentId),
      false,
    );
    // A claim in another tenant's name takes nothing of it.
    const foreign = { ...other, agentId: tenant.agentId, instanceId: tenant.instanceId };
    assert.deepEqual(await claim(foreign, 10), []);
    assert.deepEqual(await counts(tenant), [1, 2]);
  });
});
