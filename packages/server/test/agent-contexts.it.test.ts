/**
 * Guarantee: contexts of different callers are different contexts to an agent, also when the callers choose the same id. One context has one id
 * at its agent, whichever process sends the message and for whatever reason, and its caller sees the id that it chose. Spec: docs/specs/task-lifecycle.md.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Task } from '@colloquy/protocol';
import { eventually } from '@colloquy/testkit';
import { uuidOf } from '../src/kernel/ids.ts';
import type { TaskId } from '../src/kernel/ids.ts';
import { readAll, sendNow, sendRequest, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { setResilience } from './resilience-settings.ts';
import { artifactTold, statusTold, taskTold } from './scripted-agent.ts';
import type { AgentCall } from './scripted-agent.ts';
import { assertBooksAreSound } from './task-books.ts';

const contextId = 'session-1';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const contextAt = ({ message }: AgentCall): string => message?.message.contextId ?? '';

describe('a context of a caller', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;
  let elsewhere: GatewayProcess;
  before(async () => {
    setting = await startGatewaySetting();
    here = await setting.startProcess();
    elsewhere = await setting.startProcess();
  });
  after(() => setting[Symbol.asyncDispose]());
  afterEach(() => assertBooksAreSound(setting.tasks));

  const colleagueOf = (sender: SeededCaller, id: string): SeededCaller => ({
    ...sender,
    caller: { ...sender.caller, principal: { kind: 'oauth-client', id } },
  });

  /** Sends a message in the context; the id under which the agent heard of it, and the task as its caller sees it. */
  async function heardOf(sender: SeededCaller, at = here): Promise<{ readonly heard: string; readonly task: Task }> {
    const request = sendRequest('hello', { contextId });
    const answer = at.gateway.sendMessage(sender.caller, sender.address, request, {});
    const call = await at.agent.nextCall('stream');
    call.say(artifactTold('up', 'done'), taskTold('up', 'TASK_STATE_COMPLETED')).end();
    const { task } = await answer;
    assert.ok(task !== undefined);
    return { heard: contextAt(call), task };
  }

  it('TASK-20 is another one than the context with the same id of a colleague, and of another tenant', async () => {
    const sender = await setting.seedCaller();
    const { heard: own } = await heardOf(sender);
    const { heard: colleague } = await heardOf(colleagueOf(sender, 'cli_colleague'));
    const { heard: outsider } = await heardOf(await setting.seedCaller());
    assert.match(own, uuid);
    assert.equal(new Set([own, colleague, outsider, contextId]).size, 4);
    // A caller that knows the id at the agent does not come into that context by it.
    const guess = sendNow('let me in', { contextId: own });
    await here.gateway.sendMessage(sender.caller, sender.address, guess, {});
    const call = await here.agent.nextCall('stream');
    assert.notEqual(contextAt(call), own);
    call.say(taskTold('up', 'TASK_STATE_COMPLETED')).end();
  });

  it('TASK-21 has the same id at its agent for every task, at every process', async () => {
    const sender = await setting.seedCaller();
    const ids = [await heardOf(sender), await heardOf(sender), await heardOf(sender, elsewhere)];
    assert.equal(new Set(ids.map(({ heard }) => heard)).size, 1);
  });

  it('TASK-22 has the id that its caller chose in tasks, events, histories and lists', async () => {
    const sender = await setting.seedCaller();
    const { caller, address } = sender;
    const events = readAll(await here.gateway.streamMessage(caller, address, sendRequest('hello', { contextId }), {}));
    const call = await here.agent.nextCall('stream');
    call.say(artifactTold('up', 'one'), statusTold('up', 'TASK_STATE_COMPLETED', 'done')).end();
    const said = (await events).map(({ json }) => json).join('\n');
    const { task } = await heardOf(sender);
    const list = await here.gateway.listTasks(caller, address, { contextId, includeArtifacts: true });
    assert.equal(list.totalSize, 2);
    const seen = said + JSON.stringify([task, list, await here.gateway.getTask(caller, address, { id: task.id })]);
    const ids = new Set(Array.from(seen.matchAll(/"contextId":"([^"]*)"/g), ([, id]) => id));
    assert.deepEqual([...ids], [contextId]);
    assert.ok(!seen.includes(contextAt(call)) && !seen.includes('agent-context'), 'no id of an agent is shown');
  });

  it('TASK-21 keeps its id at the agent in further messages, at whichever process', async () => {
    const sender = await setting.seedCaller();
    const first = here.gateway.sendMessage(sender.caller, sender.address, sendRequest('hello', { contextId }), {});
    const asked = await here.agent.nextCall('stream');
    asked.say(taskTold('up', 'TASK_STATE_INPUT_REQUIRED')).end();
    const id = (await first).task?.id ?? '';
    const request = sendRequest('this one', { contextId, taskId: id });
    const answer = elsewhere.gateway.sendMessage(sender.caller, sender.address, request, {});
    const further = await elsewhere.agent.nextCall('stream');
    assert.deepEqual([further.message?.message.taskId, contextAt(further)], ['up', contextAt(asked)]);
    further.say(taskTold('up', 'TASK_STATE_COMPLETED')).end();
    assert.equal((await answer).task?.contextId, contextId);
    const atAgent = sendRequest('more', { contextId: contextAt(asked), taskId: id });
    await assert.rejects(here.gateway.sendMessage(sender.caller, sender.address, atAgent, {}), {
      code: 'task.context-mismatch',
    });
  });

  it('TASK-21 has the same id when a task is claimed from a queue, by whichever process', async () => {
    const sender = await setting.seedCaller({ slotsMax: 1 });
    const { caller, address, tenant } = sender;
    const send = () => here.gateway.sendMessage(caller, address, sendNow('hello', { contextId }), {});
    await send();
    const running = await here.agent.nextCall('stream');
    await send();
    running.say(taskTold('up', 'TASK_STATE_COMPLETED')).end();
    const claimed = await eventually('the queued task is claimed, by one of the two', () =>
      [...here.agent.calls, ...elsewhere.agent.calls].find(
        ({ call, message }) =>
          message !== null && call.route.agentId === tenant.agentId && call.taskId !== running.call.taskId,
      ),
    );
    assert.equal(contextAt(claimed), contextAt(running));
    claimed.say(taskTold('up', 'TASK_STATE_COMPLETED')).end();
  });

  it('TASK-21 has the same id at a fallback agent', async () => {
    await using process = await setting.startProcess();
    const { caller, address, tenant } = await setting.seedCaller();
    await setting.tasks.registerAgent(tenant, 'other');
    await setResilience(setting.tasks, tenant, { fallback: ['other'] });
    const answer = process.gateway.sendMessage(caller, address, sendRequest('hello', { contextId }), {});
    const first = await process.agent.nextCall('stream');
    first.fail('upstream.unreachable');
    const second = await process.agent.nextCall('stream');
    assert.deepEqual([second.call.route.agentName, contextAt(second)], ['other', contextAt(first)]);
    second.say(taskTold('up', 'TASK_STATE_COMPLETED')).end();
    assert.equal((await answer).task?.contextId, contextId);
  });
});

