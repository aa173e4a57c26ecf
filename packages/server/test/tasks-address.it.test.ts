/**
 * Guarantee: a task stays visible to its sender at the address it was sent to, whatever happens to the agent, and only the agent that was asked gets
 * its further messages. Spec: docs/specs/task-lifecycle.md.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Task } from '@colloquy/protocol';
import { assertBooksAreSound, countRows, purseOf } from './task-books.ts';
import { gist, readAll, sendNow, sendRequest, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import type { AgentCall } from './scripted-agent.ts';
import { statusTold, taskTold } from './scripted-agent.ts';

describe('a task whose agent has left', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;

  before(async () => {
    setting = await startGatewaySetting();
    here = await setting.startProcess();
  });
  after(() => setting[Symbol.asyncDispose]());
  afterEach(() => assertBooksAreSound(setting.tasks));

  /** A task in input-required, of an agent that is gone; its name is free, or another agent's. */
  async function orphan(name: 'taken' | 'free'): Promise<{ sender: SeededCaller; task: Task; newAgentId: string }> {
    const sender = await setting.seedCaller();
    const asked = here.gateway.sendMessage(sender.caller, sender.address, sendRequest('hello'), {});
    (await here.agent.nextCall('stream')).say(statusTold('up-1', 'TASK_STATE_INPUT_REQUIRED', 'which?'));
    const { task } = await asked;
    assert.ok(task !== undefined);
    await setting.tasks.deregisterAgent(sender.tenant);
    if (name === 'free') return { sender, task, newAgentId: '' };
    return { sender, task, newAgentId: (await setting.tasks.registerAgentAnew(sender.tenant)).agentId };
  }

  /** Another process, which has no route of the agent that left. */
  const elsewhere = (): Promise<GatewayProcess> => setting.startProcess();
  const agentOf = ({ call }: AgentCall): string => call.route.agentId;

  for (const name of ['taken', 'free'] as const) {
    it(`is read, listed and streamed at its address, whose name is ${name}`, async () => {
      const { sender, task } = await orphan(name);
      const { caller, address } = sender;
      const there = await elsewhere();
      assert.deepEqual(await there.gateway.getTask(caller, address, { id: task.id }), task);
      const { tasks, totalSize } = await there.gateway.listTasks(caller, address, {});
      assert.deepEqual([tasks.map(({ id }) => id), totalSize], [[task.id], 1]);
      const resumed = await there.gateway.subscribeToTask(caller, address, { id: task.id }, { lastEventId: 1 });
      const canceling = there.gateway.cancelTask(caller, address, { id: task.id });
      const call = await there.agent.nextCall('cancelTask');
      assert.equal(agentOf(call), sender.tenant.agentId, 'the agent that was asked');
      call.say(taskTold('up-1', 'TASK_STATE_CANCELED'));
      assert.equal((await canceling).status.state, 'TASK_STATE_CANCELED');
      assert.deepEqual((await readAll(resumed)).map(gist), ['status input_required', 'status canceled']);
      assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).reserved, 0n);
      await there[Symbol.asyncDispose]();
    });

    it(`is answered at its address, whose name is ${name}, and its own agent hears the answer`, async () => {
      const { sender, task } = await orphan(name);
      const there = await elsewhere();
      const turn = there.gateway.sendMessage(
        sender.caller,
        sender.address,
        sendRequest('that', { taskId: task.id }),
        {},
      );
      const call = await there.agent.nextCall('stream');
      assert.equal(agentOf(call), sender.tenant.agentId);
      assert.equal(call.message?.message.taskId, 'up-1');
      call.say(statusTold('up-1', 'TASK_STATE_COMPLETED'));
      assert.equal((await turn).task?.status.state, 'TASK_STATE_COMPLETED');
      assert.equal(there.agent.calls.length, 1);
      await there[Symbol.asyncDispose]();
    });
  }

  it('TASK-14 lies in one list with those of the agent that has its name now, newest first, page by page', async () => {
    const { sender, task, newAgentId } = await orphan('taken');
    const { caller, address } = sender;
    const there = await elsewhere();
    const sent: string[] = [task.id];
    for (let at = 0; at < 3; at += 1) {
      const answer = await there.gateway.sendMessage(caller, address, sendNow('hello'), {});
      const call = await there.agent.nextCall('stream');
      assert.equal(agentOf(call), newAgentId);
      call.end();
      sent.unshift(answer.task?.id ?? '');
    }
    await Promise.all(sent.slice(0, 3).map((id) => there.gateway.getTask(caller, address, { id })));
    const first = await there.gateway.listTasks(caller, address, { pageSize: 3 });
    const second = await there.gateway.listTasks(caller, address, { pageSize: 3, pageToken: first.nextPageToken });
    assert.deepEqual([first.totalSize, first.tasks.length, second.tasks.length, second.nextPageToken], [4, 3, 1, '']);
    const listed = [...first.tasks, ...second.tasks].map(({ id }) => id);
    assert.deepEqual(listed.toSorted(), sent.toSorted());
    await there[Symbol.asyncDispose]();
  });

  it('TASK-14 is visible to its owner alone: a colleague, another name and another tenant get not found', async () => {
    const { sender, task } = await orphan('taken');
    const outsider = await setting.seedCaller();
    const colleague = { ...sender.caller, principal: { kind: 'oauth-client', id: 'cli_colleague' } as const };
    const before = await setting.tasks.everyRowOf(sender.tenant.tenantId);
    for (const [caller, address, code] of [
      [colleague, sender.address, 'task.unknown'],
      [outsider.caller, outsider.address, 'task.unknown'],
      [sender.caller, { ...sender.address, agentName: 'other' }, 'registry.agent-unknown'],
    ] as const) {
      const { gateway } = here;
      await assert.rejects(gateway.getTask(caller, address, { id: task.id }), { code });
      await assert.rejects(gateway.cancelTask(caller, address, { id: task.id }), { code });
      await assert.rejects(gateway.subscribeToTask(caller, address, { id: task.id }, {}), { code });
    }
    assert.deepEqual((await here.gateway.listTasks(colleague, sender.address, {})).tasks, []);
    assert.equal(await setting.tasks.everyRowOf(sender.tenant.tenantId), before);
  });

  it('TASK-5 is found again by who repeats the send, whether the name is free or another agent has it', async () => {
    const sender = await setting.seedCaller();
    const { caller, address } = sender;
    const request = sendNow('hello');
    const { task } = await here.gateway.sendMessage(caller, address, request, {});
    (await here.agent.nextCall('stream')).say(taskTold('up-2', 'TASK_STATE_COMPLETED'));
    await setting.tasks.deregisterAgent(sender.tenant);
    const there = await elsewhere();
    const again = async (): Promise<string | undefined> =>
      (await there.gateway.sendMessage(caller, address, request, {})).task?.id;
    assert.equal(await again(), task?.id);
    await assert.rejects(there.gateway.sendMessage(caller, address, sendNow('new'), {}), {
      code: 'registry.agent-unknown',
    });
    await setting.tasks.registerAgentAnew(sender.tenant);
    assert.equal(await again(), task?.id);
    assert.equal(there.agent.calls.length, 0);
    assert.equal(await countRows(setting.tasks, 'tasks', sender.tenant.tenantId), 1);
    await there[Symbol.asyncDispose]();
  });
});
