/** Guarantee: a task that a live node holds without a run is found and finished. Spec: docs/specs/lease.md. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '../src/adapters/clock/system-clock.ts';
import { createAgentContextId } from '../src/adapters/keys/agent-context-id.ts';
import { createRouteStore } from '../src/adapters/postgres/routing/route-store.ts';
import { OrphanWatch } from '../src/modules/gateway/index.ts';
import { sendNow, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { taskTold } from './scripted-agent.ts';
import { assertBooksAreSound } from './task-books.ts';

describe('an orphaned task', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;
  before(async () => {
    setting = await startGatewaySetting();
    here = await setting.startProcess();
  });
  after(() => setting[Symbol.asyncDispose]());

  const watch = (): OrphanWatch =>
    new OrphanWatch({
      nodes: here.pools.nodes,
      store: here.pools.store,
      routes: createRouteStore(here.pools.readers),
      runs: here.engine.runs,
      log: here.engine.taskLog,
      announce: () => undefined,
      ids: setting.tasks.ids,
      agentContextId: createAgentContextId(Buffer.alloc(32, 7)),
      clock: systemClock,
      deadAfterMs: 60_000,
      report: (error) => assert.fail(String(error)),
    });
  const begin = async ({ caller, address }: SeededCaller) => {
    await here.gateway.sendMessage(caller, address, sendNow('hello'), {});
    return here.agent.nextCall('stream');
  };

  it('LEASE-9 TASK-21 is taken up again at the second look, under the next fencing number, and ends once', async () => {
    const sender = await setting.seedCaller({ idempotent: true });
    const first = await begin(sender);
    const { taskId } = first.call;
    // What a lost answer to a claim leaves behind: the lease in the database, and no run.
    here.engine.runs.abandonAll();
    const orphans = watch();
    const { nodeId } = here.engine.lease;
    assert.equal(await orphans.check(nodeId), 0);
    assert.equal(await orphans.check(nodeId), 1);
    const again = await here.agent.nextCall('stream');
    assert.deepEqual(again.message, first.message);
    // The answer to the first claim arrives after all: its work is begun already, under a later number.
    const { route, instance } = first.call;
    const begun = { taskId, nodeId, attempt: 1, route, instance, ownerId: 'o', requestId: 'r', upstreamTaskId: null };
    const view = { task: { id: taskId, status: { state: 'TASK_STATE_SUBMITTED' } }, seq: 1, logBytes: 0 } as const;
    assert.ok(first.message !== null);
    const late = here.engine.runs.start({ ...begun, view }, { kind: 'say', message: first.message });
    assert.deepEqual(await late.finished, { kind: 'lost' });
    assert.ok(here.engine.runs.has(taskId));
    assert.equal(here.agent.calls.filter(({ call }) => call.taskId === taskId).length, 2);
    again.say(taskTold('up-1', 'TASK_STATE_COMPLETED'));
    const { tenantId } = sender.tenant;
    await here.engine.runs.drain(5_000);
    const row = await here.pools.store.findForWork(tenantId, taskId);
    assert.deepEqual([row?.state, row?.attempt, row?.nodeId], ['TASK_STATE_COMPLETED', 2, null]);
    assert.equal(await orphans.check(nodeId), 0);
    await assertBooksAreSound(setting.tasks);
  });

  it('is none while a run works on the task, however often the watch checks it', async () => {
    const sender = await setting.seedCaller();
    const call = await begin(sender);
    const orphans = watch();
    for (let look = 0; look < 3; look += 1) assert.equal(await orphans.check(here.engine.lease.nodeId), 0);
    call.say(taskTold('up-2', 'TASK_STATE_COMPLETED'));
    await here.engine.runs.drain(5_000);
    const row = await here.pools.store.findForWork(sender.tenant.tenantId, call.call.taskId);
    assert.deepEqual([row?.state, row?.attempt], ['TASK_STATE_COMPLETED', 1]);
    await assertBooksAreSound(setting.tasks);
  });
});
