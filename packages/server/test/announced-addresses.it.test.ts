/** Guarantee: a process that starts names the other live processes on its data, and not its own earlier one that was killed. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { announceAddress } from '../src/adapters/postgres/nodes/announce-address.ts';
import type { NodeId } from '../src/kernel/ids.ts';
import { startTaskSetting } from './task-setting.ts';
import type { TaskSetting } from './task-setting.ts';

describe('announced addresses', () => {
  let setting: TaskSetting;
  before(async () => {
    setting = await startTaskSetting();
    await setting.nodes.retire(setting.nodeId);
  });
  after(() => setting[Symbol.asyncDispose]());

  const start = async (hostName: string, address: string) => {
    const nodeId: NodeId = setting.ids.next('nod');
    await setting.nodes.register(nodeId, hostName);
    const others = await announceAddress(setting.workers, nodeId, { address, silentAfterMs: 60_000 });
    return { nodeId, others: others.map((other) => `${other.hostName} ${other.address ?? '-'}`) };
  };

  it('name the processes that live, by host and address', async () => {
    const own = 'http://127.0.0.1:8080';
    const first = await start('here', own);
    assert.deepEqual(first.others, []);
    const second = await start('here', 'http://127.0.0.1:9090');
    assert.deepEqual(second.others, ['here http://127.0.0.1:8080']);
    const elsewhere = await start('elsewhere', own);
    assert.deepEqual(elsewhere.others, ['here http://127.0.0.1:8080', 'here http://127.0.0.1:9090']);

    const restarted = await start('here', own);
    assert.deepEqual(restarted.others, ['here http://127.0.0.1:9090', 'elsewhere http://127.0.0.1:8080']);

    await setting.nodes.retire(second.nodeId);
    await setting.nodes.retire(elsewhere.nodeId);
    assert.deepEqual((await start('here', own)).others, [], 'no process that has stopped, and none of its own');
  });
});
