import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eventually } from '@colloquy/testkit';
import { assertFailure } from '../bindings/wire-errors.ts';
import { scenario } from '../run/scenario.ts';
import {
  atOnce,
  bareTaskOf,
  completed,
  getTask,
  isTerminal,
  resultOf,
  say,
  startHeld,
  taskOf,
} from './wire-objects.ts';
import type { WireMessage, WireTask } from './wire-objects.ts';

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Sections 3.1.1 and 3.2.2: what comes of a send. */
export const sendingScenarios = [
  scenario(
    'a send waits for its task and answers it whole',
    ['SEND-1', 'BLOCK-1', 'BLOCK-2', 'TASK-2', 'CONTEXT-1', 'FIELDS-1', 'FIELDS-3'],
    async ({ binding }) => {
      const task = taskOf(await binding.call('SendMessage', say('tck-artifact-text')));
      assert.equal(task.status.state, 'TASK_STATE_COMPLETED');
      assert.deepEqual(
        task.artifacts?.map(({ parts }) => parts.map(({ text }) => text)),
        [['Generated text content']],
      );
    },
  ),
  scenario('a send waits until the agent asks for input', ['BLOCK-1', 'BLOCK-2'], async ({ binding }) => {
    const { status } = taskOf(await binding.call('SendMessage', say('ask')));
    assert.equal(status.state, 'TASK_STATE_INPUT_REQUIRED');
    assert.equal(status.message?.parts[0]?.text, 'Which one?');
  }),
  scenario('a send that will not wait returns with a task under work', ['BLOCK-3'], async ({ binding, agent }) => {
    const { task, messageId } = await startHeld(binding);
    assert.ok(!isTerminal(task.status.state), task.status.state);
    await eventually('the message holds', () => agent.release(messageId));
    await eventually('the task completes', async () => isTerminal((await getTask(binding, task.id)).status.state));
  }),
  scenario('a direct message is the answer, whether waited for or not', ['SEND-1', 'BLOCK-4'], async ({ binding }) => {
    for (const request of [say('reply'), say('reply', {}, { configuration: { returnImmediately: false } })]) {
      const { message } = resultOf<{ message?: WireMessage }>(await binding.call('SendMessage', request));
      assert.deepEqual(
        message?.parts.map(({ text }) => text),
        ['Just words.'],
      );
      assert.equal(message?.role, 'ROLE_AGENT');
    }
  }),
  scenario('every new task has an id of its own', ['TASK-1', 'TASK-2'], async ({ binding }) => {
    const tasks = await Promise.all(Array.from({ length: 5 }, () => completed(binding)));
    assert.equal(new Set(tasks.map(({ id }) => id)).size, tasks.length);
  }),
  scenario('a task that has ended takes no more messages', ['SEND-2', 'STREAM-7'], async ({ binding, agent }) => {
    const { id: taskId } = await completed(binding);
    const request = say('echo', { taskId });
    assertFailure(binding.name, await binding.call('SendMessage', request), 'UnsupportedOperation');
    const stream = await binding.open('SendStreamingMessage', say('echo', { taskId }));
    assertFailure(binding.name, stream.refusal, 'UnsupportedOperation');
    assert.ok(!agent.heard.some(({ params }) => params.message?.messageId === request.message.messageId));
  }),
  scenario(
    'a media type that the agent does not take is refused',
    ['SEND-3', 'BEST-7', 'CODES-1'],
    async ({ binding, agent }) => {
      const request = say('echo', { parts: [{ text: 'x', mediaType: 'application/x-unheard-of' }] });
      assertFailure(binding.name, await binding.call('SendMessage', request), 'ContentTypeNotSupported');
      assert.ok(!agent.heard.some(({ params }) => params.message?.messageId === request.message.messageId));
    },
  ),
  scenario('times are in UTC, to the millisecond', ['TIME-1', 'TIME-2', 'TIME-3', 'TIME-4'], async ({ binding }) => {
    const before = Date.now();
    const { status } = await completed(binding);
    assert.match(status.timestamp, timestamp);
    const at = Date.parse(status.timestamp);
    assert.ok(at >= before - 1000 && at <= Date.now() + 1000, status.timestamp);
  }),
  scenario('accepted output modes reach the agent', ['BLOCK-5'], async ({ binding, agent }) => {
    const configuration = { acceptedOutputModes: ['text/markdown'] };
    const request = say('echo', {}, { configuration });
    taskOf(await binding.call('SendMessage', request));
    const call = agent.heard.find(({ params }) => params.message?.messageId === request.message.messageId);
    assert.partialDeepStrictEqual(call?.params.configuration, configuration);
  }),
  scenario('metadata and extensions pass unchanged, both ways', ['EXTENSION-6'], async ({ binding, agent }) => {
    const uri = 'https://example.com/extensions/place/v1';
    const metadata = { [uri]: { latitude: 1.5, list: [1, null, 'x'], snake_case: true } };
    const request = say('echo', { metadata, extensions: [uri] }, { metadata: { trace: 'abc' } });
    const task = taskOf(await binding.call('SendMessage', request));
    const data = task.artifacts?.[0]?.parts[0]?.data;
    assert.partialDeepStrictEqual(data, { metadata, extensions: [uri] });
    const call = agent.heard.find(({ params }) => params.message?.messageId === request.message.messageId);
    assert.partialDeepStrictEqual(call?.params.metadata, { trace: 'abc' });
  }),
  scenario('a task shows at most as much history as asked for', ['HISTORY-1', 'HISTORY-2'], async ({ binding }) => {
    const { id: taskId, contextId } = taskOf(
      await binding.call('SendMessage', say('ask', { parts: [{ text: 'first' }] })),
    );
    await binding.call('SendMessage', say('echo', { taskId, contextId, parts: [{ text: 'second' }] }));
    const historyOf = async (historyLength?: number): Promise<WireTask['history']> =>
      bareTaskOf(
        await binding.call('GetTask', { id: taskId, ...(historyLength === undefined ? {} : { historyLength }) }),
      ).history;
    assert.equal(await historyOf(0), undefined);
    assert.equal((await historyOf(1))?.length, 1);
    const all = (await historyOf()) ?? [];
    const said = all.filter(({ role }) => role === 'ROLE_USER').map(({ parts }) => parts[0]?.text);
    assert.deepEqual(said, ['first', 'second']);
    const sent = taskOf(await binding.call('SendMessage', say('echo', {}, { configuration: { historyLength: 0 } })));
    assert.equal(sent.history, undefined);
  }),
];

