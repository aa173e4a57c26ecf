/**
 * Guarantee: when one instance or agent fails, another one does the work where that is safe and allowed. The work is charged once, at the price of
 * the agent that did it, and every attempt is recorded. Where it is not safe, no agent is asked twice.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { eventually, FakeClock } from '@colloquy/testkit';
import type { Task } from '@colloquy/protocol';
import { uuidOf } from '../src/kernel/ids.ts';
import type { PlatformError } from '../src/kernel/errors.ts';
import type { TaskId } from '../src/kernel/ids.ts';
import { limits } from '../src/kernel/limits.ts';
import { assertBooksAreSound, purseOf } from './task-books.ts';
import { sendNow, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { setResilience } from './resilience-settings.ts';
import { artifactTold, taskTold } from './scripted-agent.ts';
import type { AgentCall } from './scripted-agent.ts';
import type { TenantOverrides } from './task-setting.ts';

describe('a task whose agent fails', () => {
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

  /** A caller whose agent has so many instances, and resilience settings. */
  async function seed(overrides: TenantOverrides, instances: number, settings: Readonly<Record<string, unknown>> = {}) {
    const sender = await setting.seedCaller({ priceMicrocredits: 10n, ...overrides });
    const { tenantId, agentId } = sender.tenant;
    await setting.tasks.rows(
      `insert into colloquy.agent_instances (tenant_id, instance_id, agent_id, url, binding, protocol_version)
       select $1, gen_random_uuid(), $2, 'http://127.0.0.1:' || n || '/', 'JSONRPC', '1.0' from generate_series(2, $3::int) n`,
      uuidOf(tenantId),
      uuidOf(agentId),
      instances,
    );
    if (Object.keys(settings).length > 0) await setResilience(setting.tasks, sender.tenant, settings);
    return sender;
  }

  const send = (sender: SeededCaller) => here.gateway.sendMessage(sender.caller, sender.address, sendNow('work'), {});
  const complete = (call: AgentCall, name: string): void => void call.say(taskTold(name, 'TASK_STATE_COMPLETED'));
  const ended = (sender: SeededCaller, { call: { taskId } }: AgentCall): Promise<Task> =>
    eventually('the task ends', async () => {
      const task = await here.gateway.getTask(sender.caller, sender.address, { id: taskId });
      return /COMPLETED|FAILED/.test(task.status.state) ? task : undefined;
    });
  const attemptsOf = (taskId: TaskId) =>
    setting.tasks.rows<{ kind: string; cause: string | null; agent_name: string }>(
      `select kind, cause, agent_name from colloquy.task_tries where task_id = $1 order by try`,
      uuidOf(taskId),
    );
  const amounts = async ({ tenant }: SeededCaller) => {
    const { reserved, used } = await purseOf(setting.tasks, tenant.tenantId);
    return { reserved, used };
  };

  it('is tried at another instance when its agent is idempotent: same message, same lease, one price', async () => {
    const sender = await seed({ idempotent: true }, 3);
    await send(sender);
    const first = await here.agent.nextCall('stream');
    first.fail('upstream.outcome-unknown');
    const second = await here.agent.nextCall('stream');
    assert.notEqual(second.call.instance.instanceId, first.call.instance.instanceId);
    assert.equal(second.message?.message.messageId, first.message?.message.messageId);
    complete(second, 'up');
    assert.equal((await ended(sender, first)).status.state, 'TASK_STATE_COMPLETED');
    const attempts = await attemptsOf(first.call.taskId);
    assert.deepEqual(attempts, [{ kind: 'retry', cause: 'upstream.outcome-unknown', agent_name: 'echo' }]);
    const [row] = await setting.tasks.rows<{ instance_id: string; attempt: number }>(
      `select instance_id, attempt from colloquy.tasks where task_id = $1`,
      uuidOf(first.call.taskId),
    );
    assert.equal(row?.instance_id.replaceAll('-', ''), uuidOf(second.call.instance.instanceId));
    assert.deepEqual([row?.attempt, await amounts(sender)], [1, { reserved: 0n, used: 10n }]);
  });

  it('is tried again without being idempotent only when nothing can have reached the agent', async () => {
    const sender = await seed({ idempotent: false }, 2);
    await send(sender);
    const unheard = await here.agent.nextCall('stream');
    unheard.fail('upstream.unreachable');
    const heard = await here.agent.nextCall('stream');
    heard.fail('upstream.outcome-unknown');
    const task = await ended(sender, heard);
    assert.equal(task.status.message?.metadata?.['errorCode'], 'upstream.outcome-unknown');
    assert.equal(here.agent.calls.length, 2);
    assert.deepEqual(await amounts(sender), { reserved: 0n, used: 0n });
  });

  it('passes the agent’s Retry-After to its caller, and is retried at another instance', async () => {
    const sender = await seed({ idempotent: true }, 2);
    await send(sender);
    const first = await here.agent.nextCall('stream');
    const retry = { kind: 'after', retryAfterMs: 7_000 } as const;
    first.fail('upstream.refused', { retry, details: { agentError: 'HTTP_503' } });
    const second = await here.agent.nextCall('stream');
    assert.notEqual(second.call.instance.instanceId, first.call.instance.instanceId);
    second.fail('upstream.refused', { retry, details: { agentError: 'HTTP_429' } });
    const task = await ended(sender, second);
    assert.deepEqual(task.status.message?.metadata, { errorCode: 'upstream.refused', retryAfterMs: 7_000 });
    assert.equal(here.agent.calls.length, 2, 'no instance was asked twice');
    assert.deepEqual(await amounts(sender), { reserved: 0n, used: 0n });
  });

  it('is sent a moment later, to the same agent, when the database was away before the send', async () => {
    const sender = await seed({ idempotent: false }, 1, { fallback: ['other'] });
    await setting.tasks.registerAgent(sender.tenant, 'other', { priceMicrocredits: 25n });
    await send(sender);
    const unsaid = await here.agent.nextCall('stream');
    unsaid.fail('platform.unavailable');
    await eventually('it is said', async () => {
      await clock.advance(1_000);
      return here.agent.calls.length === 2;
    });
    const said = await here.agent.nextCall('stream');
    assert.deepEqual(said.call.instance.instanceId, unsaid.call.instance.instanceId);
    complete(said, 'up');
    assert.equal((await ended(sender, said)).status.state, 'TASK_STATE_COMPLETED');
    assert.equal((await attemptsOf(said.call.taskId)).length, 0, 'no other instance was asked');
    assert.deepEqual(await amounts(sender), { reserved: 0n, used: 10n });
  });

  it('leaves an instance that is silent for longer than the policy allows, and cancels its call', async () => {
    const sender = await seed({ idempotent: true }, 2, { first_answer_ms: 1_000 });
    await send(sender);
    const silent = await here.agent.nextCall('stream');
    await clock.advance(999);
    assert.equal(silent.isAborted, false);
    await clock.advance(1);
    const other = await here.agent.nextCall('stream');
    assert.equal(silent.isAborted, true);
    other.say(taskTold('up', 'TASK_STATE_WORKING'));
    await eventually('it is heard', async () => {
      const one = await here.gateway.getTask(sender.caller, sender.address, { id: other.call.taskId });
      return one.status.state === 'TASK_STATE_WORKING';
    });
    await clock.advance(5_000);
    assert.equal(other.isAborted, false, 'who has spoken may take its time');
    complete(other, 'up');
    assert.equal((await ended(sender, other)).status.state, 'TASK_STATE_COMPLETED');
    assert.equal((await attemptsOf(other.call.taskId))[0]?.cause, 'upstream.timeout');
  });

  it('CREDIT-3 goes to the fallback agents in order, at the price of the agent that did the work', async () => {
    const sender = await seed({}, 1, { fallback: ['gone', 'dear', 'cheap'] });
    await setting.tasks.registerAgent(sender.tenant, 'dear', { priceMicrocredits: 25n });
    await setting.tasks.registerAgent(sender.tenant, 'cheap', { priceMicrocredits: 4n });
    await send(sender);
    const first = await here.agent.nextCall('stream');
    assert.deepEqual(await amounts(sender), { reserved: 25n, used: 0n }, 'the most expensive one can be paid');
    first.fail('upstream.unreachable');
    const dear = await here.agent.nextCall('stream');
    dear.say(taskTold('up-dear', 'TASK_STATE_FAILED'));
    const cheap = await here.agent.nextCall('stream');
    assert.deepEqual(
      [dear, cheap].map(({ call }) => call.route.agentName),
      ['dear', 'cheap'],
    );
    complete(cheap, 'up-cheap');
    const task = await ended(sender, cheap);
    assert.equal(task.status.state, 'TASK_STATE_COMPLETED');
    assert.deepEqual(await amounts(sender), { reserved: 0n, used: 4n });
    assert.deepEqual(await attemptsOf(cheap.call.taskId), [
      { kind: 'fallback', cause: 'upstream.unreachable', agent_name: 'dear' },
      { kind: 'fallback', cause: 'upstream.task-failed', agent_name: 'cheap' },
    ]);
  });

  it('fails with the error of the last fallback agent, and costs nothing', async () => {
    const sender = await seed({}, 1, { fallback: ['other'] });
    await setting.tasks.registerAgent(sender.tenant, 'other', { priceMicrocredits: 3n });
    await send(sender);
    (await here.agent.nextCall('stream')).fail('upstream.unreachable');
    const other = await here.agent.nextCall('stream');
    other.say(taskTold('up', 'TASK_STATE_FAILED', { artifacts: [] }));
    assert.equal((await ended(sender, other)).status.state, 'TASK_STATE_FAILED');
    assert.deepEqual(await amounts(sender), { reserved: 0n, used: 0n });
    assert.equal(here.agent.calls.length, 2);
  });

  for (const [way, expected] of [
    ['stop', 'TASK_STATE_FAILED'],
    ['go-on', 'TASK_STATE_COMPLETED'],
  ] as const) {
    it(`ends as ${expected} when the call breaks after an event was shown and the policy says ${way}`, async () => {
      const sender = await seed({ idempotent: true }, 1, { fallback: ['other'], partial_results: way });
      await setting.tasks.registerAgent(sender.tenant, 'other', {});
      await send(sender);
      const first = await here.agent.nextCall('stream');
      first.say(taskTold('up-1', 'TASK_STATE_WORKING'), artifactTold('up-1', 'half'));
      await eventually('the half is shown', async () => {
        const one = await here.gateway.getTask(sender.caller, sender.address, { id: first.call.taskId });
        return one.artifacts?.length === 1;
      });
      first.say(taskTold('up-1', 'TASK_STATE_FAILED'));
      if (way === 'go-on') complete(await here.agent.nextCall('stream'), 'up-2');
      const task = await ended(sender, first);
      assert.equal(task.status.state, expected);
      assert.equal(task.artifacts?.length, 1, 'what came stays');
      assert.equal(here.agent.calls.filter(({ method }) => method === 'stream').length, way === 'stop' ? 1 : 2);
    });
  }

  it('is refused during the agent’s Retry-After, once that has opened its breaker', async () => {
    const sender = await seed({}, 1);
    const retryAfterMs = 3 * limits.breakerOpenMs;
    for (let fault = 1; fault <= limits.breakerFaultsMax; fault += 1) {
      await send(sender);
      const call = await here.agent.nextCall('stream');
      const retry = { kind: 'after', retryAfterMs } as const;
      call.fail('upstream.refused', { retry, details: { agentError: 'HTTP_503' } });
      await ended(sender, call);
    }
    await assert.rejects(send(sender), (error: PlatformError) => {
      assert.equal(error.code, 'upstream.circuit-open');
      const told = error.retry.kind === 'after' ? error.retry.retryAfterMs : 0;
      return told > limits.breakerOpenMs && told <= retryAfterMs;
    });
    assert.equal(here.agent.calls.length, limits.breakerFaultsMax);
  });

  it('is refused before it is recorded while all breakers are open, or goes to a fallback agent', async () => {
    const sender = await seed({}, 1);
    for (let fault = 0; fault < limits.breakerFaultsMax; fault += 1) {
      await send(sender);
      const call = await here.agent.nextCall('stream');
      call.fail('upstream.unreachable');
      await ended(sender, call);
    }
    await eventually('all know', async () => {
      const known = `select failures from colloquy.instance_breakers where tenant_id = $1 and open_until is not null`;
      const [row] = await setting.tasks.rows<{ failures: number }>(known, uuidOf(sender.tenant.tenantId));
      return row?.failures === limits.breakerFaultsMax;
    });
    const before = await setting.tasks.everyRowOf(sender.tenant.tenantId);
    await assert.rejects(send(sender), { code: 'upstream.circuit-open' });
    assert.equal(await setting.tasks.everyRowOf(sender.tenant.tenantId), before);
    assert.equal(here.agent.calls.length, limits.breakerFaultsMax);
    const chained = await seed({}, 1, { fallback: ['other'] });
    await setting.tasks.registerAgent(chained.tenant, 'other', { priceMicrocredits: 2n });
    for (let fault = 0; fault < limits.breakerFaultsMax; fault += 1) {
      await send(chained);
      (await here.agent.nextCall('stream')).fail('upstream.unreachable');
      const other = await here.agent.nextCall('stream');
      complete(other, `up-${fault}`);
      await ended(chained, other);
    }
    await send(chained);
    const direct = await here.agent.nextCall('stream');
    assert.equal(direct.call.route.agentName, 'other');
    complete(direct, 'up');
    assert.equal((await ended(chained, direct)).status.state, 'TASK_STATE_COMPLETED');
    assert.equal((await amounts(chained)).used, 2n * BigInt(limits.breakerFaultsMax + 1));
  });

  it('is done by the first instance that answers, with hedging; the other call is canceled without a result', async () => {
    const sender = await seed({ idempotent: true }, 2, { hedge_ms: 300 });
    await send(sender);
    const slow = await here.agent.nextCall('stream');
    await clock.advance(300);
    const quick = await here.agent.nextCall('stream');
    assert.notEqual(quick.call.instance.instanceId, slow.call.instance.instanceId);
    complete(quick, 'up-quick');
    assert.equal((await ended(sender, quick)).status.state, 'TASK_STATE_COMPLETED');
    slow.say(taskTold('up-slow', 'TASK_STATE_WORKING'), artifactTold('up-slow', 'late'));
    const told = await here.agent.nextCall('cancelTask');
    assert.deepEqual([told.upstreamTaskId, told.call.instance.instanceId], ['up-slow', slow.call.instance.instanceId]);
    told.say(taskTold('up-slow', 'TASK_STATE_CANCELED'));
    await eventually('it is hung up on', () => slow.isAborted);
    const task = await here.gateway.getTask(sender.caller, sender.address, { id: quick.call.taskId });
    assert.equal(task.artifacts, undefined);
    assert.deepEqual(await attemptsOf(quick.call.taskId), [{ kind: 'hedge', cause: null, agent_name: 'echo' }]);
    assert.deepEqual(await amounts(sender), { reserved: 0n, used: 10n });
  });

  it('waits for a concurrency slot of a busy instance, and is refused when too many wait', async () => {
    const sender = await seed({}, 1, { calls_max: 1 });
    await send(sender);
    const first = await here.agent.nextCall('stream');
    await send(sender);
    await eventually('the second waits', async () => {
      const rows = await setting.tasks.rows(
        `select from colloquy.tasks where tenant_id = $1`,
        uuidOf(sender.tenant.tenantId),
      );
      return rows.length === 2;
    });
    await assert.rejects(send(sender), { code: 'upstream.saturated' });
    assert.equal(here.agent.calls.length, 1);
    complete(first, 'up-1');
    first.end();
    const second = await here.agent.nextCall('stream');
    complete(second, 'up-2');
    assert.equal((await ended(sender, second)).status.state, 'TASK_STATE_COMPLETED');
    assert.equal(here.agent.calls.length, 2);
  });
});
