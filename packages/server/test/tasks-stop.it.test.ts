/**
 * Guarantee: an agent is told to cancel a task that the platform has ended, whenever it can be told, and no agent can delay the end.
 * Spec: docs/specs/task-lifecycle.md.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually, FakeClock } from '@colloquy/testkit';
import { limits } from '../src/kernel/limits.ts';
import { assertBooksAreSound, purseOf } from './task-books.ts';
import { sendNow, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { artifactTold, messageTold, statusTold, taskTold } from './scripted-agent.ts';
import type { AgentCall } from './scripted-agent.ts';

describe('an agent whose task is over', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;
  const clock = new FakeClock();

  before(async () => {
    setting = await startGatewaySetting();
    here = await setting.startProcess({ clock, lease: { fenceAfterMs: 1e9, deadAfterMs: 2e9 } });
  });
  after(() => setting[Symbol.asyncDispose]());
  afterEach(() => assertBooksAreSound(setting.tasks));

  async function begin(streaming: boolean): Promise<{ sender: SeededCaller; call: AgentCall }> {
    const sender = await setting.seedCaller({ streaming });
    await here.gateway.sendMessage(sender.caller, sender.address, sendNow('hello'), {});
    return { sender, call: await here.agent.nextCall(streaming ? 'stream' : 'send') };
  }
  const cancel = async ({ caller, address }: SeededCaller, { call }: AgentCall): Promise<string> =>
    (await here.gateway.cancelTask(caller, address, { id: call.taskId })).status.state;
  const callsAbout = ({ call }: AgentCall): string[] =>
    here.agent.calls.filter(({ call: { taskId } }) => taskId === call.taskId).map(({ method }) => method);

  for (const streaming of [true, false]) {
    const kind = streaming ? 'streams' : 'does not stream';
    it(`is told to stop as soon as it names the task that was canceled before, when it ${kind}`, async () => {
      const { sender, call } = await begin(streaming);
      assert.equal(await cancel(sender, call), 'TASK_STATE_CANCELED', 'at once');
      assert.equal(call.isAborted, false);
      call.say(taskTold('up-1', 'TASK_STATE_WORKING'));
      const told = await here.agent.nextCall('cancelTask');
      assert.equal(told.upstreamTaskId, 'up-1');
      told.say(taskTold('up-1', 'TASK_STATE_CANCELED'));
      await eventually('the platform hangs up', () => call.isAborted);
      const task = await here.gateway.getTask(sender.caller, sender.address, { id: call.call.taskId });
      assert.equal(task.status.state, 'TASK_STATE_CANCELED');
      assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).reserved, 0n);
    });
  }

  it('TASK-18 is hung up on when it does not name the canceled task in time, and is told nothing', async () => {
    const { sender, call } = await begin(false);
    assert.equal(await cancel(sender, call), 'TASK_STATE_CANCELED');
    await clock.advance(limits.cancelUnnamedMs - 1);
    assert.equal(call.isAborted, false);
    await clock.advance(1);
    assert.equal(call.isAborted, true);
    assert.deepEqual(callsAbout(call), ['send']);
  });

  it('is told nothing when it answered the canceled task without making one of its own', async () => {
    const { sender, call } = await begin(true);
    assert.equal(await cancel(sender, call), 'TASK_STATE_CANCELED');
    call.say(messageTold('done already'));
    await eventually('the platform hangs up', () => call.isAborted);
    assert.deepEqual(callsAbout(call), ['stream']);
  });

  const faults: readonly [string, string, (call: AgentCall) => void][] = [
    ['talks garbage', 'upstream.invalid-answer', (call) => call.fail('upstream.invalid-answer')],
    ['says too much', 'upstream.too-large', (call) => call.fail('upstream.too-large')],
    [
      'speaks of another task',
      'upstream.invalid-answer',
      (call) => call.say(statusTold('up-other', 'TASK_STATE_WORKING')),
    ],
  ];
  for (const [fault, code, commit] of faults) {
    it(`is told to stop when its task fails because it ${fault}, whether it listens or not`, async () => {
      for (const listens of [true, false]) {
        const { sender, call } = await begin(true);
        call.say(taskTold('up-2', 'TASK_STATE_WORKING'), artifactTold('up-2', 'one'));
        commit(call);
        const told = await here.agent.nextCall('cancelTask');
        assert.equal(told.upstreamTaskId, 'up-2');
        if (listens) told.say(taskTold('up-2', 'TASK_STATE_CANCELED'));
        const task = await eventually('the task fails', async () => {
          const one = await here.gateway.getTask(sender.caller, sender.address, { id: call.call.taskId });
          return one.status.state === 'TASK_STATE_FAILED' ? one : undefined;
        });
        assert.equal(task.status.message?.metadata?.['errorCode'], code);
        if (!listens) await clock.advance(limits.cancelUpstreamMs);
        assert.equal(told.isAborted, !listens);
        assert.deepEqual(callsAbout(call), ['stream', 'cancelTask']);
      }
    });
  }
});
