// Guarantee: a message that kills its handler is attempted a bounded number of times, then dead-lettered, and does not affect other messages.
// Spec: docs/specs/task-queue.md

import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { eventually } from '@colloquy/testkit';
import { uuidOf } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { sendNow, sendRequest, startGatewaySetting } from './gateway-setting.ts';
import type { GatewaySetting } from './gateway-setting.ts';
import { taskTold } from './scripted-agent.ts';
import { slotRows } from './slot-rows.ts';

interface DeadLetterRow {
  readonly state: string;
  readonly tries: number;
  readonly reason: string | null;
  readonly is_dead: boolean;
}

describe('a message that its agent can not take', () => {
  let setting: GatewaySetting;
  before(async () => (setting = await startGatewaySetting()));
  after(() => setting[Symbol.asyncDispose]());

  const deadLetterOf = async (taskId: string): Promise<DeadLetterRow | undefined> => {
    const [row] = await setting.tasks.rows<DeadLetterRow>(
      `select state, tries, error_code as reason, dead_at is not null as is_dead from colloquy.tasks where task_id = $1`,
      taskId.slice('tsk_'.length),
    );
    return row;
  };

  it('QUEUE-6 is tried five times with pauses, is then dead-lettered with its reason, delays no other task and costs nothing', async () => {
    await using process = await setting.startProcess();
    const { tenant, caller, address } = await setting.seedCaller({ slotsMax: 1, idempotent: true });
    process.agent.onCall = (call) => {
      const text = call.message?.message.parts[0]?.text;
      if (text === 'poison') call.fail('upstream.refused');
      else call.say(taskTold(call.call.taskId, 'TASK_STATE_COMPLETED')).end();
    };
    const { task } = await process.gateway.sendMessage(caller, address, sendNow('poison'), {});
    // It holds no slot while it waits for its next try.
    for (let nth = 0; nth < 5; nth += 1) {
      const neighbour = await process.gateway.sendMessage(caller, address, sendRequest('good'), {});
      assert.equal(neighbour.task?.status.state, 'TASK_STATE_COMPLETED');
    }
    const letter = await eventually(
      'it is dead-lettered',
      async () => {
        const row = await deadLetterOf(task?.id ?? '');
        return row?.is_dead === true ? row : undefined;
      },
      30_000,
    );
    assert.deepEqual(letter, { state: 'failed', tries: 5, reason: 'upstream.refused', is_dead: true });
    const said = process.agent.calls.filter(({ message }) => message?.message.parts[0]?.text === 'poison');
    assert.equal(said.length, 5);
    assert.equal(new Set(said.map(({ message }) => message?.message.messageId)).size, 1);
    assert.deepEqual(
      (await slotRows(setting.tasks, tenant.tenantId)).map((row) => [row.in_use, row.queued]),
      [[0, 0]],
    );
    const [wallet] = await setting.tasks.rows(
      `select used_microcredits::int as used, reserved_microcredits::int as reserved from colloquy.wallets where tenant_id = $1`,
      uuidOf(tenant.tenantId),
    );
    assert.deepEqual(wallet, { used: 50, reserved: 0 });
  });

  it('QUEUE-12 is left in its queue for as long as its agent asked to be left alone, and no longer than the bound', async () => {
    await using process = await setting.startProcess();
    const { tenant, caller, address } = await setting.seedCaller({ slotsMax: 1, idempotent: true });
    const requestedMs = { modest: 60_000, endless: 100 * limits.upstreamRetryAfterMsMax };
    process.agent.onCall = (call) => {
      const text = call.message?.message.parts[0]?.text === 'modest' ? 'modest' : 'endless';
      call.fail('upstream.refused', { retry: { kind: 'after', retryAfterMs: requestedMs[text] } });
    };
    for (const [text, boundMs] of [
      ['modest', requestedMs.modest],
      ['endless', limits.upstreamRetryAfterMsMax],
    ] as const) {
      const { task } = await process.gateway.sendMessage(caller, address, sendNow(text), {});
      const pauseMs = await eventually('it is put off', async () => {
        // The clock itself: this reading's transaction may be older than the one it sees.
        const [row] = await setting.tasks.rows<{ pause: number | null }>(
          `select extract(epoch from queued_at - clock_timestamp())::float8 * 1000 as pause from colloquy.tasks
           where task_id = $1 and node_id is null and attempt = 1`,
          (task?.id ?? '').slice('tsk_'.length),
        );
        return row?.pause ?? undefined;
      });
      assert.ok(pauseMs > boundMs - 30_000 && pauseMs <= boundMs, `${text}: ${pauseMs}`);
      await process.gateway.cancelTask(caller, address, { id: task?.id ?? '' });
    }
    // Each was sent once, and no waiting task holds a slot.
    assert.equal(process.agent.calls.length, 2);
    assert.deepEqual(
      (await slotRows(setting.tasks, tenant.tenantId)).map((row) => [row.in_use, row.queued]),
      [[0, 0]],
    );
  });

  it('QUEUE-7 QUEUE-13 QUEUE-19 ends at its deadline while it waits, and is canceled where it waits', async () => {
    await using process = await setting.startProcess();
    const { tenant, caller, address } = await setting.seedCaller({ slotsMax: 1 });
    await process.gateway.sendMessage(caller, address, sendNow('holds the slot'), {});
    const holding = await process.agent.nextCall('stream');
    const deadlineAtMs = Date.now() + 300;
    const late = await process.gateway.sendMessage(caller, address, sendRequest('late'), { deadlineAtMs });
    assert.equal(late.task?.status.state, 'TASK_STATE_FAILED');
    const deadLetter = await deadLetterOf(late.task?.id ?? '');
    assert.deepEqual([deadLetter?.reason, deadLetter?.is_dead, deadLetter?.tries], ['task.deadline-passed', true, 0]);
    const { task: unwanted } = await process.gateway.sendMessage(caller, address, sendNow('unwanted'), {});
    const canceled = await process.gateway.cancelTask(caller, address, { id: unwanted?.id ?? '' });
    assert.equal(canceled.status.state, 'TASK_STATE_CANCELED');
    holding.say(taskTold('h', 'TASK_STATE_COMPLETED')).end();
    await eventually('the slot is free', async () => {
      const [row] = await slotRows(setting.tasks, tenant.tenantId);
      return row?.in_use === 0 && row.queued === 0 ? true : undefined;
    });
    // The agent heard of neither.
    assert.equal(process.agent.calls.length, 1);
  });
});
