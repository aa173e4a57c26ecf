/**
 * Guarantee: a short outage of the database, also between a commit and its answer, delays tasks and loses none: every acknowledged send ends once, and
 * no reservation or claim is left behind. Spec: docs/specs/task-lifecycle.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually, startDatabaseProxy } from '@colloquy/testkit';
import type { DatabaseProxy } from '@colloquy/testkit';
import { asPlatformError } from '../src/kernel/errors.ts';
import { uuidOf } from '../src/kernel/ids.ts';
import { assertBooksAreSound, purseOf } from './task-books.ts';
import { artifactText, sendNow, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { artifactTold, statusTold, taskTold } from './scripted-agent.ts';
import type { AgentCall } from './scripted-agent.ts';

const outages = 5;
const tasksAnOutage = 8;
const taskCount = outages * tasksAnOutage;

/** Says ten pieces, a little apart, and completes. */
async function answer(call: AgentCall): Promise<void> {
  const id = `up-${call.call.taskId}`;
  call.say(taskTold(id, 'TASK_STATE_WORKING'));
  for (let at = 0; at < 10; at += 1) {
    await pause(15);
    call.say(artifactTold(id, `${at}`, { append: at > 0 }));
  }
  call.say(statusTold(id, 'TASK_STATE_COMPLETED'));
}

describe('a database that goes away for a moment', () => {
  let setting: GatewaySetting;
  let proxy: DatabaseProxy;
  let here: GatewayProcess;

  before(async () => {
    setting = await startGatewaySetting();
    proxy = await startDatabaseProxy(setting.tasks.database.adminUrl);
    here = await setting.startProcess({ url: proxy.url });
    here.agent.onCall = (call) => void answer(call);
  });
  after(async () => {
    proxy.comeBack();
    await setting[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  /** Sends until it is acknowledged, as a client would. */
  async function sendUntilAcknowledged({ caller, address }: SeededCaller, text: string): Promise<string> {
    const request = sendNow(text);
    return eventually(`'${text}' is acknowledged`, async () => {
      try {
        return (await here.gateway.sendMessage(caller, address, request, {})).task?.id;
      } catch (error) {
        assert.equal(asPlatformError(error).code, 'platform.unavailable');
        return undefined;
      }
    });
  }

  it('TASK-8 loses no task, ends none twice and leaves none behind', async () => {
    const sender = await setting.seedCaller();
    const sends: Promise<string>[] = [];
    for (let outage = 0; outage < outages; outage += 1) {
      const lost = proxy.lostAnswers;
      proxy.loseAnswerTo(outage % 2 === 0 ? ['record-tasks', 'record-one-task'] : ['write-tasks', 'settle-one-task']);
      for (let at = 0; at < tasksAnOutage; at += 1) {
        sends.push(sendUntilAcknowledged(sender, `task ${outage}.${at}`));
        await pause(20);
      }
      await eventually('an answer is lost', () => proxy.lostAnswers > lost);
      proxy.goAway();
      await pause(100);
      proxy.comeBack();
    }
    const ids = await Promise.all(sends);
    assert.equal(new Set(ids).size, taskCount);
    const { tenantId } = sender.tenant;
    await eventually(
      'nothing is under work',
      async () => {
        const open = await setting.tasks.rows(
          'select from colloquy.tasks where tenant_id = $1 and node_id is not null',
          uuidOf(tenantId),
        );
        return open.length === 0;
      },
      20_000,
    );
    for (const id of ids) {
      const task = await here.gateway.getTask(sender.caller, sender.address, { id });
      assert.equal(task.status.state, 'TASK_STATE_COMPLETED');
      assert.equal(artifactText(task), '0123456789');
    }
    await assertBooksAreSound(setting.tasks);
    const { used, reserved } = await purseOf(setting.tasks, tenantId);
    assert.deepEqual([used, reserved], [BigInt(taskCount) * 10n, 0n]);
    assert.equal(here.agent.calls.length, taskCount);
    assert.equal(here.engine.runs.count, 0);
  });
});
