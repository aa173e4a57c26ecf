/**
 * Guarantee: a repeated send finds its task: one task, one call to the agent, one price, and the same answer, also when the first answer was lost.
 * Spec: docs/specs/task-lifecycle.md.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { SendMessageRequest, Task } from '@colloquy/protocol';
import { eventually, FakeClock } from '@colloquy/testkit';
import { limits } from '../src/kernel/limits.ts';
import { assertBooksAreSound, countRows, purseOf } from './task-books.ts';
import { sendNow, sendRequest, startGatewaySetting } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { taskTold } from './scripted-agent.ts';

describe('a repeated send', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;
  let there: GatewayProcess;

  before(async () => {
    setting = await startGatewaySetting();
    [here, there] = await Promise.all([setting.startProcess(), setting.startProcess()]);
    for (const { agent } of [here, there])
      agent.onCall = (call) => void call.say(taskTold('up', 'TASK_STATE_COMPLETED'));
  });
  after(() => setting[Symbol.asyncDispose]());
  afterEach(() => assertBooksAreSound(setting.tasks));

  async function send(
    process: GatewayProcess,
    { caller, address }: SeededCaller,
    request: SendMessageRequest,
    idempotencyKey?: string,
  ): Promise<Task> {
    const options = idempotencyKey === undefined ? {} : { idempotencyKey };
    const { task } = await process.gateway.sendMessage(caller, address, request, options);
    assert.ok(task !== undefined);
    return task;
  }

  const callsOf = ({ tenant }: SeededCaller): number =>
    [here, there].flatMap(({ agent }) => agent.calls).filter(({ call }) => call.route.tenantId === tenant.tenantId)
      .length;

  it('CREDIT-6 TASK-5 is one task, whether it comes ten times at once at two processes or again when it has ended', async () => {
    const sender = await setting.seedCaller();
    const request = sendRequest('hello');
    const first = await Promise.all(
      Array.from({ length: 10 }, (_, at) => send(at % 2 === 0 ? here : there, sender, request)),
    );
    const later = await Promise.all([send(here, sender, request), send(there, sender, request)]);
    for (const task of [...first, ...later]) assert.deepEqual(task, first[0]);
    assert.equal(first[0]?.status.state, 'TASK_STATE_COMPLETED');
    assert.equal(callsOf(sender), 1);
    assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).used, 10n);
  });

  it('TASK-6 is one task under an Idempotency-Key, and another body under the key is a conflict that changes nothing', async () => {
    const sender = await setting.seedCaller();
    const request = sendRequest('hello');
    const task = await send(here, sender, request, 'key-1');
    assert.deepEqual(await send(there, sender, request, 'key-1'), task);
    const before = await setting.tasks.everyRowOf(sender.tenant.tenantId);
    const conflict = { code: 'task.idempotency-conflict' };
    await assert.rejects(send(here, sender, sendRequest('other'), 'key-1'), conflict);
    // The messageId is part of the body.
    await assert.rejects(send(there, sender, sendRequest('hello'), 'key-1'), conflict);
    assert.equal(await setting.tasks.everyRowOf(sender.tenant.tenantId), before);
    assert.equal(callsOf(sender), 1);
    assert.notEqual((await send(here, sender, request, 'key-2')).id, task.id);
  });

  it('TASK-6 is another task when the same messageId carries another body, or another caller sends it', async () => {
    const [sender, other] = [await setting.seedCaller(), await setting.seedCaller()];
    const request = sendRequest('hello');
    const colleague = {
      ...sender,
      caller: { ...sender.caller, principal: { kind: 'oauth-client', id: 'cli_other' } as const },
    };
    const changed = { ...request, message: { ...request.message, parts: [{ text: 'changed' }] } };
    const tasks = [
      await send(here, sender, request),
      await send(here, sender, changed),
      await send(here, colleague, request),
      await send(here, other, request),
    ];
    assert.equal(new Set(tasks.map(({ id }) => id)).size, 4);
    assert.equal(await countRows(setting.tasks, 'tasks', sender.tenant.tenantId), 3);
  });

  it('TASK-7 is free to try again what was refused: a refusal uses no key', async () => {
    const sender = await setting.seedCaller({ credits: 15n });
    await send(here, sender, sendRequest('first'));
    const request = sendRequest('second');
    const refused = { code: 'credits.insufficient', details: { neededMicrocredits: '10', availableMicrocredits: '5' } };
    await assert.rejects(send(here, sender, request, 'key'), refused);
    assert.equal(callsOf(sender), 1);
    await setting.tasks.grant(sender.tenant.tenantId, 5n);
    assert.equal((await send(here, sender, request, 'key')).status.state, 'TASK_STATE_COMPLETED');
    await setting.tasks.deregisterAgent(sender.tenant);
    await assert.rejects(send(here, sender, sendRequest('third')), { code: 'registry.agent-unknown' });
    assert.deepEqual(await purseOf(setting.tasks, sender.tenant.tenantId), {
      granted: 20n,
      available: 0n,
      reserved: 0n,
      used: 20n,
    });
  });

  it('finds the task of a send that was answered 503 because its recording took long', async () => {
    const clock = new FakeClock();
    const slow = await setting.startProcess({ clock, lease: { fenceAfterMs: 1e8, deadAfterMs: 2e8 } });
    const sender = await setting.seedCaller();
    await slow.gateway.listTasks(sender.caller, sender.address, {});
    const wallet = await setting.tasks.holdWallet(sender.tenant.tenantId);
    const request = sendRequest('hello');
    const refused = assert.rejects(send(slow, sender, request), { code: 'platform.unavailable' });
    await eventually('the recording waits', async () => {
      const waiting = await setting.tasks.rows(
        `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      return waiting.length > 0;
    });
    await clock.advance(limits.recordWaitMs);
    await refused;
    assert.equal(slow.agent.calls.length, 0);
    await wallet.release();
    (await slow.agent.nextCall('stream')).say(taskTold('up', 'TASK_STATE_COMPLETED'));
    assert.equal((await send(here, sender, request)).status.state, 'TASK_STATE_COMPLETED');
    assert.equal(await countRows(setting.tasks, 'tasks', sender.tenant.tenantId), 1);
    await slow[Symbol.asyncDispose]();
  });

  it('TASK-13 answers at once when asked to, with the task as it stands', async () => {
    const sender = await setting.seedCaller();
    const request = sendNow('hello');
    const first = await send(here, sender, request);
    assert.equal(first.status.state, 'TASK_STATE_SUBMITTED');
    await eventually(
      'it ends',
      async () => (await send(there, sender, request)).status.state === 'TASK_STATE_COMPLETED',
    );
    assert.equal(callsOf(sender), 1);
  });
});
