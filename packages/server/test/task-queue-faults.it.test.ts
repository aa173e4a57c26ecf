/**
 * Guarantee: a fault of one queued task concerns that task alone: others end at their deadlines, go to fallback agents, and keep their places. A
 * malformed priority or deadline is refused before it costs anything. Otherwise one task that can not be ended would block all others, and a task
 * that waits for another's result would run past its deadline.
 * Spec: docs/specs/task-queue.md, invariants QUEUE-17 to QUEUE-20
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { eventually, FakeClock } from '@colloquy/testkit';
import type { JsonObject, JsonValue, Task } from '@colloquy/protocol';
import { systemClock } from '../src/adapters/clock/system-clock.ts';
import { createTaskQueueStore } from '../src/adapters/postgres/task-queue/task-queue-store.ts';
import { createRouteStore } from '../src/adapters/postgres/routing/route-store.ts';
import { PlatformError } from '../src/kernel/errors.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import type { TaskId } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { TaskQueue, expireTasks } from '../src/modules/gateway/index.ts';
import type { NewTask, TaskStore } from '../src/modules/tasks/index.ts';
import { sendNow, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { setResilience } from './resilience-settings.ts';
import { statusTold, taskTold } from './scripted-agent.ts';
import type { AgentCall } from './scripted-agent.ts';
import { slotRows } from './slot-rows.ts';
import { assertBooksAreSound } from './task-books.ts';
import { draftEnd, draftTask, draftWrite, statusDraft } from './task-drafts.ts';
import { startTaskSetting } from './task-setting.ts';
import type { TaskSetting } from './task-setting.ts';

const skillUri = 'urn:colloquy:extension:skill:v1';
const urgencyUri = 'urn:colloquy:extension:dispatch:v1';

describe('tasks that can not be ended', () => {
  let setting: TaskSetting;
  before(async () => void (setting = await startTaskSetting()));
  after(() => setting[Symbol.asyncDispose]());

  /** The store, in which these tasks cannot be read. */
  const without = (stuck: ReadonlySet<TaskId>): TaskStore => ({
    ...setting.store,
    findForWork: (tenantId, taskId) =>
      stuck.has(taskId) ? Promise.reject(new Error('unreadable')) : setting.store.findForWork(tenantId, taskId),
  });
  const stateOf = async ({ taskId }: NewTask): Promise<unknown> => {
    const [row] = await setting.rows('select state, error_code from colloquy.tasks where task_id = $1', uuidOf(taskId));
    return row;
  };
  const ending = () => {
    const reported: unknown[] = [];
    const report = (error: unknown): void => void reported.push(error);
    const log = { publish: () => undefined };
    return { reported, ports: { log, report, announce: () => undefined, clock: systemClock, ids: setting.ids } };
  };

  it('QUEUE-17 do not keep others beyond their deadlines, however many they are', async () => {
    const tenant = await setting.seedTenant({ slotsMax: 1 });
    const holder = draftTask(setting, tenant, { queueing: { delayMs: 0, deadlineAtMs: null } });
    await setting.store.record(holder);
    const overdue = (agoMs: number): NewTask =>
      draftTask(setting, tenant, { queueing: { delayMs: 0, deadlineAtMs: Date.now() - agoMs } });
    const stuck = Array.from({ length: limits.overdueTasksMax }, () => overdue(60_000));
    const good = overdue(30_000);
    for (const outcome of await Promise.all([...stuck, good].map((task) => setting.store.record(task))))
      assert.deepEqual(outcome, { kind: 'recorded', isQueued: true });
    const { ports, reported } = ending();
    const queue = new TaskQueue({
      ...ports,
      queues: createTaskQueueStore(setting.workers, setting.writers),
      store: without(new Set(stuck.map(({ taskId }) => taskId))),
      routes: createRouteStore(setting.readers),
      nodeId: () => null,
      begin: () => Promise.resolve(null),
      placesOf: () => [],
      hasRoom: () => true,
      runsMax: 1,
    });
    await queue.poll();
    assert.deepEqual(await stateOf(good), { state: 'failed', error_code: 'task.deadline-passed' });
    assert.equal(reported.length, stuck.length, 'each is told once in a round');
    for (const task of stuck) assert.deepEqual(await stateOf(task), { state: 'submitted', error_code: null });
    const [row] = await slotRows(setting, tenant.tenantId);
    assert.deepEqual([row?.in_use, row?.queued], [1, stuck.length]);
    await setting.store.write(draftEnd(setting, holder, 'TASK_STATE_COMPLETED', { queuePlace: 'held' }));
  });

  it('QUEUE-17 do not keep others that waited too long for their callers, however many they are', async () => {
    const tenant = await setting.seedTenant();
    const wait = async (task: NewTask): Promise<void> => {
      await setting.store.record(task);
      const asking = statusDraft(task, 'TASK_STATE_INPUT_REQUIRED');
      await setting.store.write(draftWrite(task, [asking], { statusAtMs: Date.now() }));
    };
    const stuck = Array.from({ length: limits.expiredTasksMax }, () => draftTask(setting, tenant));
    await Promise.all(stuck.map(wait));
    const good = draftTask(setting, tenant);
    await wait(good);
    const { ports, reported } = ending();
    const store = without(new Set(stuck.map(({ taskId }) => taskId)));
    assert.equal(await expireTasks({ ...ports, nodes: setting.nodes, store }, 0), 1);
    assert.deepEqual(await stateOf(good), { state: 'failed', error_code: 'task.expired' });
    assert.equal(reported.length, stuck.length);
    assert.equal(await expireTasks({ ...ports, nodes: setting.nodes, store: setting.store }, 0), stuck.length);
    await assertBooksAreSound(setting);
  });
});

