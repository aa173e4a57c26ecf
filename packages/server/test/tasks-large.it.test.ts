/**
 * Guarantee: tasks too large to be kept in memory are whole wherever they are shown, and lists of them come in pages of bounded size. Spec:
 * docs/specs/task-lifecycle.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { StreamResponse, Task } from '@colloquy/protocol';
import { limits } from '../src/kernel/limits.ts';
import { sendRequest, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { statusTold } from './scripted-agent.ts';

const megabyte = 1_000_000;

/** One piece of an artifact of an agent's task. */
function piece(taskId: string, artifactId: string, append: boolean): StreamResponse {
  const artifact = { artifactId, parts: [{ text: 'x'.repeat(megabyte) }] };
  return { artifactUpdate: { taskId, contextId: 'agent-context', artifact, ...(append ? { append } : {}) } };
}

const sizeOf = (task: Task): number => JSON.stringify(task.artifacts ?? []).length;

describe('a large task', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;

  before(async () => {
    setting = await startGatewaySetting();
    here = await setting.startProcess();
  });
  after(() => setting[Symbol.asyncDispose]());

  async function complete({ caller, address }: SeededCaller, upstreamId: string, pieces: number): Promise<Task> {
    const sending = here.gateway.sendMessage(caller, address, sendRequest('much'), {});
    const call = await here.agent.nextCall('stream');
    for (let at = 0; at < pieces; at += 1) call.say(piece(upstreamId, 'large', at > 0));
    call.say(statusTold(upstreamId, 'TASK_STATE_COMPLETED')).end();
    const { task } = await sending;
    assert.ok(task !== undefined);
    return task;
  }

  it('is answered whole to the caller that waits for it', async () => {
    const sender = await setting.seedCaller();
    const pieces = Math.ceil(limits.runKeptBytesMax / megabyte) + 2;
    const task = await complete(sender, 'up-large', pieces);
    assert.equal(task.status.state, 'TASK_STATE_COMPLETED');
    assert.ok(sizeOf(task) > pieces * megabyte, `${String(sizeOf(task))} characters`);
    assert.deepEqual(await here.gateway.getTask(sender.caller, sender.address, { id: task.id }), task);
  });

  it("gets only what is new in its agent's snapshots, though its artifacts are in the log alone", async () => {
    const { caller, address, tenant } = await setting.seedCaller();
    const sending = here.gateway.sendMessage(caller, address, sendRequest('much'), {});
    const call = await here.agent.nextCall('stream');
    const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(megabyte));
    const artifacts = texts.map((text, at) => ({ artifactId: `artifact-${String(at)}`, parts: [{ text }] }));
    for (const count of [2, 2, 3])
      call.say({
        task: {
          id: 'up-snapshot',
          contextId: 'agent-context',
          status: { state: 'TASK_STATE_WORKING' },
          artifacts: artifacts.slice(0, count),
        },
      });
    call.say(statusTold('up-snapshot', 'TASK_STATE_COMPLETED')).end();
    const { task } = await sending;
    assert.deepEqual(task?.artifacts, artifacts);
    const { events } = await setting.tasks.store.readTail(tenant.tenantId, task.id as `tsk_${string}`, 1);
    assert.ok(events.length > 0);
    const log = await setting.tasks.store.readEvents(tenant.tenantId, task.id as `tsk_${string}`, 0, 100);
    assert.equal(log.filter(({ kind }) => kind === 'artifact').length, 3, 'each artifact once');
  });

  it('shares a page of a list only with as many others as fit, and the pages show each task once', async () => {
    const sender = await setting.seedCaller();
    const made: string[] = [];
    for (let at = 0; at < 4; at += 1) made.push((await complete(sender, `up-page-${String(at)}`, 3)).id);
    const shown: string[] = [];
    let pageToken = '';
    do {
      const page = await here.gateway.listTasks(sender.caller, sender.address, {
        pageSize: 100,
        includeArtifacts: true,
        ...(pageToken === '' ? {} : { pageToken }),
      });
      assert.equal(page.totalSize, 4);
      assert.ok(page.tasks.reduce((sum, task) => sum + sizeOf(task), 0) < limits.pageBytesMax + 4 * megabyte);
      assert.ok(page.tasks.length > 0 && page.tasks.length < 4);
      shown.push(...page.tasks.map(({ id }) => id));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    assert.deepEqual(shown.toSorted(), made.toSorted());
  });

  it('shares a read of logs with others within a bound, and no log loses an event by that', async () => {
    const sender = await setting.seedCaller();
    const ids: string[] = [];
    for (let at = 0; at < 3; at += 1) ids.push((await complete(sender, `up-read-${String(at)}`, 3)).id);
    const read = await Promise.all(
      [...ids, ...ids].map(async (id) => here.gateway.getTask(sender.caller, sender.address, { id })),
    );
    for (const task of read) assert.ok(sizeOf(task) > 3 * megabyte, `${String(sizeOf(task))} characters`);
  });
});