describe('a context that began before agents got ids of the platform’s making', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;
  before(async () => {
    setting = await startGatewaySetting();
    here = await setting.startProcess();
  });
  after(() => setting[Symbol.asyncDispose]());

  it('TASK-23 keeps the id of its caller for further messages and new tasks, and for that caller alone', async () => {
    const sender = await setting.seedCaller();
    const { caller, address, tenant } = sender;
    const old = '0195f7a2-3a3c-7e0e-9d8a-1d4f0a6d2c13';
    await setting.tasks.rows(
      'insert into colloquy.unmapped_contexts (tenant_id, owner_id, context_id) values ($1, $2, $3)',
      uuidOf(tenant.tenantId),
      tenant.ownerId,
      old,
    );
    const send = (by: SeededCaller, more: object = {}) =>
      here.gateway.sendMessage(by.caller, by.address, sendNow('hello', { contextId: old, ...more }), {});
    const { task } = await send(sender);
    const first = await here.agent.nextCall('stream');
    assert.equal(contextAt(first), old);
    first.say(taskTold('up', 'TASK_STATE_INPUT_REQUIRED')).end();
    const id = task?.id ?? '';
    await eventually('the task asks', async () => {
      const now = await here.gateway.getTask(caller, address, { id });
      return now.status.state === 'TASK_STATE_INPUT_REQUIRED';
    });
    await send(sender, { taskId: id });
    const further = await here.agent.nextCall('stream');
    assert.equal(contextAt(further), old);
    const row = await here.pools.store.findForWork(tenant.tenantId, id as TaskId);
    assert.equal(row?.isContextUnmapped, true, 'a process that takes the task over sends the same id');
    further.say(taskTold('up', 'TASK_STATE_COMPLETED')).end();
    const outsider = await setting.seedCaller();
    const colleague = { ...caller, principal: { kind: 'oauth-client', id: 'cli_colleague' } as const };
    for (const other of [outsider, { ...sender, caller: colleague }]) {
      await send(other);
      const call = await here.agent.nextCall('stream');
      assert.match(contextAt(call), uuid);
      assert.notEqual(contextAt(call), old);
      call.say(taskTold('up', 'TASK_STATE_COMPLETED')).end();
    }
  });

  it('TASK-23 sends the further messages of a task that was recorded before in the context that its agent knows', async () => {
    const sender = await setting.seedCaller();
    const { caller, address, tenant } = sender;
    const begun = here.gateway.sendMessage(caller, address, sendRequest('hello', { contextId }), {});
    (await here.agent.nextCall('stream')).say(taskTold('up', 'TASK_STATE_INPUT_REQUIRED')).end();
    const taskId = (await begun).task?.id ?? '';
    await setting.tasks.rows(
      'update colloquy.tasks set is_context_unmapped = default where tenant_id = $1',
      uuidOf(tenant.tenantId),
    );
    const answer = here.gateway.sendMessage(caller, address, sendRequest('more', { taskId }), {});
    const further = await here.agent.nextCall('stream');
    assert.equal(contextAt(further), contextId);
    further.say(taskTold('up', 'TASK_STATE_COMPLETED')).end();
    assert.equal((await answer).task?.contextId, contextId);
  });
});
