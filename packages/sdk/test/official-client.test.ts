/** Guarantee: a client of the official A2A SDK can use an agent written with this one, streams included. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Role, TaskState } from '@a2a-js/sdk';
import type { Message, StreamResponse } from '@a2a-js/sdk';
import { ClientFactory } from '@a2a-js/sdk/client';
import type { Client } from '@a2a-js/sdk/client';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';

let agent: AgentServer;
let client: Client;

before(async () => {
  agent = await serveAgent({
    card: { name: 'peer', description: 'Talks to the official SDK.' },
    handle: async (message, task) => {
      const said = text(message);
      if (said === 'hello') return task.reply('Hello yourself.');
      if (said === 'ask') return task.requireInput('What else?');
      if (said === 'wait') return new Promise((resolve) => task.signal.addEventListener('abort', () => resolve()));
      await task.working('counting');
      for (const word of ['one ', 'two ', 'three']) {
        await task.artifact({
          id: 'count',
          name: 'Count',
          parts: word,
          append: word !== 'one ',
          lastChunk: word === 'three',
        });
      }
      return task.complete('counted');
    },
  });
  client = await new ClientFactory().createFromUrl(new URL(agent.url).origin);
});
after(() => agent.close({ graceMs: 0 }));

function say(words: string, more: Partial<Message> = {}) {
  const message: Message = {
    messageId: crypto.randomUUID(),
    contextId: '',
    taskId: '',
    role: Role.ROLE_USER,
    parts: [{ content: { $case: 'text', value: words }, metadata: undefined, filename: '', mediaType: '' }],
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
    ...more,
  };
  return { tenant: '', message, configuration: undefined, metadata: undefined };
}

describe('official SDK client', () => {
  it('reads the card', async () => {
    const card = await client.getAgentCard();
    assert.equal(card.name, 'peer');
    assert.equal(card.capabilities?.streaming, true);
  });

  it('follows a task from start to end in a stream', async () => {
    const events: StreamResponse[] = [];
    for await (const event of client.sendMessageStream(say('count'))) events.push(event);
    const kinds = events.map(({ payload }) => payload?.$case);
    assert.deepEqual(kinds, ['task', 'statusUpdate', ...[1, 2, 3].map(() => 'artifactUpdate'), 'statusUpdate']);
    const last = events.at(-1)?.payload;
    assert.ok(last?.$case === 'statusUpdate');
    assert.equal(last.value.status?.state, TaskState.TASK_STATE_COMPLETED);
  });

  it('gets a finished task, and the same task by its id', async () => {
    const answer = await client.sendMessage(say('count'));
    assert.ok('status' in answer);
    assert.equal(answer.status?.state, TaskState.TASK_STATE_COMPLETED);
    assert.equal(answer.artifacts[0]?.parts.length, 3);
    const again = await client.getTask({ tenant: '', id: answer.id });
    assert.equal(again.id, answer.id);
  });

  it('gets a direct answer', async () => {
    const answer = await client.sendMessage(say('hello'));
    assert.ok('parts' in answer);
    assert.deepEqual(answer.parts[0]?.content, { $case: 'text', value: 'Hello yourself.' });
  });

  it('is asked for input and goes on with the same task', async () => {
    const asked = await client.sendMessage(say('ask'));
    assert.ok('status' in asked);
    assert.equal(asked.status?.state, TaskState.TASK_STATE_INPUT_REQUIRED);
    const done = await client.sendMessage(say('count', { taskId: asked.id, contextId: asked.contextId }));
    assert.ok('status' in done);
    assert.equal(done.id, asked.id);
    assert.equal(done.status?.state, TaskState.TASK_STATE_COMPLETED);
  });

  it('cancels a task that it watches', async () => {
    const stream = client.sendMessageStream(say('wait'))[Symbol.asyncIterator]();
    const first = (await stream.next()).value as StreamResponse;
    assert.ok(first.payload?.$case === 'task');
    const canceled = await client.cancelTask({ tenant: '', id: first.payload.value.id, metadata: undefined });
    assert.equal(canceled.status?.state, TaskState.TASK_STATE_CANCELED);
    const last = (await stream.next()).value as StreamResponse;
    assert.ok(last.payload?.$case === 'statusUpdate');
    assert.equal(last.payload.value.status?.state, TaskState.TASK_STATE_CANCELED);
    assert.equal((await stream.next()).done, true);
  });

  it('sees the errors it knows', async () => {
    const unknown = await client.getTask({ tenant: '', id: 'none' }).catch((error: unknown) => error);
    assert.ok(unknown instanceof Error);
    assert.equal(unknown.name, 'TaskNotFoundError');
  });
});
