/**
 * Guarantee: every task ends: a task that waits for its caller expires, and a task whose nodes die one after the other is dead-lettered. Both report
 * the reason, release their credits and end their streams. Spec: docs/specs/task-lifecycle.md.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Task } from '@colloquy/protocol';
import { eventually, FakeClock } from '@colloquy/testkit';
import { uuidOf } from '../src/kernel/ids.ts';
import type { NodeId, TaskId } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { assertBooksAreSound, countRows, purseOf } from './task-books.ts';
import { gist, readAll, sendRequest, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { statusTold, taskTold } from './scripted-agent.ts';
import type { AgentCall } from './scripted-agent.ts';
import { draftTask } from './task-drafts.ts';

const patient = { fenceAfterMs: 1e9, deadAfterMs: 2e9, graceMs: 0 };
const errorCode = (task: Task): unknown => task.status.message?.metadata?.['errorCode'];

describe('a task that waits for its caller', () => {
  let setting: GatewaySetting;
  let there: GatewayProcess;
  const clock = new FakeClock();

  before(async () => {
    setting = await startGatewaySetting();
    await setting.startProcess({ clock, lease: patient });
    there = await setting.startProcess({ lease: patient });
  });
  after(() => setting[Symbol.asyncDispose]());
  afterEach(() => assertBooksAreSound(setting.tasks));

  /** The agent's next turn; meanwhile it may be asked whether it goes on, which it leaves open. */
  async function nextStreamCall(): Promise<AgentCall> {
    const call = await there.agent.nextCall();
    return call.method === 'stream' ? call : nextStreamCall();
  }
  async function ask(state: 'TASK_STATE_INPUT_REQUIRED' | 'TASK_STATE_AUTH_REQUIRED', sender: SeededCaller) {
    const asked = there.gateway.sendMessage(sender.caller, sender.address, sendRequest('hello'), {});
    (await nextStreamCall()).say(statusTold('up-1', state, 'which?'));
    const { task } = await asked;
    assert.ok(task !== undefined);
    return task;
  }
  const get = ({ caller, address }: SeededCaller, { id }: Task) => there.gateway.getTask(caller, address, { id });
  /** The worker keeps house at least once while `what` comes true. */
  const keepHouse = (what: string, isDone: () => Promise<boolean>) =>
    eventually(what, async () => {
      await clock.advance(limits.housekeepingMs / 4);
      return isDone();
    });

  it('TASK-17 is ended when it has waited too long, and neither before nor when it was answered in time', async () => {
    const sender = await setting.seedCaller();
    const { caller, address, tenant } = sender;
    const waiting = [await ask('TASK_STATE_INPUT_REQUIRED', sender), await ask('TASK_STATE_AUTH_REQUIRED', sender)];
    const answered = await ask('TASK_STATE_INPUT_REQUIRED', sender);
    const watched = waiting.map(async ({ id }) =>
      readAll(await there.gateway.subscribeToTask(caller, address, { id }, {})),
    );
    await setting.tasks.database.setClockOffset(limits.taskWaitMs - 60_000);
    const turn = there.gateway.sendMessage(caller, address, sendRequest('that', { taskId: answered.id }), {});
    (await nextStreamCall()).say(statusTold('up-1', 'TASK_STATE_INPUT_REQUIRED', 'and?'));
    await turn;
    const swept = await setting.tasks.rows<{ n: bigint }>('select count(*) as n from colloquy.audit_entries');
    for (let at = 0; at < 8; at += 1) await clock.advance(limits.housekeepingMs / 4);
    assert.deepEqual(await setting.tasks.rows('select count(*) as n from colloquy.audit_entries'), swept);
    await setting.tasks.database.setClockOffset(limits.taskWaitMs + 60_000);
    await keepHouse('both are ended', async () => (await purseOf(setting.tasks, tenant.tenantId)).reserved === 10n);
    for (const [at, task] of waiting.entries()) {
      const ended = await get(sender, task);
      assert.deepEqual([ended.status.state, errorCode(ended)], ['TASK_STATE_FAILED', 'task.expired']);
      // Its question stays to be read, and who watched saw the end, at another process.
      assert.equal(ended.history?.length, 2);
      assert.deepEqual((await watched[at])?.map(gist).at(-1), 'status failed');
      const late = there.gateway.sendMessage(caller, address, sendRequest('late', { taskId: task.id }), {});
      await assert.rejects(late, { code: 'task.ended' });
    }
    assert.equal((await get(sender, answered)).status.state, 'TASK_STATE_INPUT_REQUIRED');
    assert.equal((await purseOf(setting.tasks, tenant.tenantId)).used, 0n);
    await setting.tasks.database.setClockOffset(0);
  });

  it('TASK-17 is one of many that are ended slice by slice, whatever keeps one of them', async () => {
    const sender = await setting.seedCaller();
    const { tenantId } = sender.tenant;
    const many = 2 * limits.expiredTasksMax + 7;
    const drafts = Array.from({ length: many }, () =>
      draftTask(setting.tasks, sender.tenant, { reserveMicrocredits: 1n }),
    );
    await Promise.all(drafts.map((draft) => setting.tasks.store.record(draft)));
    await setting.tasks.rows(
      `update colloquy.tasks set state = 'input-required', node_id = null, waiting_since = now() - interval '8 days' where tenant_id = $1`,
      uuidOf(tenantId),
    );
    await keepHouse('all are ended', async () => (await purseOf(setting.tasks, tenantId)).reserved === 0n);
    const [left] = await setting.tasks.rows<{ n: number }>(
      `select count(*)::int as n from colloquy.tasks where tenant_id = $1 and (state <> 'failed' or error_code <> 'task.expired')`,
      uuidOf(tenantId),
    );
    assert.equal(left?.n, 0);
    assert.equal(await countRows(setting.tasks, 'task_events', tenantId), 2 * many);
  });
});

