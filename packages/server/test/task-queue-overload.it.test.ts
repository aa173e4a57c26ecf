/**
 * Guarantee: under overload, gold tasks wait less than bronze ones, bronze tasks still make progress, and a tenant with a long queue takes no more
 * than its share of the capacity. Otherwise the tenant that sends most would be served alone.
 * Spec: docs/specs/task-queue.md, invariants QUEUE-15 and QUEUE-16
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import { systemClock } from '../src/adapters/clock/system-clock.ts';
import { createTaskQueueStore } from '../src/adapters/postgres/task-queue/task-queue-store.ts';
import { createRouteStore } from '../src/adapters/postgres/routing/route-store.ts';
import { idOf, uuidOf } from '../src/kernel/ids.ts';
import type { TaskId, TenantId } from '../src/kernel/ids.ts';
import { TaskQueue } from '../src/modules/gateway/index.ts';
import { queueDelayMs, taskPriorityDefault } from '../src/modules/tasks/index.ts';
import type { TaskQueueStore } from '../src/modules/tasks/index.ts';
import { slotRows } from './slot-rows.ts';
import { draftEnd, draftTask } from './task-drafts.ts';
import { startTaskSetting } from './task-setting.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

type Tier = 'gold' | 'bronze';

/** Behind everything else, so that the queue is never empty and no send goes past it. */
const last = { delayMs: 100_000_000, deadlineAtMs: null };
const usual = (tier: Tier) => ({ delayMs: queueDelayMs(tier, taskPriorityDefault), deadlineAtMs: null });

