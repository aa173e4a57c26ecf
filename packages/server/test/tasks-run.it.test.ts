/**
 * Guarantee: whatever an agent answers or fails to answer, the task's log has it in order and once, the task ends once, and only completed work is
 * charged. Spec: docs/specs/task-lifecycle.md.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { eventually } from '@colloquy/testkit';
import type { Task } from '@colloquy/protocol';
import { assertBooksAreSound, countRows, purseOf } from './task-books.ts';
import { artifactText, gist, readAll, sendNow, sendRequest, startGatewaySetting, textOf } from './gateway-setting.ts';
import type { GatewayProcess, GatewaySetting, SeededCaller } from './gateway-setting.ts';
import { artifactTold, messageTold, statusTold, taskTold, words } from './scripted-agent.ts';

describe('working on a task', () => {
  let setting: GatewaySetting;
  let here: GatewayProcess;

  before(async () => {
    setting = await startGatewaySetting();
    here = await setting.startProcess();
  });
  after(() => setting[Symbol.asyncDispose]());
  afterEach(() => assertBooksAreSound(setting.tasks));

  const stream = async ({ caller, address }: SeededCaller) =>
    here.gateway.streamMessage(caller, address, sendRequest('hello'), {});
  const send = async ({ caller, address }: SeededCaller): Promise<Task> => {
    const answer = await here.gateway.sendMessage(caller, address, sendRequest('hello'), {});
    assert.ok(answer.task !== undefined);
    return answer.task;
  };
  const get = async ({ caller, address }: SeededCaller, id: string): Promise<Task> =>
    here.gateway.getTask(caller, address, { id });
  const errorCode = (task: Task): unknown => task.status.message?.metadata?.['errorCode'];

  it('TASK-3 retells an agent in order under our ids, and ends where the agent ends', async () => {
    const sender = await setting.seedCaller();
    const events = readAll(await stream(sender));
    const call = await here.agent.nextCall('stream');
    assert.deepEqual(call.message?.message.parts, [{ text: 'hello' }]);
    assert.equal(call.message?.message.taskId, undefined);
    call.say(
      taskTold('up-1', 'TASK_STATE_WORKING'),
      artifactTold('up-1', 'a'),
      statusTold('up-1', 'TASK_STATE_COMPLETED', 'done'),
    );
    call.end();
    const seen = await events;
    assert.deepEqual(seen.map(gist), ['task submitted', 'status working', 'artifact a', 'status completed']);
    assert.deepEqual(
      seen.map(({ seq }) => seq),
      [1, 2, 3, 4],
    );
    assert.doesNotMatch(JSON.stringify(seen), /up-1|agent-context/);
    const { used, reserved } = await purseOf(setting.tasks, sender.tenant.tenantId);
    assert.deepEqual([used, reserved], [10n, 0n]);
  });

  it('TASK-1 drops what an agent says after the end', async () => {
    const sender = await setting.seedCaller();
    const events = readAll(await stream(sender));
    const call = await here.agent.nextCall('stream');
    call.say(
      taskTold('up-2', 'TASK_STATE_COMPLETED'),
      artifactTold('up-2', 'late'),
      statusTold('up-2', 'TASK_STATE_FAILED'),
      taskTold('up-2', 'TASK_STATE_WORKING'),
    );
    assert.deepEqual((await events).map(gist), ['task submitted', 'status completed']);
    assert.equal(await countRows(setting.tasks, 'task_events', sender.tenant.tenantId), 2);
  });

  it('TASK-4 joins the appends that wait for one write into one event, and loses no word of them', async () => {
    const sender = await setting.seedCaller();
    const events = readAll(await stream(sender));
    const call = await here.agent.nextCall('stream');
    const tokens = Array.from({ length: 200 }, (_, at) => `${at},`);
    call.say(taskTold('up-3', 'TASK_STATE_WORKING'), artifactTold('up-3', 'start;'));
    call.say(...tokens.map((token) => artifactTold('up-3', token, { append: true })));
    call.say(statusTold('up-3', 'TASK_STATE_COMPLETED'));
    const seen = await events;
    assert.ok(seen.length < 50, `${seen.length} events for 200 tokens`);
    assert.deepEqual(
      seen.map(({ seq }) => seq),
      seen.map((_, at) => at + 1),
    );
    const id = (JSON.parse(seen[0]?.json ?? '') as { task: Task }).task.id;
    assert.equal(artifactText(await get(sender, id)), `start;${tokens.join('')}`);
  });

  it('answers an agent that makes no task with its message, and keeps the task all the same', async () => {
    const sender = await setting.seedCaller();
    const answer = here.gateway.sendMessage(sender.caller, sender.address, sendRequest('hello'), {});
    (await here.agent.nextCall('stream')).say(messageTold('hi there'));
    const { message } = await answer;
    assert.equal(textOf(message?.parts ?? []), 'hi there');
    const task = await get(sender, message?.taskId ?? '');
    assert.equal(task.status.state, 'TASK_STATE_COMPLETED');
    assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).used, 10n);
  });

  const failures = [
    ['is down', 'upstream.unreachable'],
    ['refuses', 'upstream.refused'],
    ['talks garbage', 'upstream.invalid-answer'],
    ['says too much', 'upstream.too-large'],
    ['stays silent', 'upstream.timeout'],
    ['breaks off before it names a task', 'upstream.outcome-unknown'],
  ] as const;
  for (const [fault, code] of failures) {
    it(`fails a task whose agent ${fault} with the reason, and releases its credits`, async () => {
      const sender = await setting.seedCaller();
      const answer = send(sender);
      (await here.agent.nextCall('stream')).fail(code);
      const task = await answer;
      assert.equal(task.status.state, 'TASK_STATE_FAILED');
      assert.equal(errorCode(task), code);
      const { available, reserved, used } = await purseOf(setting.tasks, sender.tenant.tenantId);
      assert.deepEqual([available, reserved, used], [1_000_000n, 0n, 0n]);
      await assert.rejects(here.gateway.cancelTask(sender.caller, sender.address, { id: task.id }), {
        code: 'task.not-cancelable',
      });
    });
  }

  it('fails a task whose agent ends its stream without a word', async () => {
    const sender = await setting.seedCaller();
    const answer = send(sender);
    (await here.agent.nextCall('stream')).end();
    assert.equal(errorCode(await answer), 'upstream.invalid-answer');
  });

  it('says the same message again to an idempotent agent whose answer was cut', async () => {
    const sender = await setting.seedCaller({ idempotent: true });
    const answer = send(sender);
    const first = await here.agent.nextCall('stream');
    first.fail('upstream.outcome-unknown');
    const again = await here.agent.nextCall('stream');
    assert.deepEqual(again.message, first.message);
    again.say(taskTold('up-4', 'TASK_STATE_COMPLETED'));
    assert.equal((await answer).status.state, 'TASK_STATE_COMPLETED');
  });

  it('finds a named task again after a cut, and repeats nothing that the log has', async () => {
    const sender = await setting.seedCaller();
    const events = readAll(await stream(sender));
    const first = await here.agent.nextCall('stream');
    first.say(taskTold('up-5', 'TASK_STATE_WORKING'), artifactTold('up-5', 'one'));
    first.fail('upstream.outcome-unknown');
    const asked = await here.agent.nextCall('getTask');
    assert.equal(asked.upstreamTaskId, 'up-5');
    const known = [{ artifactId: 'a', parts: [{ text: 'one' }] }];
    asked.say(taskTold('up-5', 'TASK_STATE_WORKING', { artifacts: known }));
    const second = await here.agent.nextCall('subscribe');
    second.say(taskTold('up-5', 'TASK_STATE_WORKING', { artifacts: known }));
    second.say(artifactTold('up-5', ' two', { append: true }), statusTold('up-5', 'TASK_STATE_COMPLETED'));
    assert.deepEqual((await events).map(gist), [
      'task submitted',
      'status working',
      'artifact one',
      'artifact  two',
      'status completed',
    ]);
  });

  it('reads a named task once more that ended just before it could be streamed', async () => {
    const sender = await setting.seedCaller();
    const answer = send(sender);
    const first = await here.agent.nextCall('stream');
    first.say(taskTold('up-16', 'TASK_STATE_WORKING'));
    first.fail('upstream.outcome-unknown');
    (await here.agent.nextCall('getTask')).say(taskTold('up-16', 'TASK_STATE_WORKING'));
    (await here.agent.nextCall('subscribe')).fail('upstream.refused');
    (await here.agent.nextCall('getTask')).say(taskTold('up-16', 'TASK_STATE_COMPLETED'));
    assert.equal((await answer).status.state, 'TASK_STATE_COMPLETED');
  });

  it('CREDIT-4 fails a named task that its agent cannot find again, and releases its credits', async () => {
    const sender = await setting.seedCaller();
    const answer = send(sender);
    const first = await here.agent.nextCall('stream');
    first.say(taskTold('up-6', 'TASK_STATE_WORKING'));
    first.fail('upstream.outcome-unknown');
    const asked = await here.agent.nextCall('getTask');
    asked.fail('upstream.refused');
    assert.equal(errorCode(await answer), 'upstream.refused');
  });

  it('does not hammer an agent whose streams end while its task goes on', async () => {
    const sender = await setting.seedCaller();
    const answer = send(sender);
    let asked = 0;
    here.agent.onCall = (call) => {
      if (call.method === 'getTask' && call.call.route.tenantId === sender.tenant.tenantId) asked += 1;
      if (call.method === 'getTask')
        call.say(taskTold('up-7', asked > 2 ? 'TASK_STATE_COMPLETED' : 'TASK_STATE_WORKING'));
      if (call.method === 'subscribe') call.end();
    };
    const first = await here.agent.nextCall('stream');
    const startedAt = performance.now();
    first.say(taskTold('up-7', 'TASK_STATE_WORKING'));
    first.end();
    const task = await answer;
    here.agent.onCall = () => undefined;
    const made = here.agent.calls.filter(({ upstreamTaskId }) => upstreamTaskId === 'up-7');
    for (const _ of made) await here.agent.nextCall();
    assert.equal(task.status.state, 'TASK_STATE_COMPLETED');
    assert.equal(asked, 3);
    // 200 ms, then doubled for each time that nothing new came.
    assert.ok(performance.now() - startedAt > 1_000);
  });

  it('asks an agent that cannot stream until it has ended', async () => {
    const sender = await setting.seedCaller({ streaming: false });
    const answer = send(sender);
    (await here.agent.nextCall('send')).say(taskTold('up-8', 'TASK_STATE_WORKING'));
    (await here.agent.nextCall('getTask')).say(taskTold('up-8', 'TASK_STATE_WORKING'));
    const artifacts = [{ artifactId: 'a', parts: [{ text: 'answer' }] }];
    (await here.agent.nextCall('getTask')).say(taskTold('up-8', 'TASK_STATE_COMPLETED', { artifacts }));
    const task = await answer;
    assert.equal(task.status.state, 'TASK_STATE_COMPLETED');
    assert.equal(artifactText(task), 'answer');
  });

  it('ends a task whose agent never does when its time is over, and tells the agent to stop', async () => {
    const sender = await setting.seedCaller({ taskMsMax: 300 });
    const answer = send(sender);
    const call = await here.agent.nextCall('stream');
    call.say(taskTold('up-9', 'TASK_STATE_WORKING'));
    const task = await answer;
    assert.equal(errorCode(task), 'upstream.timeout');
    assert.ok(call.isAborted);
    const told = await here.agent.nextCall('cancelTask');
    assert.equal(told.upstreamTaskId, 'up-9');
    told.say(taskTold('up-9', 'TASK_STATE_CANCELED'));
    assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).reserved, 0n);
  });

  it('TASK-10 fails a task with a reason when what its agent says cannot be written, and releases its credits', async () => {
    for (const ending of ['TASK_STATE_COMPLETED', 'garbage'] as const) {
      const sender = await setting.seedCaller();
      const answer = send(sender);
      const call = await here.agent.nextCall('stream');
      // An id that no column can hold.
      call.say(taskTold('up\0', 'TASK_STATE_WORKING'), artifactTold('up\0', 'x'));
      if (ending === 'garbage') call.fail('upstream.invalid-answer');
      else call.say(statusTold('up\0', ending));
      const task = await answer;
      assert.equal(task.status.state, 'TASK_STATE_FAILED');
      assert.equal(errorCode(task), 'upstream.invalid-answer');
      assert.equal(task.artifacts, undefined);
      if (ending === 'garbage') await here.agent.nextCall('cancelTask');
      assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).reserved, 0n);
    }
    assert.equal(here.engine.runs.count, 0);
    assert.equal(here.log.filter((line) => line.startsWith('an answer of an agent could not be written')).length, 2);
  });

  it('TASK-18 fails a task whose agent says more than a log holds', async () => {
    const sender = await setting.seedCaller();
    const answer = send(sender);
    const call = await here.agent.nextCall('stream');
    call.say(taskTold('up-10', 'TASK_STATE_WORKING'));
    // States cannot join.
    call.say(...Array.from({ length: 20_001 }, () => statusTold('up-10', 'TASK_STATE_WORKING')));
    const task = await answer;
    assert.equal(errorCode(task), 'upstream.too-large');
    assert.equal((await here.agent.nextCall('cancelTask')).upstreamTaskId, 'up-10', 'it is told to stop');
    const events = await countRows(setting.tasks, 'task_events', sender.tenant.tenantId);
    assert.ok(events <= 20_000, `${events} events`);
  });

  it('fails a task whose agent fills its log over several turns with more bytes than a log holds', async () => {
    const sender = await setting.seedCaller();
    const big = 'x'.repeat(3 * 1024 * 1024);
    let id: string | undefined;
    let task: Task | undefined;
    for (
      let turn = 0;
      turn < 6 && (task === undefined || task.status.state === 'TASK_STATE_INPUT_REQUIRED');
      turn += 1
    ) {
      const request = sendRequest('more', id === undefined ? {} : { taskId: id });
      const answer = here.gateway.sendMessage(sender.caller, sender.address, request, {});
      const call = await here.agent.nextCall('stream');
      const before = await countRows(setting.tasks, 'task_events', sender.tenant.tenantId);
      call.say(artifactTold('up-18', big));
      await eventually(
        'it is in the log',
        async () => (await countRows(setting.tasks, 'task_events', sender.tenant.tenantId)) > before,
      );
      call.say(artifactTold('up-18', '!', { append: true }), statusTold('up-18', 'TASK_STATE_INPUT_REQUIRED'));
      ({ task } = await answer);
      id = task?.id;
    }
    assert.ok(task !== undefined);
    assert.equal(errorCode(task), 'upstream.too-large');
    await here.agent.nextCall('cancelTask');
    const [log] = await setting.tasks.rows<{ bytes: number }>(
      `select sum(length(payload))::int as bytes from colloquy.task_events where task_id = $1`,
      (id ?? '').slice(4),
    );
    const bytes = log?.bytes ?? 0;
    assert.ok(bytes < 20 * 1024 * 1024, `${bytes} bytes`);
    assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).reserved, 0n);
  });

  it('cancels a task whose log has no room left for the last words of its agent', async () => {
    const sender = await setting.seedCaller();
    const answer = send(sender);
    const call = await here.agent.nextCall('stream');
    call.say(taskTold('up-17', 'TASK_STATE_WORKING'));
    call.say(...Array.from({ length: 19_997 }, () => statusTold('up-17', 'TASK_STATE_WORKING')));
    const { taskId: id } = call.call;
    const countEvents = () => countRows(setting.tasks, 'task_events', sender.tenant.tenantId);
    await eventually('the log is as good as full', async () => (await countEvents()) === 19_999, 30_000);
    const canceling = here.gateway.cancelTask(sender.caller, sender.address, { id });
    const artifacts = [{ artifactId: 'a', parts: [{ text: 'late' }] }];
    (await here.agent.nextCall('cancelTask')).say(taskTold('up-17', 'TASK_STATE_CANCELED', { artifacts }));
    assert.equal((await canceling).status.state, 'TASK_STATE_CANCELED');
    assert.equal((await answer).status.state, 'TASK_STATE_CANCELED');
    assert.equal(await countEvents(), 20_000);
  });

  it('CREDIT-6 goes on with a further turn, and charges once', async () => {
    const sender = await setting.seedCaller();
    const question = send(sender);
    const first = await here.agent.nextCall('stream');
    first.say(taskTold('up-11', 'TASK_STATE_WORKING'), statusTold('up-11', 'TASK_STATE_INPUT_REQUIRED', 'which?'));
    const asked = await question;
    assert.equal(asked.status.state, 'TASK_STATE_INPUT_REQUIRED');
    const turn = here.gateway.sendMessage(sender.caller, sender.address, sendRequest('that', { taskId: asked.id }), {});
    const second = await here.agent.nextCall('stream');
    assert.equal(second.message?.message.taskId, 'up-11');
    second.say(statusTold('up-11', 'TASK_STATE_COMPLETED', 'thanks'));
    const { task } = await turn;
    assert.equal(task?.status.state, 'TASK_STATE_COMPLETED');
    const told = (await get(sender, asked.id)).history?.map(({ parts }) => textOf(parts));
    assert.deepEqual(told, ['hello', 'which?', 'that']);
    assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).used, 10n);
  });

  it('TASK-11 takes a further turn once when it is sent five times at once, and refuses another one meanwhile', async () => {
    const sender = await setting.seedCaller();
    const question = send(sender);
    (await here.agent.nextCall('stream')).say(taskTold('up-12', 'TASK_STATE_INPUT_REQUIRED'));
    const { id } = await question;
    const same = sendRequest('that', { taskId: id });
    const turns = Array.from({ length: 5 }, () => here.gateway.sendMessage(sender.caller, sender.address, same, {}));
    const call = await here.agent.nextCall('stream');
    const other = here.gateway.sendMessage(sender.caller, sender.address, sendNow('no, this', { taskId: id }), {});
    await assert.rejects(other, { code: 'task.busy' });
    call.say(statusTold('up-12', 'TASK_STATE_COMPLETED'));
    const answers = await Promise.all(turns);
    assert.deepEqual(
      answers.map(({ task }) => task?.status.state),
      Array(5).fill('TASK_STATE_COMPLETED'),
    );
    assert.equal(here.agent.calls.filter(({ call: { taskId } }) => taskId === id).length, 2);
    const after = here.gateway.sendMessage(sender.caller, sender.address, sendNow('more', { taskId: id }), {});
    await assert.rejects(after, { code: 'task.ended' });
  });

  it('tells an agent of the tasks that a message refers to by its own ids, and of no other', async () => {
    const sender = await setting.seedCaller();
    const outsider = await setting.seedCaller();
    const colleague = {
      ...sender,
      caller: { ...sender.caller, principal: { kind: 'oauth-client', id: 'cli_x' } as const },
    };
    const told = async (who: SeededCaller, id: string): Promise<string> => {
      const answer = send(who);
      (await here.agent.nextCall('stream')).say(taskTold(id, 'TASK_STATE_COMPLETED'));
      return (await answer).id;
    };
    const [own, second] = [await told(sender, 'up-own'), await told(sender, 'up-second')];
    const foreign = [await told(outsider, 'up-foreign'), await told(colleague, 'up-colleague'), 'tsk_none', 'x'];
    const request = sendRequest('as before', { referenceTaskIds: [second, ...foreign, own] });
    const answer = here.gateway.sendMessage(sender.caller, sender.address, request, {});
    const call = await here.agent.nextCall('stream');
    assert.deepEqual(call.message?.message.referenceTaskIds, ['up-second', 'up-own']);
    call.say(statusTold('up-third', 'TASK_STATE_INPUT_REQUIRED'));
    const { task } = await answer;
    assert.deepEqual(task?.history?.[0]?.referenceTaskIds, request.message.referenceTaskIds);
    const further = sendRequest('more', { taskId: task?.id ?? '', referenceTaskIds: [own] });
    const turn = here.gateway.sendMessage(sender.caller, sender.address, further, {});
    const again = await here.agent.nextCall('stream');
    assert.deepEqual(again.message?.message.referenceTaskIds, ['up-own']);
    again.say(statusTold('up-third', 'TASK_STATE_COMPLETED'));
    await turn;
  });

  it('TASK-12 cancels at the agent and here, tells the agent once, and never charges', async () => {
    const sender = await setting.seedCaller();
    const answer = send(sender);
    const call = await here.agent.nextCall('stream');
    call.say(taskTold('up-13', 'TASK_STATE_WORKING'));
    const id = await eventually('the task works', () => {
      const { taskId } = call.call;
      return here.engine.runs.has(taskId) ? taskId : undefined;
    });
    const cancels = [1, 2, 3].map(() => here.gateway.cancelTask(sender.caller, sender.address, { id }));
    const told = await here.agent.nextCall('cancelTask');
    // Words that come while the agent is stopping are still heard.
    call.say(artifactTold('up-13', 'half'));
    told.say(taskTold('up-13', 'TASK_STATE_CANCELED', { artifacts: [{ artifactId: 'a', parts: [{ text: 'half' }] }] }));
    for (const task of await Promise.all(cancels)) assert.equal(task.status.state, 'TASK_STATE_CANCELED');
    assert.equal((await answer).status.state, 'TASK_STATE_CANCELED');
    const again = await here.gateway.cancelTask(sender.caller, sender.address, { id });
    assert.equal(again.status.state, 'TASK_STATE_CANCELED');
    assert.equal(
      here.agent.calls.filter(({ method, call: { taskId } }) => method === 'cancelTask' && taskId === id).length,
      1,
    );
    const { available, reserved } = await purseOf(setting.tasks, sender.tenant.tenantId);
    assert.deepEqual([available, reserved], [1_000_000n, 0n]);
  });

  it('TASK-12 cancels a task that waits for its caller, and one that begins to wait while the cancel is on its way', async () => {
    for (const moment of ['waiting', 'on its way'] as const) {
      const sender = await setting.seedCaller();
      const answer = send(sender);
      const call = await here.agent.nextCall('stream');
      call.say(taskTold('up-14', 'TASK_STATE_WORKING'));
      const id = call.call.taskId;
      if (moment === 'waiting') {
        call.say(statusTold('up-14', 'TASK_STATE_INPUT_REQUIRED'));
        await answer;
      }
      const canceling = here.gateway.cancelTask(sender.caller, sender.address, { id });
      if (moment === 'on its way') {
        const told = await here.agent.nextCall('cancelTask');
        call.say(statusTold('up-14', 'TASK_STATE_INPUT_REQUIRED', 'wait!'));
        await answer;
        told.fail('upstream.refused');
      }
      (await here.agent.nextCall('cancelTask')).say(taskTold('up-14', 'TASK_STATE_CANCELED'));
      assert.equal((await canceling).status.state, 'TASK_STATE_CANCELED', moment);
      assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).reserved, 0n);
    }
  });

  it('keeps the reservation of a task that waits, and shows its question as the last words', async () => {
    const sender = await setting.seedCaller();
    const answer = send(sender);
    const call = await here.agent.nextCall('stream');
    call.say({
      statusUpdate: {
        taskId: 'up-15',
        contextId: 'c',
        status: { state: 'TASK_STATE_AUTH_REQUIRED', message: words('log in') },
      },
    });
    const task = await answer;
    assert.equal(task.status.state, 'TASK_STATE_AUTH_REQUIRED');
    assert.equal(textOf(task.status.message?.parts ?? []), 'log in');
    const row = await here.pools.store.findForWork(sender.tenant.tenantId, call.call.taskId);
    assert.equal(row?.nodeId, null);
    assert.equal((await purseOf(setting.tasks, sender.tenant.tenantId)).reserved, 10n);
  });
});