describe('a task whose workers die', () => {
  let setting: GatewaySetting;
  before(async () => {
    setting = await startGatewaySetting();
  });
  after(() => setting[Symbol.asyncDispose]());
  afterEach(() => assertBooksAreSound(setting.tasks));

  /** A task that went through the hands of nodes which ended this way, one after the other, and has the last one's still. */
  async function passOn(sender: SeededCaller, times: number, end: 'died' | 'retired'): Promise<TaskId> {
    const { tasks } = setting;
    let holder: NodeId = await tasks.registerNode();
    const task = draftTask(tasks, sender.tenant, { nodeId: holder });
    const message = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'hello' }] };
    const told = {
      id: task.taskId,
      contextId: task.contextId,
      status: { state: 'TASK_STATE_SUBMITTED' },
      history: [message],
    };
    await tasks.store.record({ ...task, submitted: JSON.stringify({ task: told }) });
    for (let at = 1; at <= times; at += 1) {
      if (end === 'retired') await tasks.nodes.retire(holder);
      else await tasks.rows('update colloquy.nodes set dead_at = now() where node_id = $1', uuidOf(holder));
      if (at === times) break;
      holder = await tasks.registerNode();
      const [taken] = await tasks.nodes.takeOver(holder, 60_000, 10);
      assert.deepEqual([taken?.taskId, taken?.takeovers], [task.taskId, end === 'died' ? at : 0]);
    }
    return task.taskId;
  }

  it('LEASE-11 is dead-lettered after its bound, with the reason, and no agent is called again', async () => {
    const sender = await setting.seedCaller({ idempotent: true });
    const taskId = await passOn(sender, limits.taskTakeoversMax + 1, 'died');
    await using last = await setting.startProcess({ lease: { graceMs: 0 } });
    const task = await eventually('it is dead-lettered', async () => {
      const one = await last.gateway.getTask(sender.caller, sender.address, { id: taskId });
      return one.status.state === 'TASK_STATE_FAILED' ? one : undefined;
    });
    assert.equal(errorCode(task), 'task.given-up');
    assert.equal(last.agent.calls.length, 0);
    assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).reserved, 0n);
  });

  it('LEASE-11 is worked on up to its bound, and for ever by nodes that leave in good order', async () => {
    for (const [times, end] of [
      [limits.taskTakeoversMax, 'died'],
      [limits.taskTakeoversMax + 3, 'retired'],
    ] as const) {
      const sender = await setting.seedCaller({ idempotent: true });
      const taskId = await passOn(sender, times, end);
      await using last = await setting.startProcess({ lease: { graceMs: 0 } });
      const call = await last.agent.nextCall('stream');
      assert.equal(call.call.taskId, taskId);
      call.say(taskTold('up-1', 'TASK_STATE_COMPLETED'));
      await last.engine.runs.drain(5_000);
      assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).used, 10n, end);
    }
  });
});