/** Section 3.4: contexts, task ids and turns. */
export const turnScenarios = [
  scenario(
    'a context of the caller holds its tasks together',
    ['CONTEXT-3', 'CONTEXT-6', 'TURN-5'],
    async ({ binding, agent }) => {
      const contextId = `ctx-${randomUUID()}`;
      const requests = [say('echo', { contextId }), say('echo', { contextId })];
      const tasks = [];
      for (const request of requests) tasks.push(taskOf(await binding.call('SendMessage', request)));
      assert.deepEqual(
        tasks.map((task) => task.contextId),
        [contextId, contextId],
      );
      const listed = resultOf<{ tasks: WireTask[] }>(await binding.call('ListTasks', { contextId }));
      assert.deepEqual(new Set(listed.tasks.map(({ id }) => id)), new Set(tasks.map(({ id }) => id)));
      const heard = requests.map(
        ({ message }) =>
          agent.heard.find(({ params }) => params.message?.messageId === message.messageId)?.params.message?.contextId,
      );
      assert.ok(heard[0] !== undefined && heard[0] === heard[1], 'the agent sees one context');
    },
  ),
  scenario('a context that cannot be taken is refused', ['CONTEXT-2', 'CONTEXT-3'], async ({ binding, agent }) => {
    const request = say('echo', { contextId: 'c'.repeat(2000) });
    assertFailure(binding.name, await binding.call('SendMessage', request), 'InvalidParams');
    assert.ok(!agent.heard.some(({ params }) => params.message?.messageId === request.message.messageId));
  }),
  scenario('a message to an unknown task is refused', ['TASK-4'], async ({ binding }) => {
    const reply = await binding.call('SendMessage', say('echo', { taskId: randomUUID() }));
    assertFailure(binding.name, reply, 'TaskNotFound');
  }),
  scenario('a task that asked goes on with the answer to it', ['TURN-1', 'TURN-6'], async ({ binding }) => {
    const asked = taskOf(await binding.call('SendMessage', say('ask')));
    const task = taskOf(await binding.call('SendMessage', say('tck-complete-task', { taskId: asked.id })));
    assert.deepEqual([task.id, task.contextId], [asked.id, asked.contextId]);
    assert.equal(task.status.state, 'TASK_STATE_COMPLETED');
  }),
  scenario('a message in another context than its task is refused', ['TURN-2'], async ({ binding }) => {
    const { id: taskId } = taskOf(await binding.call('SendMessage', say('ask')));
    const reply = await binding.call('SendMessage', say('echo', { taskId, contextId: randomUUID() }));
    assertFailure(binding.name, reply, 'InvalidParams');
    assert.equal((await getTask(binding, taskId)).status.state, 'TASK_STATE_INPUT_REQUIRED');
  }),
  scenario(
    'an agent that needs authorization says so through the gateway, and takes an answer',
    ['GRANT-1', 'GRANT-2', 'GRANT-3', 'GRANT-6', 'GRANT-7'],
    async ({ binding }) => {
      const task = taskOf(await binding.call('SendMessage', say('authorize')));
      assert.equal(task.status.state, 'TASK_STATE_AUTH_REQUIRED');
      assert.equal(task.status.message?.parts[0]?.text, 'Grant access to the calendar.');
      const after = taskOf(await binding.call('SendMessage', say('tck-complete-task', { taskId: task.id })));
      assert.equal(after.status.state, 'TASK_STATE_COMPLETED');
    },
  ),
  scenario('a task that cannot wait shows its first state', ['BLOCK-3', 'GET-1'], async ({ binding }) => {
    const { id } = taskOf(await binding.call('SendMessage', say('tck-artifact-data', {}, atOnce)));
    const task = await eventually('it completes', async () => {
      const now = await getTask(binding, id);
      return isTerminal(now.status.state) && now;
    });
    assert.deepEqual(task.artifacts?.[0]?.parts[0]?.data, { key: 'value', count: 42 });
  }),
];
