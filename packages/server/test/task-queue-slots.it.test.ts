// Guarantee: an agent gets as many tasks at once as its concurrency limit allows, and no slot is ever lost.
// Spec: docs/specs/task-queue.md

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { eventually } from '@colloquy/testkit';
import { uuidOf } from '../src/kernel/ids.ts';
import { sendNow, sendRequest, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { taskTold } from './scripted-agent.ts';
import type { AgentCall } from './scripted-agent.ts';
import { slotRows } from './slot-rows.ts';
import type { SeededTenant } from './task-setting.ts';

/** Answers every call after a moment, and sees how many it has at once, whichever process calls. */
class BusyAgent {
  most = 0;
  said = 0;
  #now = 0;

  serve({ agent }: GatewayProcess): void {
    agent.onCall = (call) => this.#answer(call);
  }

  #answer(call: AgentCall): void {
    this.#now += 1;
    this.said += 1;
    this.most = Math.max(this.most, this.#now);
    setTimeout(() => {
      this.#now -= 1;
      call.say(taskTold(call.call.taskId, 'TASK_STATE_COMPLETED')).end();
    }, 3);
  }
}

async function startProcesses(setting: GatewaySetting, agent: BusyAgent, count: number): Promise<GatewayProcess[]> {
  const processes = await Promise.all(Array.from({ length: count }, () => setting.startProcess()));
  for (const one of processes) agent.serve(one);
  return processes;
}

/** Nothing is left of a tenant: every task ended well, every slot is free, every credit spent once. */
async function assertAllDone(setting: GatewaySetting, { tenantId }: SeededTenant, tasks: number): Promise<void> {
  const [sums] = await setting.tasks.rows<{ completed: number; attempts: number; held: number }>(
    `select count(*) filter (where state = 'completed')::int as completed, max(attempt)::int as attempts,
       count(*) filter (where node_id is not null or queue_rank is not null)::int as held
     from colloquy.tasks where tenant_id = $1`,
    uuidOf(tenantId),
  );
  assert.deepEqual(sums, { completed: tasks, attempts: 1, held: 0 });
  for (const row of await slotRows(setting.tasks, tenantId)) assert.deepEqual([row.in_use, row.queued], [0, 0]);
  const [wallet] = await setting.tasks.rows<{ used: string; reserved: string }>(
    `select used_microcredits::text as used, reserved_microcredits::text as reserved from colloquy.wallets where tenant_id = $1`,
    uuidOf(tenantId),
  );
  assert.deepEqual(wallet, { used: String(tasks * 10), reserved: '0' });
}

describe('the slots of an agent', () => {
  let setting: GatewaySetting;
  before(async () => (setting = await startGatewaySetting()));
  after(() => setting[Symbol.asyncDispose]());

  const seed = (overrides: Parameters<GatewaySetting['seedCaller']>[0]): Promise<SeededCaller> =>
    setting.seedCaller(overrides);

  it('QUEUE-1 are never exceeded and never idle, with forty callers over three processes', async () => {
    const agent = new BusyAgent();
    const processes = await startProcesses(setting, agent, 3);
    const { tenant, caller, address } = await seed({ slotsMax: 4 });
    const callers = Array.from({ length: 40 }, async (_, at) => {
      for (let nth = 0; nth < 10; nth += 1) {
        const process = processes[(at + nth) % processes.length];
        const answer = await process?.gateway.sendMessage(caller, address, sendRequest('work'), {});
        assert.equal(answer?.task?.status.state, 'TASK_STATE_COMPLETED');
      }
    });
    await Promise.all(callers);
    assert.equal(agent.most, 4);
    assert.equal(agent.said, 400);
    await assertAllDone(setting, tenant, 400);
    for (const one of processes) await one[Symbol.asyncDispose]();
  });

  it('QUEUE-8 cost an agent without slots nothing: no row of slots is there', async () => {
    const agent = new BusyAgent();
    const [process] = await startProcesses(setting, agent, 1);
    const { tenant, caller, address } = await seed({});
    await Promise.all(
      Array.from({ length: 20 }, async () => process?.gateway.sendMessage(caller, address, sendRequest('work'), {})),
    );
    assert.deepEqual(await slotRows(setting.tasks, tenant.tenantId), []);
    await assertAllDone(setting, tenant, 20);
    await process?.[Symbol.asyncDispose]();
  });

  it('QUEUE-4 belong to who works: a task that waits for its caller has none, and takes one for its next turn', async () => {
    const process = await setting.startProcess();
    const { tenant, caller, address } = await seed({ slotsMax: 1 });
    const { task: first } = await process.gateway.sendMessage(caller, address, sendNow('a question'), {});
    const asking = await process.agent.nextCall('stream');
    const { task: second } = await process.gateway.sendMessage(caller, address, sendNow('other work'), {});
    assert.deepEqual(await slotCounts(setting, tenant), [1, 1]);
    asking.say(taskTold('q', 'TASK_STATE_INPUT_REQUIRED')).end();
    // The second one has the slot as soon as the first one asks.
    const working = await process.agent.nextCall('stream');
    assert.equal(working.call.taskId, second?.id);
    assert.deepEqual(await slotCounts(setting, tenant), [1, 0]);
    // The answer to the first one waits in turn.
    await process.gateway.sendMessage(caller, address, sendNow('an answer', { taskId: first?.id ?? '' }), {});
    assert.deepEqual(await slotCounts(setting, tenant), [1, 1]);
    working.say(taskTold('w', 'TASK_STATE_COMPLETED')).end();
    const answered = await process.agent.nextCall('stream');
    assert.equal(answered.call.taskId, first?.id);
    assert.equal(answered.message?.message.parts[0]?.text, 'an answer');
    answered.say(taskTold('q', 'TASK_STATE_COMPLETED')).end();
    await eventually('everything has ended', async () => {
      const [sums] = await setting.tasks.rows<{ open: number }>(
        `select count(*) filter (where state <> 'completed')::int as open from colloquy.tasks where tenant_id = $1`,
        uuidOf(tenant.tenantId),
      );
      return sums?.open === 0 ? true : undefined;
    });
    assert.deepEqual(await slotCounts(setting, tenant), [0, 0]);
    await process[Symbol.asyncDispose]();
  });
});

async function slotCounts(setting: GatewaySetting, { tenantId }: SeededTenant): Promise<readonly number[]> {
  const [row] = await slotRows(setting.tasks, tenantId);
  return [row?.in_use ?? -1, row?.queued ?? -1];
}
