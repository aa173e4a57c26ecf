/**
 * Guarantee: a message to a working task is recorded once, when the task asks for input, or is refused so that its sender knows.
 * Spec: docs/specs/task-lifecycle.md.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { SendMessageRequest, SendMessageResponse } from '@colloquy/protocol';
import { eventually, FakeClock } from '@colloquy/testkit';
import { limits } from '../src/kernel/limits.ts';
import { assertBooksAreSound, purseOf } from './task-books.ts';
import { gist, readAll, sendNow, sendRequest, startGatewaySetting, textOf } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { statusTold, taskTold } from './scripted-agent.ts';
import type { AgentCall } from './scripted-agent.ts';

describe('a message to a task that is worked on', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;
  let there: GatewayProcess;
  const clock = new FakeClock();

  before(async () => {
    setting = await startGatewaySetting();
    const lease = { fenceAfterMs: 1e9, deadAfterMs: 2e9 };
    here = await setting.startProcess({ clock, lease });
    there = await setting.startProcess({ clock, lease });
  });
  after(() => setting[Symbol.asyncDispose]());
  afterEach(async () => {
    await assertBooksAreSound(setting.tasks);
    for (const { engine } of [here, there]) assert.equal(engine.taskLog.followerCount, 0);
  });

  async function begin(): Promise<{ sender: SeededCaller; call: AgentCall }> {
    const sender = await setting.seedCaller();
    await here.gateway.sendMessage(sender.caller, sender.address, sendNow('hello'), {});
    const call = await here.agent.nextCall('stream');
    call.say(taskTold('up-1', 'TASK_STATE_WORKING'));
    return { sender, call };
  }
  const say = (
    { gateway }: GatewayProcess,
    { caller, address }: SeededCaller,
    request: SendMessageRequest,
  ): Promise<SendMessageResponse> => gateway.sendMessage(caller, address, request, {});
  const waiting = (count: number) =>
    eventually('it waits', () => here.engine.taskLog.followerCount + there.engine.taskLog.followerCount === count);

  it('TASK-11 waits until the task asks, and is then said to the agent once, at whatever process it came', async () => {
    for (const process of [here, there]) {
      const { sender, call } = await begin();
      const request = sendRequest('and this', { taskId: call.call.taskId });
      const turns = [say(process, sender, request), say(process, sender, request)];
      await waiting(2);
      assert.equal(process.agent.calls.at(-1)?.message?.message.messageId === request.message.messageId, false);
      call.say(statusTold('up-1', 'TASK_STATE_INPUT_REQUIRED', 'which?'));
      // At the other process by a notification or by polling.
      const said = await eventually('it is said', async () => {
        await clock.advance(100);
        return process.agent.calls.find(({ message }) => message?.message.messageId === request.message.messageId);
      });
      assert.equal(said.message?.message.taskId, 'up-1');
      while ((await process.agent.nextCall()) !== said);
      said.say(statusTold('up-1', 'TASK_STATE_COMPLETED', 'thanks'));
      for (const turn of turns) {
        const { task } = await eventually('it is answered', async () => {
          await clock.advance(100);
          return Promise.race([turn, new Promise<undefined>((resolve) => setImmediate(resolve, undefined))]);
        });
        assert.equal(task?.status.state, 'TASK_STATE_COMPLETED');
        assert.deepEqual(
          task.history?.map(({ parts }) => textOf(parts)),
          ['hello', 'which?', 'and this'],
        );
      }
      assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).used, 10n);
    }
  });

  it('is streamed from its turn on', async () => {
    const { sender, call } = await begin();
    const request = sendRequest('and this', { taskId: call.call.taskId });
    const stream = here.gateway.streamMessage(sender.caller, sender.address, request, {});
    await waiting(1);
    call.say(statusTold('up-1', 'TASK_STATE_INPUT_REQUIRED', 'which?'));
    (await here.agent.nextCall('stream')).say(statusTold('up-1', 'TASK_STATE_COMPLETED'));
    assert.deepEqual((await readAll(await stream)).map(gist), ['task working', 'status completed']);
  });

  it('is no answer when it repeats, under the name of its task, what the agent works on', async () => {
    const sender = await setting.seedCaller();
    const named = (text: string, process: GatewayProcess, make = sendRequest): Promise<SendMessageResponse> =>
      process.gateway.sendMessage(sender.caller, sender.address, make(text, { taskId: 'mine' }), { namesTask: true });
    await named('hello', here, sendNow);
    const call = await here.agent.nextCall('stream');
    call.say(taskTold('up-1', 'TASK_STATE_WORKING'));
    const repeated = [named('hello', here), named('hello', there)];
    await waiting(2);
    call.say(statusTold('up-1', 'TASK_STATE_INPUT_REQUIRED', 'which?'));
    for (const answer of repeated) {
      const { task } = await eventually('it is answered', async () => {
        await clock.advance(100);
        return Promise.race([answer, new Promise<undefined>((resolve) => setImmediate(resolve, undefined))]);
      });
      assert.deepEqual([task?.id, task?.status.state], [call.call.taskId, 'TASK_STATE_INPUT_REQUIRED']);
    }
    const answered = named('that one', here);
    const said = await here.agent.nextCall('stream');
    assert.deepEqual(said.message?.message.parts, [{ text: 'that one' }]);
    said.say(statusTold('up-1', 'TASK_STATE_COMPLETED'));
    assert.equal((await answered).task?.status.state, 'TASK_STATE_COMPLETED');
    assert.equal(there.agent.calls.filter(({ call: { taskId } }) => taskId === call.call.taskId).length, 0);
  });

  it('TASK-11 is refused when the task ends or does not ask in time, and leaves no trace', async () => {
    const { sender, call } = await begin();
    const { taskId } = call.call;
    await eventually('it works', async () => {
      const row = await here.pools.store.findForWork(sender.tenant.tenantId, taskId);
      return row?.state === 'TASK_STATE_WORKING';
    });
    const before = await setting.tasks.everyRowOf(sender.tenant.tenantId);
    await assert.rejects(say(here, sender, sendNow('at once', { taskId })), { code: 'task.busy' });
    const late = assert.rejects(say(here, sender, sendRequest('in time', { taskId })), { code: 'task.busy' });
    await waiting(1);
    await clock.advance(limits.furtherMessageWaitMs);
    await late;
    assert.equal(await setting.tasks.everyRowOf(sender.tenant.tenantId), before);
    const leaving = new AbortController();
    const left = here.gateway.sendMessage(
      { ...sender.caller, signal: leaving.signal },
      sender.address,
      sendRequest('gone', { taskId }),
      {},
    );
    await waiting(1);
    leaving.abort();
    await assert.rejects(left, { code: 'request.canceled' });
    const ended = assert.rejects(say(here, sender, sendRequest('too late', { taskId })), { code: 'task.ended' });
    await waiting(1);
    call.say(statusTold('up-1', 'TASK_STATE_COMPLETED'));
    await ended;
    const task = await here.gateway.getTask(sender.caller, sender.address, { id: taskId });
    assert.deepEqual(
      task.history?.map(({ parts }) => textOf(parts)),
      ['hello'],
    );
    assert.equal(here.agent.calls.filter(({ call: { taskId: id } }) => id === taskId).length, 1);
  });
});