describe('a send to an agent with a queue', () => {
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

  const send = async (
    { caller, address }: SeededCaller,
    words: string,
    metadata: JsonObject | null = null,
  ): Promise<Task> => {
    const more = metadata === null ? {} : { metadata };
    const { task } = await here.gateway.sendMessage(caller, address, sendNow(words, more), {});
    assert.ok(task !== undefined);
    return task;
  };
  const ended = ({ caller, address }: SeededCaller, { id }: Task): Promise<Task> =>
    eventually('the task ends', async () => {
      const task = await here.gateway.getTask(caller, address, { id });
      return /COMPLETED|FAILED/.test(task.status.state) ? task : undefined;
    });
  const slots = async ({ tenant }: SeededCaller) =>
    (await slotRows(setting.tasks, tenant.tenantId)).map(({ in_use, queued }) => [in_use, queued]);

  it('QUEUE-18 goes to the fallback agents when the oldest task of its queue is too old, and takes neither slot nor place', async () => {
    const sender = await setting.seedCaller({ slotsMax: 1 });
    await setting.tasks.registerAgent(sender.tenant, 'open', {});
    await setResilience(setting.tasks, sender.tenant, { fallback: ['open'], queue_ms_max: 0 });
    const first = await send(sender, 'holds the slot');
    const holding = await here.agent.nextCall('stream');
    const second = await send(sender, 'waits');
    await eventually('the queue is known to be old', async () => {
      await here.engine.queue.poll();
      return here.engine.queue.queueAgeMs(sender.tenant.agentId) > 0;
    });
    const third = await send(sender, 'goes on');
    const next = await here.agent.nextCall('stream');
    assert.equal(next.call.route.agentName, 'open');
    assert.deepEqual(await slots(sender), [[1, 1]], 'the work of fallback agents takes no slot of the agent');
    next.say(taskTold('up-3', 'TASK_STATE_COMPLETED')).end();
    assert.equal((await ended(sender, third)).status.state, 'TASK_STATE_COMPLETED');
    assert.deepEqual(await slots(sender), [[1, 1]]);
    holding.say(taskTold('up-1', 'TASK_STATE_COMPLETED')).end();
    await ended(sender, first);
    (await here.agent.nextCall('stream')).say(taskTold('up-2', 'TASK_STATE_COMPLETED')).end();
    await ended(sender, second);
    await eventually('the slot is free', async () => (await slots(sender))[0]?.join() === '0,0');
    assert.equal(here.agent.calls.length, 3);
  });

  it('QUEUE-18 fails as it was refused when no fallback agent can do it, and asks no instance of the agent without a slot', async () => {
    const sender = await setting.seedCaller({ slotsMax: 1, idempotent: true });
    await setting.tasks.rows(
      `insert into colloquy.agent_instances (tenant_id, instance_id, agent_id, url, binding, protocol_version)
       values ($1, gen_random_uuid(), $2, 'http://127.0.0.1:2/', 'JSONRPC', '1.0')`,
      uuidOf(sender.tenant.tenantId),
      uuidOf(sender.tenant.agentId),
    );
    await setResilience(setting.tasks, sender.tenant, { fallback: ['missing'], queue_ms_max: 0 });
    const first = await send(sender, 'holds the slot');
    const holding = await here.agent.nextCall('stream');
    const second = await send(sender, 'waits');
    await eventually('the queue is known to be old', async () => {
      await here.engine.queue.poll();
      return here.engine.queue.queueAgeMs(sender.tenant.agentId) > 0;
    });
    const third = await ended(sender, await send(sender, 'in vain'));
    assert.equal(third.status.message?.metadata?.['errorCode'], 'upstream.queue-too-old');
    assert.equal(here.agent.calls.length, 1);
    await here.gateway.cancelTask(sender.caller, sender.address, { id: second.id });
    holding.say(taskTold('up-1', 'TASK_STATE_COMPLETED')).end();
    await ended(sender, first);
  });

  it('QUEUE-19 ends at its deadline while it waits for the result of another', async () => {
    const sender = await setting.seedCaller({ slotsMax: 2, taskMsMax: 3_600_000 });
    await setting.tasks.rows(
      `insert into colloquy.skills (tenant_id, agent_id, skill_id, position, name, description, tags, idempotent, cache_ttl_ms)
       values ($1, $2, 'look', 0, 'Look', 'Looks.', '{}', true, 60000)`,
      uuidOf(sender.tenant.tenantId),
      uuidOf(sender.tenant.agentId),
    );
    const named = { [skillUri]: { id: 'look' } };
    const first = await send(sender, 'same', named);
    const fetching = await here.agent.nextCall('stream');
    const deadline = new Date(clock.nowMs() + 60_000).toISOString();
    const second = await send(sender, 'same', { ...named, [urgencyUri]: { deadline } });
    await clock.advance(30_000);
    const { status } = await here.gateway.getTask(sender.caller, sender.address, { id: second.id });
    assert.equal(status.state, 'TASK_STATE_SUBMITTED', 'it waits');
    await clock.advance(31_000);
    const late = await eventually('it ends at its deadline', async () => {
      await clock.advance(100);
      const task = await here.gateway.getTask(sender.caller, sender.address, { id: second.id });
      return task.status.state === 'TASK_STATE_FAILED' ? task : undefined;
    });
    assert.equal(late.status.message?.metadata?.['errorCode'], 'task.deadline-passed');
    fetching.say(taskTold('up-1', 'TASK_STATE_COMPLETED')).end();
    await ended(sender, first);
    assert.equal(here.agent.calls.length, 1);
    await eventually('the slots are free', async () => (await slots(sender))[0]?.join() === '0,0');
  });

  it('QUEUE-18 comes back to the queue, not to the agent, when the process dies that had it without a slot', async () => {
    const sender = await setting.seedCaller({ slotsMax: 1, idempotent: true, taskMsMax: 3_600_000 });
    const first = await send(sender, 'holds the slot');
    const holding = await here.agent.nextCall('stream');
    const nodeId = await setting.tasks.registerNode();
    const taskId = setting.tasks.ids.next('tsk');
    const message = { messageId: 'm-1', role: 'ROLE_USER', parts: [{ text: 'refused' }] };
    const task = { id: taskId, status: { state: 'TASK_STATE_SUBMITTED' }, history: [message] };
    const slotless = draftTask({ ids: setting.tasks.ids, nodeId }, sender.tenant, {
      taskId,
      submitted: JSON.stringify({ task }),
      queueing: { delayMs: 0, deadlineAtMs: null },
      needsNoSlot: true,
    });
    assert.deepEqual(await setting.tasks.store.record(slotless), { kind: 'recorded' });
    assert.deepEqual(await slots(sender), [[1, 0]]);
    await setting.tasks.rows('update colloquy.nodes set dead_at = now() where node_id = $1', uuidOf(nodeId));
    await eventually('it waits in the queue', async () => {
      await clock.advance(1_000);
      return (await slots(sender))[0]?.join() === '1,1';
    });
    assert.equal(here.agent.calls.length, 1, 'the agent is not asked without a slot');
    holding.say(taskTold('up-1', 'TASK_STATE_COMPLETED')).end();
    await ended(sender, first);
    (await here.agent.nextCall('stream')).say(taskTold('up-2', 'TASK_STATE_COMPLETED')).end();
    await eventually('the slot is free', async () => (await slots(sender))[0]?.join() === '0,0');
    assert.equal(here.agent.calls.length, 2);
  });

  it('QUEUE-19 has its deadline for its later turns too', async () => {
    const sender = await setting.seedCaller({ slotsMax: 1, taskMsMax: 3_600_000 });
    const deadline = new Date(clock.nowMs() + 60_000).toISOString();
    const { id: taskId } = await send(sender, 'ask me', { [urgencyUri]: { deadline } });
    (await here.agent.nextCall('stream')).say(statusTold('up', 'TASK_STATE_INPUT_REQUIRED', 'which?')).end();
    await eventually('the agent asks', async () => {
      const { status } = await here.gateway.getTask(sender.caller, sender.address, { id: taskId });
      return status.state === 'TASK_STATE_INPUT_REQUIRED';
    });
    await here.gateway.sendMessage(sender.caller, sender.address, sendNow('this one', { taskId }), {});
    await here.agent.nextCall('stream');
    await clock.advance(61_000);
    const late = await eventually('it ends at its deadline', async () => {
      const task = await here.gateway.getTask(sender.caller, sender.address, { id: taskId });
      return task.status.state === 'TASK_STATE_FAILED' ? task : undefined;
    });
    assert.equal(late.status.message?.metadata?.['errorCode'], 'task.deadline-passed');
    await eventually('the slot is free', async () => (await slots(sender))[0]?.join() === '0,0');
  });

  it('is asked of a second instance by hedging only in a place among its calls', async () => {
    const sender = await setting.seedCaller({ idempotent: true });
    await setting.tasks.rows(
      `insert into colloquy.agent_instances (tenant_id, instance_id, agent_id, url, binding, protocol_version)
       values ($1, gen_random_uuid(), $2, 'http://127.0.0.1:2/', 'JSONRPC', '1.0')`,
      uuidOf(sender.tenant.tenantId),
      uuidOf(sender.tenant.agentId),
    );
    await setResilience(setting.tasks, sender.tenant, { hedge_ms: 300, calls_max: 1 });
    const tasks: Task[] = [];
    const calls: AgentCall[] = [];
    for (const words of ['one', 'two']) {
      tasks.push(await send(sender, words));
      calls.push(await here.agent.nextCall('stream'));
    }
    assert.equal(new Set(calls.map(({ call }) => call.instance.instanceId)).size, 2, 'each has one call open');
    await clock.advance(1_000);
    calls.forEach((call, at) => call.say(taskTold(`up-${at}`, 'TASK_STATE_COMPLETED')).end());
    for (const task of tasks) assert.equal((await ended(sender, task)).status.state, 'TASK_STATE_COMPLETED');
    assert.equal(here.agent.calls.length, 2, 'no instance had two calls at once');
    // A hedge that found a place gives it back.
    const third = await send(sender, 'three');
    const slow = await here.agent.nextCall('stream');
    await clock.advance(301);
    const hedge = await here.agent.nextCall('stream');
    assert.notEqual(hedge.call.instance.instanceId, slow.call.instance.instanceId);
    hedge.say(taskTold('up-h', 'TASK_STATE_COMPLETED')).end();
    await ended(sender, third);
    // The agent has named no task of its own, so the platform has nothing to cancel there.
    slow.fail('upstream.outcome-unknown');
    for (const words of ['four', 'five']) {
      const task = await send(sender, words);
      (await here.agent.nextCall('stream')).say(taskTold(`up-${words}`, 'TASK_STATE_COMPLETED')).end();
      await ended(sender, task);
    }
  });

  it('QUEUE-20 is refused with the place of what is wrong when its priority or its deadline is none, and leaves nothing', async () => {
    const sender = await setting.seedCaller({ slotsMax: 1 });
    const before = await setting.tasks.everyRowOf(sender.tenant.tenantId);
    const past = new Date(clock.nowMs() - 1).toISOString();
    const far = new Date(clock.nowMs() + limits.callDeadlineMsMax + 60_000).toISOString();
    const cases: readonly [JsonValue, string][] = [
      ['soon', ''],
      [[9], ''],
      [{ priority: 10 }, '.priority'],
      [{ priority: -1 }, '.priority'],
      [{ priority: 4.5 }, '.priority'],
      [{ priority: '9' }, '.priority'],
      [{ deadline: past }, '.deadline'],
      [{ deadline: far }, '.deadline'],
      [{ deadline: 'tomorrow' }, '.deadline'],
      [{ deadline: 1_900_000_000 }, '.deadline'],
    ];
    for (const [requested, member] of cases)
      await assert.rejects(send(sender, 'no', { [urgencyUri]: requested }), (error) => {
        assert.ok(error instanceof PlatformError);
        const fields = error.violations.map(({ field }) => field);
        assert.deepEqual([error.code, fields], ['request.invalid', [`message.metadata["${urgencyUri}"]${member}`]]);
        return true;
      });
    assert.equal(await setting.tasks.everyRowOf(sender.tenant.tenantId), before);
    const deadline = new Date(clock.nowMs() + 60_000).toISOString();
    const task = await send(sender, 'yes', { [urgencyUri]: { priority: 9, deadline } });
    const [row] = await setting.tasks.rows<{ queue_delay_ms: number; has_deadline: boolean }>(
      'select queue_delay_ms, deadline_at is not null as has_deadline from colloquy.tasks where task_id = $1',
      task.id.slice('tsk_'.length),
    );
    assert.equal(row?.has_deadline, true);
    assert.equal((row?.queue_delay_ms ?? 1) % 10_000, 0, 'the most urgent of its tier');
    (await here.agent.nextCall('stream')).say(taskTold('up', 'TASK_STATE_COMPLETED')).end();
    await ended(sender, task);
  });
});