describe('under overload', () => {
  let setting: TaskSetting;
  let queues: TaskQueueStore;
  before(async () => {
    setting = await startTaskSetting();
    queues = createTaskQueueStore(setting.workers, setting.writers);
  });
  after(() => setting[Symbol.asyncDispose]());
  afterEach(() => setting.database.setClockOffset(0));

  /** The agent has a queue, and free slots for all of it. */
  async function openQueue(agent: SeededTenant): Promise<void> {
    const holder = draftTask(setting, agent, { queueing: usual('gold') });
    assert.deepEqual(await setting.store.record(holder), { kind: 'recorded' });
    const rest = await setting.store.record(draftTask(setting, agent, { queueing: last }));
    assert.deepEqual(rest, { kind: 'recorded', isQueued: true });
    const ids = [uuidOf(agent.tenantId), uuidOf(agent.agentId)];
    await setting.rows('update colloquy.agents set slots_max = 5000 where tenant_id = $1 and agent_id = $2', ...ids);
    await setting.store.write(draftEnd(setting, holder, 'TASK_STATE_COMPLETED', { queuePlace: 'held' }));
  }

  async function bronzeOf(tenant: SeededTenant): Promise<SeededTenant> {
    await setting.registerAgent(tenant, 'bronze', { slotsMax: 1, tier: 'bronze' });
    const [row] = await setting.rows<{ agent_id: string; instance_id: string }>(
      `select agent_id, instance_id from colloquy.agents join colloquy.agent_instances using (tenant_id, agent_id)
       where tenant_id = $1 and name = 'bronze'`,
      uuidOf(tenant.tenantId),
    );
    const [agentId, instanceId] = [idOf('agt', row?.agent_id ?? ''), idOf('ins', row?.instance_id ?? '')];
    return { ...tenant, agentName: 'bronze', agentId, instanceId };
  }

  it('QUEUE-15 gold waits less than bronze, and bronze gets on though gold alone would fill the room', async () => {
    const gold = await setting.seedTenant({ slotsMax: 1, tier: 'gold' });
    const agents = { gold, bronze: await bronzeOf(gold) };
    await openQueue(agents.gold);
    await openQueue(agents.bronze);
    const [rounds, room, sent, roundMs] = [20, 3, 3, 5_000];
    const sentIn = new Map<TaskId, { readonly tier: Tier; readonly round: number }>();
    const waits: Record<Tier, number[]> = { gold: [], bronze: [] };
    for (let round = 0; round < rounds; round += 1) {
      await setting.database.setClockOffset(round * roundMs);
      for (const tier of ['bronze', 'gold'] as const)
        for (let nth = 0; nth < sent; nth += 1) {
          const task = draftTask(setting, agents[tier], { queueing: usual(tier) });
          assert.deepEqual(await setting.store.record(task), { kind: 'recorded', isQueued: true });
          sentIn.set(task.taskId, { tier, round });
        }
      const claimed = await queues.claim(gold.tenantId, setting.nodeId, {
        queues: [agents.gold, agents.bronze].map(({ agentId, instanceId }) => ({
          agentId,
          instances: [{ instanceId, isOpen: true }],
        })),
        limit: room,
      });
      for (const { taskId } of claimed) {
        const one = sentIn.get(taskId);
        assert.ok(one !== undefined, 'what is last of all is not claimed before the others');
        waits[one.tier].push(round - one.round);
      }
    }
    const mean = (all: readonly number[]): number => all.reduce((sum, one) => sum + one, 0) / all.length;
    assert.equal(waits.gold.length + waits.bronze.length, rounds * room, 'the room is always used');
    assert.ok(waits.bronze.length >= rounds / 2, `bronze gets on: ${waits.bronze.length} tasks`);
    assert.ok(mean(waits.gold) < mean(waits.bronze), `${mean(waits.gold)} rounds against ${mean(waits.bronze)}`);
    assert.ok(waits.gold.length > waits.bronze.length);
    const rows = await slotRows(setting, gold.tenantId);
    assert.equal(
      rows.reduce((sum, { in_use }) => sum + in_use, 0),
      rounds * room,
      'each claimed task holds one slot',
    );
  });

  it('QUEUE-16 a thousand tasks of one tenant do not keep back the ten of another: each has its turn', async () => {
    const long = await setting.seedTenant({ slotsMax: 1, credits: 1_000_000n });
    const short = await setting.seedTenant({ slotsMax: 1 });
    for (const tenant of [long, short]) await openQueue(tenant);
    const record = (tenant: SeededTenant, count: number): Promise<unknown> =>
      Promise.all(
        Array.from({ length: count }, () =>
          setting.store.record(draftTask(setting, tenant, { queueing: usual('gold') })),
        ),
      );
    await record(long, 1_000);
    await record(short, 10);
    const order: TenantId[] = [];
    const working: (() => void)[] = [];
    let isOpen = false;
    const queue = new TaskQueue({
      queues,
      store: setting.store,
      routes: createRouteStore(setting.readers),
      log: { publish: () => undefined },
      announce: () => undefined,
      clock: systemClock,
      ids: setting.ids,
      nodeId: () => (isOpen ? setting.nodeId : null),
      begin: (_nodeId, { tenantId }) => {
        order.push(tenantId);
        return new Promise((resolve) => working.push(() => resolve(null)));
      },
      placesOf: ({ instances }) => instances.map(({ instanceId }) => ({ instanceId, isOpen: true })),
      hasRoom: () => true,
      runsMax: 4,
      report: (error) => assert.fail(String(error)),
    });
    queue.notify(long.tenantId, long);
    queue.notify(short.tenantId, short);
    isOpen = true;
    queue.notify(long.tenantId, long);
    const shortDone = (): number => order.filter((id) => id === short.tenantId).length;
    for (let room = 4; shortDone() < 10; room += 1) {
      await eventually('the room of this process is used', () => order.length >= room);
      assert.equal(order.length, room, 'and no more than that');
      working.shift()?.();
    }
    queue.leave();
    const longDone = order.length - shortDone();
    assert.ok(longDone <= 14, `the long queue was served ${longDone} times while the short one was served 10 times`);
    const firstOfShort = order.indexOf(short.tenantId);
    assert.ok(firstOfShort < 4, `the short queue is served from the first on, not after ${firstOfShort}`);
    for (const resolve of working) resolve();
    const [left] = await slotRows(setting, long.tenantId);
    assert.equal(left?.queued, 1_001 - longDone, 'what is not served waits');
  });
});
