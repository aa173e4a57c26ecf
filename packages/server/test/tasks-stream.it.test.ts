/**
 * Guarantee: a stream shows every event of its task once and in order, opened and resumed at any node, even when every notification is lost.
 * Spec: docs/specs/stream-resumption.md.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually, FakeClock, startDatabaseProxy } from '@colloquy/testkit';
import type { DatabaseProxy } from '@colloquy/testkit';
import type { StreamedEvent } from '../src/modules/gateway/index.ts';
import { withCursor } from '../src/modules/gateway/view/stream-cursor.ts';
import { streamCursorUri } from '../src/modules/registry/index.ts';
import { gist, readAll, sendNow, sendRequest, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { artifactTold, statusTold, taskTold } from './scripted-agent.ts';

describe('a stream', () => {
  let setting: GatewaySetting;
  let proxy: DatabaseProxy;
  let here: GatewayProcess;
  let there: GatewayProcess;
  /** Gets no notification: it can only poll. */
  let deaf: GatewayProcess;

  before(async () => {
    setting = await startGatewaySetting();
    proxy = await startDatabaseProxy(setting.tasks.database.adminUrl);
    proxy.goAway();
    // Its clock is stopped, so it never polls: what it shows, a notification told it.
    there = await setting.startProcess({ clock: new FakeClock() });
    deaf = await setting.startProcess({ notificationsUrl: proxy.url });
    // Last, so that it knows of the others from its first renewal on.
    here = await setting.startProcess();
  });
  after(async () => {
    await setting[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  /** What asks for cursors, and with one for the log of a task that has ended. */
  const cursors = { extensions: [streamCursorUri] };
  const seqs = (events: readonly StreamedEvent[]): number[] => events.map(({ seq }) => seq);

  it('STREAM-2 shows at one process what another one does, by notifications and by polling alone', async () => {
    const sender = await setting.seedCaller();
    const local = readAll(await here.gateway.streamMessage(sender.caller, sender.address, sendRequest('hello'), {}));
    const call = await here.agent.nextCall('stream');
    const { taskId } = call.call;
    call.say(taskTold('up', 'TASK_STATE_WORKING'));
    const notified = readAll(
      await there.gateway.subscribeToTask(sender.caller, sender.address, { id: taskId }, { lastEventId: 0 }),
    );
    const asking = readAll(
      await deaf.gateway.subscribeToTask(sender.caller, sender.address, { id: taskId }, { lastEventId: 0 }),
    );
    for (let at = 0; at < 20; at += 1) {
      call.say(artifactTold('up', `${at} `, { append: at > 0 }));
      await eventually(
        'it is written',
        async () => ((await there.pools.store.findForWork(sender.tenant.tenantId, taskId))?.lastSeq ?? 0) >= 2 + at / 4,
      );
    }
    call.say(statusTold('up', 'TASK_STATE_COMPLETED'));
    const shown = await local;
    assert.deepEqual(await notified, shown);
    assert.deepEqual(await asking, shown);
    assert.deepEqual(
      seqs(shown),
      shown.map((_, at) => at + 1),
    );
    assert.equal(shown.map(gist).at(-1), 'status completed');
    assert.deepEqual(
      [here, there, deaf].map(({ engine }) => engine.taskLog.followerCount),
      [0, 0, 0],
    );
  });

  async function endedTask(): Promise<{
    sender: SeededCaller;
    request: ReturnType<typeof sendRequest>;
    shown: StreamedEvent[];
    id: string;
  }> {
    const sender = await setting.seedCaller();
    const request = sendRequest('hello');
    const events = readAll(await here.gateway.streamMessage(sender.caller, sender.address, request, {}));
    const call = await here.agent.nextCall('stream');
    call.say(taskTold('up', 'TASK_STATE_WORKING'), artifactTold('up', 'a'));
    await eventually(
      'both are written',
      async () => (await here.pools.store.findForWork(sender.tenant.tenantId, call.call.taskId))?.lastSeq === 3,
    );
    call.say(artifactTold('up', 'b', { append: true }), statusTold('up', 'TASK_STATE_COMPLETED'));
    return { sender, request, shown: await events, id: call.call.taskId };
  }

  it('STREAM-4 is resumed after any of its events, at any process, by the same send and by its id, and is over at its end', async () => {
    const { sender, request, shown, id } = await endedTask();
    const { caller, address } = sender;
    for (const process of [here, there]) {
      assert.deepEqual(await readAll(await process.gateway.streamMessage(caller, address, request, {})), shown);
      for (let lastEventId = 0; lastEventId <= shown.length; lastEventId += 1) {
        const rest = shown.slice(lastEventId);
        assert.deepEqual(
          await readAll(await process.gateway.streamMessage(caller, address, request, { lastEventId })),
          rest,
        );
        assert.deepEqual(
          await readAll(await process.gateway.subscribeToTask(caller, address, { id }, { lastEventId, ...cursors })),
          rest.map(withCursor),
        );
      }
    }
    assert.equal(here.agent.calls.filter(({ call }) => call.taskId === id).length, 1);
  });

  it('STREAM-4 is resumed by the same send without a wait for its wallet, and nothing is written', async () => {
    const sender = await setting.seedCaller();
    const { caller, address } = sender;
    const request = sendRequest('hello');
    const key = { idempotencyKey: 'the key' };
    const events = readAll(await here.gateway.streamMessage(caller, address, request, key));
    (await here.agent.nextCall('stream')).say(taskTold('up', 'TASK_STATE_COMPLETED'));
    const shown = await events;
    const before = await setting.tasks.everyRowOf(sender.tenant.tenantId);
    const held = await setting.tasks.holdWallet(sender.tenant.tenantId);
    try {
      const resumed = { ...key, lastEventId: 1 };
      assert.deepEqual(await readAll(await there.gateway.streamMessage(caller, address, request, resumed)), [shown[1]]);
      const others = there.gateway.streamMessage(caller, address, sendRequest('other words'), resumed);
      await assert.rejects(others, { code: 'task.idempotency-conflict' });
    } finally {
      await held.release();
    }
    assert.equal(await setting.tasks.everyRowOf(sender.tenant.tenantId), before);
  });

  it('STREAM-5 is refused for a sequence that its log has not reached', async () => {
    const { sender, request, shown, id } = await endedTask();
    const { caller, address } = sender;
    for (const lastEventId of [shown.length + 1, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
      const refused = {
        code: 'request.invalid',
        violations: [{ field: 'Last-Event-ID', description: 'must be the id of an event of this stream' }],
      };
      await assert.rejects(here.gateway.streamMessage(caller, address, request, { lastEventId }), refused);
      const subscribed = here.gateway.subscribeToTask(caller, address, { id }, { lastEventId, ...cursors });
      await assert.rejects(subscribed, refused);
    }
    // Without the extension, and without a cursor, a task that has ended shows nothing.
    for (const options of [{}, { lastEventId: 0 }, cursors])
      await assert.rejects(here.gateway.subscribeToTask(caller, address, { id }, options), { code: 'task.ended' });
  });

  it('STREAM-5 of a new send begins at its beginning, whatever sequence the caller remembers', async () => {
    const sender = await setting.seedCaller();
    const events = readAll(
      await here.gateway.streamMessage(sender.caller, sender.address, sendRequest('new'), { lastEventId: 3 }),
    );
    (await here.agent.nextCall('stream')).say(taskTold('up', 'TASK_STATE_COMPLETED'));
    assert.deepEqual(seqs(await events), [1, 2]);
  });

  it("STREAM-6 ends where the task asks its caller, and the next turn's begins there, also when it is repeated", async () => {
    const sender = await setting.seedCaller();
    const { caller, address } = sender;
    const first = sendRequest('hello');
    const asked = readAll(await here.gateway.streamMessage(caller, address, first, {}));
    const opening = await here.agent.nextCall('stream');
    opening.say(taskTold('up', 'TASK_STATE_WORKING'));
    opening.say(statusTold('up', 'TASK_STATE_INPUT_REQUIRED', 'which?'));
    const { taskId } = opening.call;
    const before = await asked;
    assert.equal(before.map(gist).at(-1), 'status input_required');
    // A stream that is resumed at its end gets nothing more.
    const resumed = await here.gateway.streamMessage(caller, address, first, { lastEventId: before.at(-1)?.seq ?? 0 });
    assert.deepEqual(await readAll(resumed), []);
    const turn = sendRequest('this', { taskId });
    const second = readAll(await here.gateway.streamMessage(caller, address, turn, {}));
    const call = await here.agent.nextCall('stream');
    // A repeat while the turn is under way shows the log from its beginning, past the question.
    const repeated = readAll(await there.gateway.streamMessage(caller, address, turn, {}));
    await eventually('it follows', () => there.engine.taskLog.followerCount === 1);
    call.say(artifactTold('up', 'answer'), statusTold('up', 'TASK_STATE_COMPLETED'));
    assert.deepEqual((await second).map(gist), ['task working', 'artifact answer', 'status completed']);
    const told = (await repeated).map(gist);
    assert.deepEqual([told[0], told.at(-1)], ['task submitted', 'status completed']);
    assert.ok(told.includes('status input_required'));
    assert.ok(!(await repeated).some(({ json }) => json.includes('"this"')), "the user's own turn is not streamed");
  });

  it('STREAM-7 is a view: the task goes on without it, and a reader that leaves leaves nothing', async () => {
    const sender = await setting.seedCaller();
    const { caller, address } = sender;
    const { task } = await here.gateway.sendMessage(caller, address, sendNow('hello'), {});
    const call = await here.agent.nextCall('stream');
    const id = task?.id ?? '';
    for (const process of [here, there]) {
      const reader = (await process.gateway.subscribeToTask(caller, address, { id }, {}))[Symbol.asyncIterator]();
      await reader.next();
      const waiting = reader.next();
      await reader.return?.();
      assert.equal((await waiting).done, true);
      assert.equal(process.engine.taskLog.followerCount, 0);
    }
    assert.equal(call.isAborted, false);
    call.say(taskTold('up', 'TASK_STATE_COMPLETED'));
    await eventually(
      'the task ends',
      async () => (await here.gateway.getTask(caller, address, { id })).status.state === 'TASK_STATE_COMPLETED',
    );
  });
});
