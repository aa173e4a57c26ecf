/**
 * Guarantee: a client waits for a task no longer than it asked to, than it stays connected, and than its token is valid; none of these ends the task.
 * Spec: docs/specs/stream-resumption.md.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually, FakeClock } from '@colloquy/testkit';
import { limits } from '../src/kernel/limits.ts';
import { streamCursorUri } from '../src/modules/registry/index.ts';
import { assertBooksAreSound } from './task-books.ts';
import { gist, sendRequest, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting } from './gateway-setting.ts';
import { artifactTold, statusTold, taskTold } from './scripted-agent.ts';

describe('who waits for a task', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;
  const clock = new FakeClock();

  before(async () => {
    setting = await startGatewaySetting();
    here = await setting.startProcess({ clock, lease: { fenceAfterMs: 1e9, deadAfterMs: 2e9 } });
  });
  after(() => setting[Symbol.asyncDispose]());
  afterEach(async () => {
    await assertBooksAreSound(setting.tasks);
    assert.equal(here.engine.taskLog.followerCount, 0);
  });

  it('STREAM-11 need not wait any longer when they leave, and the task goes on', async () => {
    const { caller, address } = await setting.seedCaller();
    const leaving = new AbortController();
    const answer = here.gateway.sendMessage({ ...caller, signal: leaving.signal }, address, sendRequest('hello'), {});
    const call = await here.agent.nextCall('stream');
    call.say(taskTold('up-1', 'TASK_STATE_WORKING'));
    await clock.advance(2_000);
    leaving.abort();
    await assert.rejects(answer, { code: 'request.canceled' });
    assert.equal(call.isAborted, false);
    call.say(statusTold('up-1', 'TASK_STATE_COMPLETED'));
    const { taskId: id } = call.call;
    await eventually('it ends', async () => {
      const { status } = await here.gateway.getTask(caller, address, { id });
      return status.state === 'TASK_STATE_COMPLETED';
    });
  });

  it('waits once for as long as was said, also when the work changes hands meanwhile', async () => {
    const { caller, address } = await setting.seedCaller({ taskMsMax: 2 * limits.blockingWaitMs });
    const answer = here.gateway.sendMessage(caller, address, sendRequest('hello'), {});
    let isAnswered = false;
    void answer.then(() => (isAnswered = true));
    const call = await here.agent.nextCall('stream');
    await clock.advance(limits.blockingWaitMs - 5_000);
    here.engine.runs.abandonAll();
    await eventually('it follows the log', () => here.engine.taskLog.followerCount === 1);
    assert.equal(isAnswered, false);
    await clock.advance(5_000);
    const { task } = await answer;
    assert.equal(task?.id, call.call.taskId);
    // No run is left: the platform itself takes the task up again and ends it.
    await eventually('it is ended', async () => {
      await clock.advance(limits.orphanCheckMs);
      const row = await here.pools.store.findForWork(caller.tenant.id, call.call.taskId);
      return row?.nodeId === null;
    });
  });

  it('STREAM-11 sees a stream as long as their token holds, and its rest with another one', async () => {
    const { caller, address } = await setting.seedCaller();
    const short = { ...caller, expiresAtMs: clock.nowMs() + 5_000 };
    const stream = await here.gateway.streamMessage(short, address, sendRequest('hello'), {});
    const seen: string[] = [];
    let lastEventId = 0;
    const reading = (async () => {
      for await (const events of stream) {
        seen.push(...events.map(gist));
        lastEventId = events.at(-1)?.seq ?? lastEventId;
      }
    })();
    const call = await here.agent.nextCall('stream');
    call.say(taskTold('up-2', 'TASK_STATE_WORKING'), artifactTold('up-2', 'one'));
    await eventually('the first part is seen', () => seen.includes('artifact one'));
    await clock.advance(4_999);
    assert.equal(here.engine.taskLog.followerCount, 1);
    const ended = assert.rejects(reading, { code: 'stream.token-expired' });
    await clock.advance(1);
    await ended;
    assert.equal(here.engine.taskLog.followerCount, 0);
    assert.equal(call.isAborted, false);
    call.say(statusTold('up-2', 'TASK_STATE_COMPLETED'));
    const { taskId: id } = call.call;
    const rest = await here.gateway.subscribeToTask(
      caller,
      address,
      { id },
      { lastEventId, extensions: [streamCursorUri] },
    );
    for await (const events of rest) seen.push(...events.map(gist));
    assert.deepEqual(seen, ['task submitted', 'status working', 'artifact one', 'status completed']);
  });

  it('leaves no timer behind with a stream that ended before its token', async () => {
    const { caller, address } = await setting.seedCaller();
    const soon = { ...caller, expiresAtMs: clock.nowMs() + 600_000 };
    const readToItsEnd = async (): Promise<void> => {
      const stream = await here.gateway.streamMessage(soon, address, sendRequest('hello'), {});
      (await here.agent.nextCall('stream')).say(taskTold('up-3', 'TASK_STATE_COMPLETED'));
      for await (const events of stream) assert.ok(events.length > 0);
    };
    // What is set up for a caller's first send, such as its share of the limits, stays for the next.
    await readToItsEnd();
    const timers = clock.pendingTimers;
    await readToItsEnd();
    await eventually('no timer is left', () => clock.pendingTimers <= timers);
  });
});
