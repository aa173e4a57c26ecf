/**
 * Guarantee: a program written for A2A 0.3 uses every agent of this platform as it is, over JSON-RPC and over HTTP+JSON: the
 * official SDK's 0.3 client finds the 0.3 card, sends, streams, resumes, cancels, and understands every refusal.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Role, TaskState } from '@a2a-js/sdk';
import type { Part, StreamResponse, Task } from '@a2a-js/sdk';
import type { Client } from '@a2a-js/sdk/client';
import { TaskNotCancelableError, TaskNotFoundError, UnsupportedOperationError } from '@a2a-js/sdk/errors';
import { startA2aSetting } from './a2a-setting.ts';
import type { A2aSetting } from './a2a-setting.ts';
import {
  asTask,
  byId,
  cancel,
  collect,
  errorOf,
  nextOf,
  noTask,
  officialClientOf03,
  say,
  sayAndLeave,
  sayAndWait,
  stateOf,
  textOf,
} from './interop-setting.ts';
import type { BindingName } from './interop-setting.ts';

describe('the official A2A 0.3 client', () => {
  let setting: A2aSetting;
  before(async () => {
    setting = await startA2aSetting();
  });
  after(() => setting[Symbol.asyncDispose]());

  for (const binding of ['JSONRPC', 'HTTP+JSON'] as const) {
    describe(`over ${binding}`, () => testBinding(binding));
  }

  function testBinding(binding: BindingName): void {
    let client: Client['transport'];

    before(async () => {
      const agentUrl = setting.platform.url + setting.path;
      client = await officialClientOf03({ agentUrl, token: await setting.tenant.client.token(), binding });
    });

    it('finds the card of 0.3 at an address of its own, and speaks 0.3', () => {
      assert.deepEqual([client.protocolName, client.protocolVersion], [binding, '0.3']);
    });

    it('sends a message and gets the finished task', async () => {
      const contextId = randomUUID();
      const task = asTask(await client.sendMessage(sayAndWait('hello', { contextId })));
      assert.deepEqual([task.status?.state, task.contextId], [TaskState.TASK_STATE_COMPLETED, contextId]);
      assert.deepEqual(
        task.artifacts.map(({ artifactId, parts }) => [artifactId, textOf(parts)]),
        [['echo', 'hello']],
      );
      assert.deepEqual(
        task.history.map(({ role, parts }) => [role, textOf(parts)]),
        [[Role.ROLE_USER, 'hello']],
      );
      const again = await client.getTask(byId(task.id));
      assert.deepEqual(again, task);
    });

    it('sends every kind of part, and the agent hears of them', async () => {
      const bytes = Buffer.from('some bytes');
      const parts: Part[] = [
        { content: { $case: 'text', value: 'kinds' }, ...bare },
        { content: { $case: 'raw', value: bytes }, ...bare, mediaType: 'application/x-bytes' },
        { content: { $case: 'url', value: 'https://example.org/a.txt' }, ...bare, mediaType: 'text/plain' },
        { content: { $case: 'data', value: { order: 17 } }, ...bare },
      ];
      const { history } = asTask(await client.sendMessage(sayAndWait('', { parts })));
      const kept = history[0]?.parts.map(({ content, mediaType }) => [content?.$case, mediaType]);
      assert.deepEqual(kept, [
        ['text', ''],
        ['raw', 'application/x-bytes'],
        ['url', 'text/plain'],
        ['data', ''],
      ]);
      assert.deepEqual(history[0]?.parts[1]?.content?.value, bytes);
      assert.deepEqual(history[0]?.parts[3]?.content?.value, { order: 17 });
    });

    it('gets the words of an agent that makes no task', async () => {
      const answer = await client.sendMessage(sayAndWait('reply'));
      assert.ok('parts' in answer);
      assert.deepEqual([answer.role, textOf(answer.parts)], [Role.ROLE_AGENT, 'Just words.']);
    });

    it('streams a task from its beginning to its end, in order', async () => {
      const events = await collect(client.sendMessageStream(say('streamed')));
      const [first, artifact, last] = events.map(({ payload }) => payload);
      assert.equal(events.length, 3);
      assert.ok(first?.$case === 'task' && artifact?.$case === 'artifactUpdate' && last?.$case === 'statusUpdate');
      assert.equal(first.value.status?.state, TaskState.TASK_STATE_SUBMITTED);
      assert.equal(textOf(artifact.value.artifact?.parts), 'streamed');
      assert.equal(last.value.status?.state, TaskState.TASK_STATE_COMPLETED);
      assert.equal(new Set([first.value.id, artifact.value.taskId, last.value.taskId]).size, 1);
    });

    it('leaves at once, cancels, and sees the end in every stream', async () => {
      const held = asTask(await client.sendMessage(sayAndLeave(`hold ${randomUUID()}`)));
      const watched = client.resubscribeTask(byId(held.id));
      assert.equal((await nextOf(watched)).payload?.$case, 'task');
      const canceled = await client.cancelTask(cancel(held.id));
      assert.equal(canceled.status?.state, TaskState.TASK_STATE_CANCELED);
      assert.equal(stateOf((await collect(watched)).at(-1)), TaskState.TASK_STATE_CANCELED);
    });

    it('leaves a stream and takes it up again; the task goes on meanwhile', async () => {
      const stream = client.sendMessageStream(say(`hold ${randomUUID()}`));
      const { id } = taskIn(await nextOf(stream));
      assert.equal(stateOf(await nextOf(stream)), TaskState.TASK_STATE_WORKING);
      await stream.return();

      const resumed = client.resubscribeTask(byId(id));
      assert.equal(taskIn(await nextOf(resumed)).status?.state, TaskState.TASK_STATE_WORKING);
      setting.agent.release();
      const rest = await collect(resumed);
      assert.deepEqual(
        rest.map(({ payload }) => payload?.$case),
        ['artifactUpdate', 'statusUpdate'],
      );
      assert.equal((await client.getTask(byId(id))).status?.state, TaskState.TASK_STATE_COMPLETED);
    });

    it('answers a question of the agent, and the same task goes on', async () => {
      const events = await collect(client.sendMessageStream(say('ask')));
      assert.equal(stateOf(events.at(-1)), TaskState.TASK_STATE_INPUT_REQUIRED);
      const { id: taskId, contextId } = taskIn(events[0]);
      const done = asTask(await client.sendMessage(sayAndWait('this one', { taskId, contextId })));
      assert.deepEqual([done.id, done.status?.state], [taskId, TaskState.TASK_STATE_COMPLETED]);
    });

    it('sees the tasks of a caller of 1.0, and is seen by him', async () => {
      const { json: sent } = await setting.rpc('SendMessage', {
        message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: 'of 1.0' }] },
      });
      const { id } = (sent as { result: { task: { id: string } } }).result.task;
      assert.equal(textOf((await client.getTask(byId(id))).artifacts[0]?.parts), 'of 1.0');
      const mine = asTask(await client.sendMessage(sayAndWait('of 0.3')));
      const { json: got } = await setting.rpc('GetTask', { id: mine.id });
      assert.deepEqual((got as { result: { history: { parts: unknown }[] } }).result.history[0]?.parts, [
        { text: 'of 0.3' },
      ]);
    });

    it('gets the card that its rights allow, and every way in it leads through us', async () => {
      const card = await client.getExtendedAgentCard({ tenant: '' });
      const agentUrl = setting.platform.url + setting.path;
      assert.equal(card.name, 'Worker');
      assert.ok(card.supportedInterfaces.length > 0);
      for (const { url, protocolVersion } of card.supportedInterfaces) {
        assert.deepEqual([url, protocolVersion.slice(0, 3)], [agentUrl, '0.3']);
      }
      assert.deepEqual(card.signatures, []);
    });

    it('asks to be called back, reads that again, and takes it back', async () => {
      const { id: taskId } = asTask(await client.sendMessage(sayAndWait('ended')));
      const config = {
        tenant: '',
        taskId,
        id: 'hook',
        url: 'https://example.org/hook',
        token: 'tell',
        authentication: undefined,
      };
      const made = await client.createTaskPushNotificationConfig(config);
      // What proves a call to its receiver is not shown again.
      assert.deepEqual([made.taskId, made.id, made.url, made.token], [taskId, 'hook', config.url, '']);
      const name = { tenant: '', taskId, id: 'hook' };
      assert.deepEqual(await client.getTaskPushNotificationConfig(name), made);
      const listed = await client.listTaskPushNotificationConfig({ tenant: '', taskId, pageSize: 0, pageToken: '' });
      assert.deepEqual(listed.configs, [made]);
      await client.deleteTaskPushNotificationConfig(name);
      assert.ok((await errorOf(() => client.getTaskPushNotificationConfig(name))) instanceof TaskNotFoundError);
    });

    it('knows every refusal by the SDK’s own error class', async () => {
      const { id } = asTask(await client.sendMessage(sayAndWait('ended')));
      const rowsBefore = await setting.everyRow();
      const refusals = [
        [() => client.getTask(byId(noTask)), TaskNotFoundError],
        [() => client.cancelTask(cancel(noTask)), TaskNotFoundError],
        [() => client.resubscribeTask(byId(noTask)), TaskNotFoundError],
        [() => client.sendMessage(sayAndWait('more', { taskId: noTask })), TaskNotFoundError],
        [() => client.sendMessageStream(say('more', { taskId: noTask })), TaskNotFoundError],
        [() => client.cancelTask(cancel(id)), TaskNotCancelableError],
        [() => client.sendMessage(sayAndWait('more', { taskId: id })), UnsupportedOperationError],
      ] as const;
      for (const [call, kind] of refusals) {
        const error = await errorOf(call);
        // A refused stream is an event with an error, which this client wraps.
        assert.ok(error instanceof kind || error.cause instanceof kind, `${String(call)}: ${String(error)}`);
      }
      assert.equal(await setting.everyRow(), rowsBefore);
    });
  }
});

const bare = { metadata: undefined, filename: '', mediaType: '' };

function taskIn(event: StreamResponse | undefined): Task {
  assert.ok(event?.payload?.$case === 'task');
  return event.payload.value;
}
