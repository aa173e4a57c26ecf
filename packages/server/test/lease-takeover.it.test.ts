/**
 * Guarantee: when a process dies or loses its database, another one finishes its tasks: it finds them again at their agents, sends the message
 * again, or fails them with the reason. No two processes work on a task. Spec: docs/specs/lease.md.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Task } from '@colloquy/protocol';
import { eventually } from '@colloquy/testkit';
import type { DatabaseProxy } from '@colloquy/testkit';
import { uuidOf } from '../src/kernel/ids.ts';
import type { TaskId } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { purseOf } from './task-books.ts';
import { shortLease, startDoomedProcess } from './doomed-process.ts';
import type { DoomedProcess } from './doomed-process.ts';
import { gist, readAll, sendNow, sendRequest, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { artifactTold, statusTold, taskTold } from './scripted-agent.ts';

describe('a process that dies', () => {
  let pair: DoomedProcess;
  let setting: GatewaySetting;
  let proxy: DatabaseProxy;
  /** Loses its database when the test says so. */
  let doomed: GatewayProcess;
  let survivor: GatewayProcess;

  before(async () => {
    pair = await startDoomedProcess();
    ({ setting, proxy, doomed, survivor } = pair);
  });
  after(() => pair[Symbol.asyncDispose]());
  afterEach(() => pair.recover());

  async function begin({ caller, address }: SeededCaller): Promise<TaskId> {
    await doomed.gateway.sendMessage(caller, address, sendNow('hello'), {});
    const { call } = await doomed.agent.nextCall('stream');
    return call.taskId;
  }

  const rowOf = ({ tenant }: SeededCaller, taskId: TaskId) => survivor.pools.store.findForWork(tenant.tenantId, taskId);

  /** Waits until the log has what the agent said. */
  async function logged(sender: SeededCaller, taskId: TaskId, seq: number): Promise<void> {
    await eventually('the log grows', async () => (await rowOf(sender, taskId))?.lastSeq === seq);
  }

  async function ended({ caller, address }: SeededCaller, id: string): Promise<Task> {
    return eventually('the task ends', async () => {
      const task = await survivor.gateway.getTask(caller, address, { id });
      return /COMPLETED|FAILED|CANCELED/.test(task.status.state) ? task : undefined;
    });
  }

  it('LEASE-5 leaves its task to another that finds it again, hangs up itself, and its late words are void', async () => {
    const sender = await setting.seedCaller();
    const taskId = await begin(sender);
    const dying = doomed.agent.calls.at(-1);
    dying?.say(taskTold('up-1', 'TASK_STATE_WORKING'), artifactTold('up-1', 'one'));
    await logged(sender, taskId, 3);
    const watched = readAll(await survivor.gateway.subscribeToTask(sender.caller, sender.address, { id: taskId }, {}));
    proxy.goAway();
    const asked = await survivor.agent.nextCall('getTask');
    assert.equal(asked.upstreamTaskId, 'up-1');
    assert.equal(dying?.isAborted, true);
    assert.equal(doomed.engine.runs.count, 0);
    const known = [{ artifactId: 'a', parts: [{ text: 'one' }] }];
    asked.say(taskTold('up-1', 'TASK_STATE_WORKING', { artifacts: known }));
    proxy.comeBack();
    dying?.say(statusTold('up-1', 'TASK_STATE_FAILED'));
    (await survivor.agent.nextCall('subscribe')).say(statusTold('up-1', 'TASK_STATE_COMPLETED'));
    assert.deepEqual((await watched).map(gist), ['task working', 'status completed']);
    assert.deepEqual(
      (await watched).map(({ seq }) => seq),
      [3, 4],
    );
    const row = await rowOf(sender, taskId);
    assert.deepEqual([row?.state, row?.attempt, row?.lastSeq], ['TASK_STATE_COMPLETED', 2, 4]);
  });

  it('LEASE-4 leaves more tasks than are begun at once to another that goes on with each of them once', async () => {
    const sender = await setting.seedCaller();
    const names = Array.from({ length: 2 * limits.takeOversAtOnceMax + 3 }, (_, at) => `up-many-${at}`);
    const taskIds: TaskId[] = [];
    for (const name of names) {
      const taskId = await begin(sender);
      doomed.agent.calls.at(-1)?.say(taskTold(name, 'TASK_STATE_WORKING'));
      await logged(sender, taskId, 2);
      taskIds.push(taskId);
    }
    proxy.goAway();
    for (const _name of names) {
      const asked = await survivor.agent.nextCall('getTask');
      asked.say(taskTold(asked.upstreamTaskId ?? '', 'TASK_STATE_COMPLETED'));
    }
    for (const taskId of taskIds) assert.equal((await ended(sender, taskId)).status.state, 'TASK_STATE_COMPLETED');
    const asked = survivor.agent.calls.flatMap(({ upstreamTaskId }) => upstreamTaskId ?? []);
    assert.deepEqual(asked.filter((name) => name.startsWith('up-many-')).toSorted(), names.toSorted());
  });

  it('LEASE-8 leaves the same message to another that says it again to an idempotent agent', async () => {
    const sender = await setting.seedCaller({ idempotent: true });
    const taskId = await begin(sender);
    const first = doomed.agent.calls.at(-1);
    proxy.goAway();
    const again = await survivor.agent.nextCall('stream');
    assert.deepEqual(again.message, first?.message);
    again.say(taskTold('up-2', 'TASK_STATE_COMPLETED'));
    assert.equal((await ended(sender, taskId)).status.state, 'TASK_STATE_COMPLETED');
    assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).used, 10n);
  });

  it('CREDIT-5 LEASE-8 fails a task that its agent cannot find again as one of unknown outcome, and releases its credits', async () => {
    const sender = await setting.seedCaller();
    const taskId = await begin(sender);
    proxy.goAway();
    const task = await ended(sender, taskId);
    assert.equal(task.status.message?.metadata?.['errorCode'], 'upstream.outcome-unknown');
    assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).available, 1_000_000n);
    assert.equal(survivor.agent.calls.filter(({ call }) => call.taskId === taskId).length, 0);
  });

  it('BREAKER-10 leaves as many tasks of unknown outcome as would be faults of their agent, and nothing is held against the agent', async () => {
    const sender = await setting.seedCaller();
    const taskIds: TaskId[] = [];
    while (taskIds.length < limits.breakerFaultsMax) taskIds.push(await begin(sender));
    proxy.goAway();
    for (const taskId of taskIds) {
      const { status } = await ended(sender, taskId);
      assert.equal(status.message?.metadata?.['errorCode'], 'upstream.outcome-unknown');
    }
    const { caller, address } = sender;
    const next = await survivor.gateway.sendMessage(caller, address, sendNow('and now?'), {});
    (await survivor.agent.nextCall('stream')).say(taskTold('up-next', 'TASK_STATE_COMPLETED'));
    assert.ok(next.task !== undefined);
    assert.equal((await ended(sender, next.task.id)).status.state, 'TASK_STATE_COMPLETED');
    const breakers = await setting.tasks.rows<{ failures: number }>(
      'select failures from colloquy.instance_breakers where tenant_id = $1',
      uuidOf(sender.tenant.tenantId),
    );
    assert.deepEqual(breakers, []);
  });

  it('LEASE-8 leaves a cancel request that another node obeys', async () => {
    const sender = await setting.seedCaller();
    const taskId = await begin(sender);
    doomed.agent.calls.at(-1)?.say(taskTold('up-4', 'TASK_STATE_WORKING'));
    await logged(sender, taskId, 2);
    proxy.goAway();
    const canceling = survivor.gateway.cancelTask(sender.caller, sender.address, { id: taskId });
    (await survivor.agent.nextCall('cancelTask')).say(taskTold('up-4', 'TASK_STATE_CANCELED'));
    assert.equal((await canceling).status.state, 'TASK_STATE_CANCELED');
  });

  it('LEASE-8 leaves a further message that an idempotent agent may not have received, and another node sends it again', async () => {
    const sender = await setting.seedCaller({ idempotent: true });
    const question = doomed.gateway.sendMessage(sender.caller, sender.address, sendRequest('hello'), {});
    (await doomed.agent.nextCall('stream')).say(taskTold('up-5', 'TASK_STATE_INPUT_REQUIRED'));
    const { task } = await question;
    const id = task?.id ?? '';
    await doomed.gateway.sendMessage(sender.caller, sender.address, sendNow('answer', { taskId: id }), {});
    const unheard = await doomed.agent.nextCall('stream');
    proxy.goAway();
    const again = await survivor.agent.nextCall('stream');
    assert.deepEqual(again.message?.message, unheard.message?.message);
    again.say(statusTold('up-5', 'TASK_STATE_COMPLETED'));
    assert.equal((await ended(sender, id)).status.state, 'TASK_STATE_COMPLETED');
  });

  it('LEASE-6 keeps nothing that it recorded while it lost its lease: no agent is called, another takes the task', async () => {
    const sender = await setting.seedCaller({ idempotent: true });
    await doomed.gateway.listTasks(sender.caller, sender.address, {});
    const { nodeId } = doomed.engine.lease;
    const wallet = await setting.tasks.holdWallet(sender.tenant.tenantId);
    const send = doomed.gateway.sendMessage(sender.caller, sender.address, sendRequest('hello'), {});
    await eventually('the recording waits', async () => {
      const waiting = await setting.tasks.rows(
        `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      return waiting.length > 0;
    });
    // Its identity is declared dead while the recording is on its way.
    await survivor.pools.nodes.retire(nodeId);
    await eventually('the lease is lost', () => doomed.engine.lease.nodeId !== nodeId);
    const callsBefore = doomed.agent.calls.length;
    await wallet.release();
    const again = await eventually('a node takes the task over', () =>
      [...doomed.agent.calls.slice(callsBefore), ...survivor.agent.calls].find(
        ({ call }) => call.route.tenantId === sender.tenant.tenantId,
      ),
    );
    again.say(taskTold('up-6', 'TASK_STATE_COMPLETED'));
    assert.equal((await send).task?.status.state, 'TASK_STATE_COMPLETED');
    const row = await rowOf(sender, again.call.taskId);
    assert.equal(row?.attempt, 2);
    const calls = [...doomed.agent.calls, ...survivor.agent.calls].filter(
      ({ call }) => call.taskId === again.call.taskId,
    );
    assert.equal(calls.length, 1);
  });
});

describe('a process that has only just seen the database', () => {
  it('LEASE-7 declares no node dead before it has seen it up for a while', async () => {
    await using setting = await startGatewaySetting();
    const { tasks } = setting;
    const nodeId = await tasks.registerNode();
    // Every node was silent, as after a night in which the machine slept.
    await tasks.database.setClockOffset(3_600_000);
    const graceMs = 1_000;
    const startedAt = performance.now();
    const patient = await setting.startProcess({ lease: { ...shortLease, graceMs } });
    await eventually('the silent node is dead', async () => {
      const [row] = await tasks.rows(
        'select from colloquy.nodes where node_id = $1 and dead_at is not null',
        uuidOf(nodeId),
      );
      return row !== undefined;
    });
    assert.ok(performance.now() - startedAt >= graceMs);
    assert.equal(patient.engine.lease.isHeld, true);
    await tasks.database.setClockOffset(0);
  });
});
