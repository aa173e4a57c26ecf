// Guarantee: work that does not come from the queue – a cached result, another instance, a fallback agent – keeps the concurrency limits, and
// costs its own price.
// Spec: docs/specs/task-queue.md

import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { eventually, FakeClock } from '@colloquy/testkit';
import type { Task } from '@colloquy/protocol';
import { uuidOf } from '../src/kernel/ids.ts';
import { sendNow, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { setResilience } from './resilience-settings.ts';
import { artifactTold, taskTold } from './scripted-agent.ts';
import { slotRows } from './slot-rows.ts';
import { assertBooksAreSound, purseOf } from './task-books.ts';

const skillUri = 'urn:colloquy:extension:skill:v1';

describe('work of an agent with slots', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;
  let clock: FakeClock;

  before(async () => void (setting = await startGatewaySetting()));
  after(() => setting[Symbol.asyncDispose]());
  beforeEach(async () => {
    clock = new FakeClock();
    here = await setting.startProcess({ clock, lease: { fenceAfterMs: 1e9, deadAfterMs: 2e9 } });
  });
  afterEach(async () => {
    await here[Symbol.asyncDispose]();
    await assertBooksAreSound(setting.tasks);
  });

  const skill = ({ tenant }: SeededCaller, idempotent: boolean, price: number | null, cacheMs: number | null) =>
    setting.tasks.rows(
      `insert into colloquy.skills (tenant_id, agent_id, skill_id, position, name, description, tags, idempotent,
         price_microcredits, cache_ttl_ms) values ($1, $2, 'look', 0, 'Look', 'Looks.', '{}', $3, $4, $5)`,
      uuidOf(tenant.tenantId),
      uuidOf(tenant.agentId),
      idempotent,
      price,
      cacheMs,
    );
  const addInstance = ({ tenant }: SeededCaller, slotsMax: number | null) =>
    setting.tasks.rows(
      `insert into colloquy.agent_instances (tenant_id, instance_id, agent_id, url, binding, protocol_version, slots_max)
       values ($1, gen_random_uuid(), $2, 'http://127.0.0.1:2/', 'JSONRPC', '1.0', $3)`,
      uuidOf(tenant.tenantId),
      uuidOf(tenant.agentId),
      slotsMax,
    );
  const send = async ({ caller, address }: SeededCaller, words: string, named = false): Promise<Task> => {
    const more = named ? { metadata: { [skillUri]: { id: 'look' } } } : {};
    const { task } = await here.gateway.sendMessage(caller, address, sendNow(words, more), {});
    assert.ok(task !== undefined);
    return task;
  };
  const ended = (sender: SeededCaller, { id }: Task): Promise<Task> =>
    eventually('the task ends', async () => {
      const task = await here.gateway.getTask(sender.caller, sender.address, { id });
      return /COMPLETED|FAILED/.test(task.status.state) ? task : undefined;
    });
  const resultsOf = ({ tenant }: SeededCaller) =>
    setting.tasks.rows(
      'select 1 from colloquy.skill_results where tenant_id = $1 and stored_at is not null',
      uuidOf(tenant.tenantId),
    );
  const purse = async ({ tenant }: SeededCaller) => {
    const { reserved, used } = await purseOf(setting.tasks, tenant.tenantId);
    return { reserved, used };
  };

  it('QUEUE-11 is not asked for what is there already: a result needs no slot', async () => {
    const sender = await setting.seedCaller({ slotsMax: 1 });
    await skill(sender, true, 7, 60_000);
    const first = await send(sender, 'same', true);
    const call = await here.agent.nextCall('stream');
    assert.deepEqual(await purse(sender), { reserved: 7n, used: 0n }, 'the skill has a price of its own');
    call.say(artifactTold('up', 'seen'), taskTold('up', 'TASK_STATE_COMPLETED')).end();
    await ended(sender, first);
    await eventually('the result is kept', async () => (await resultsOf(sender)).length === 1);
    await send(sender, 'holds the slot');
    const holding = await here.agent.nextCall('stream');
    const again = await ended(sender, await send(sender, 'same', true));
    assert.equal(again.status.state, 'TASK_STATE_COMPLETED');
    assert.equal(here.agent.calls.length, 2);
    holding.say(taskTold('up-2', 'TASK_STATE_COMPLETED')).end();
    await eventually('the slot is free', async () => {
      const [row] = await slotRows(setting.tasks, sender.tenant.tenantId);
      return row?.in_use === 0 && row.queued === 0;
    });
  });

  it('QUEUE-11 does not come by a chain: the next one without slots is asked', async () => {
    const sender = await setting.seedCaller({});
    await setResilience(setting.tasks, sender.tenant, { fallback: ['slotted', 'open'] });
    await setting.tasks.registerAgent(sender.tenant, 'slotted', { slotsMax: 1 });
    await setting.tasks.registerAgent(sender.tenant, 'open', {});
    const task = await send(sender, 'work');
    (await here.agent.nextCall('stream')).fail('upstream.unreachable');
    const next = await here.agent.nextCall('stream');
    assert.equal(next.call.route.agentName, 'open');
    next.say(taskTold('up', 'TASK_STATE_COMPLETED')).end();
    assert.equal((await ended(sender, task)).status.state, 'TASK_STATE_COMPLETED');
    assert.equal((await slotRows(setting.tasks, sender.tenant.tenantId))[0]?.in_use, 0);
  });

  it('QUEUE-21 that another agent takes over leaves its slot to the next one at once', async () => {
    const sender = await setting.seedCaller({ slotsMax: 1 });
    await setResilience(setting.tasks, sender.tenant, { fallback: ['open'] });
    await setting.tasks.registerAgent(sender.tenant, 'open', {});
    const first = await send(sender, 'one');
    const refused = await here.agent.nextCall('stream');
    const second = await send(sender, 'two');
    const countsOf = async () =>
      (await slotRows(setting.tasks, sender.tenant.tenantId)).map((row) => [row.in_use, row.queued]);
    assert.deepEqual(await countsOf(), [[1, 1]]);
    refused.fail('upstream.refused');
    const calls = [await here.agent.nextCall('stream'), await here.agent.nextCall('stream')];
    const named = new Map(calls.map((call) => [call.call.route.agentName, call]));
    assert.deepEqual([...named.keys()].toSorted(), ['echo', 'open'], 'both work at once');
    assert.deepEqual(await countsOf(), [[1, 0]]);
    named.get('open')?.say(taskTold('up-1', 'TASK_STATE_COMPLETED')).end();
    assert.equal((await ended(sender, first)).status.state, 'TASK_STATE_COMPLETED');
    assert.deepEqual(await countsOf(), [[1, 0]], 'its end gives back nothing more');
    named.get('echo')?.say(taskTold('up-2', 'TASK_STATE_COMPLETED')).end();
    assert.equal((await ended(sender, second)).status.state, 'TASK_STATE_COMPLETED');
    assert.deepEqual(await countsOf(), [[0, 0]]);
  });

  it('QUEUE-11 is not asked for twice at once by hedging', async () => {
    const sender = await setting.seedCaller({ slotsMax: 1, idempotent: true });
    await addInstance(sender, null);
    await setResilience(setting.tasks, sender.tenant, { hedge_ms: 300 });
    const task = await send(sender, 'work');
    const only = await here.agent.nextCall('stream');
    await clock.advance(1_000);
    only.say(taskTold('up', 'TASK_STATE_COMPLETED')).end();
    await ended(sender, task);
    assert.equal(here.agent.calls.length, 1);
  });

  it('QUEUE-11 goes back to the queue rather than to an instance whose slots it does not hold', async () => {
    const sender = await setting.seedCaller({ idempotent: true });
    await addInstance(sender, 1);
    await setting.tasks.rows(
      `update colloquy.agent_instances set slots_max = 1 where tenant_id = $1`,
      uuidOf(sender.tenant.tenantId),
    );
    const task = await send(sender, 'work');
    (await here.agent.nextCall('stream')).fail('upstream.unreachable');
    const isQueued = async (): Promise<boolean> => {
      const [row] = await setting.tasks.rows(
        `select from colloquy.tasks where task_id = $1 and queue_rank is not null`,
        task.id.slice('tsk_'.length),
      );
      return row !== undefined;
    };
    await eventually('it is put off', isQueued);
    assert.equal(here.agent.calls.length, 1);
    for (const row of await slotRows(setting.tasks, sender.tenant.tenantId)) assert.equal(row.in_use, 0);
    await here.gateway.cancelTask(sender.caller, sender.address, { id: task.id });
  });

  it('is said again when its skill may hear it twice, whatever the agent may', async () => {
    for (const [idempotent, state] of [
      [false, 'failed'],
      [true, 'submitted'],
    ] as const) {
      const sender = await setting.seedCaller({ slotsMax: 1, idempotent: !idempotent });
      await skill(sender, idempotent, null, null);
      const task = await send(sender, 'work', true);
      (await here.agent.nextCall('stream')).fail('upstream.timeout');
      const row = await eventually('it is put off or has ended', async () => {
        const [found] = await setting.tasks.rows<{ state: string }>(
          `select state from colloquy.tasks where task_id = $1 and node_id is null`,
          task.id.slice('tsk_'.length),
        );
        return found;
      });
      assert.equal(row.state, state);
      if (idempotent) await here.gateway.cancelTask(sender.caller, sender.address, { id: task.id });
    }
  });
});
