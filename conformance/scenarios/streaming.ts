import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eventually } from '@colloquy/testkit';
import type { StreamEvent, WireStream } from '../bindings/binding.ts';
import { assertFailure } from '../bindings/wire-errors.ts';
import { scenario } from '../run/scenario.ts';
import { artifactOf, completed, isTerminal, say, startHeld, stateOf, taskOfEvent } from './wire-objects.ts';

const isUpdate = (event: StreamEvent): boolean =>
  event.statusUpdate !== undefined || event.artifactUpdate !== undefined;

/** Reads until an event is wanted; answers everything read. */
async function readUntil(stream: WireStream, wanted: (event: StreamEvent) => boolean): Promise<StreamEvent[]> {
  assert.equal(stream.refusal, undefined);
  const read: StreamEvent[] = [];
  for (;;) {
    const event = await stream.next();
    assert.ok(event, `the stream ended after ${JSON.stringify(read)}`);
    read.push(event);
    if (wanted(event)) return read;
  }
}

const textOf = (events: readonly StreamEvent[], artifactId: string): string =>
  events
    .map(artifactOf)
    .filter((artifact) => artifact?.artifactId === artifactId)
    .flatMap((artifact) => artifact?.parts.map(({ text }) => text ?? '') ?? [])
    .join('');

/** Sections 3.1.2, 3.1.6 and 3.5.2: streams. */
export const streamingScenarios = [
  scenario(
    'a stream begins with its task, tells its changes in order and ends with it',
    ['STREAM-1', 'STREAM-2', 'STREAM-4', 'STREAM-5', 'ORDER-1', 'ORDER-2', 'REST-14', 'BLOCK-4'],
    async ({ binding }) => {
      const request = say('many-chunks', {}, { configuration: { returnImmediately: true } });
      const stream = await binding.open('SendStreamingMessage', request);
      const [first, ...changes] = await stream.rest();
      const told = taskOfEvent(first);
      assert.ok(changes.every(isUpdate), 'only changes follow the task');
      const before = told.artifacts?.flatMap(({ parts }) => parts.map(({ text }) => text ?? '')).join('') ?? '';
      const counted = Array.from({ length: 12 }, (_, at) => `${at + 1} `).join('');
      assert.equal(before + textOf(changes, 'chunks'), counted);
      const states = changes.map(stateOf).filter((state) => state !== undefined);
      assert.equal(states.at(-1), 'TASK_STATE_COMPLETED');
      assert.equal(states.filter(isTerminal).length, 1);
    },
  ),
  scenario('progress is streamed while the agent still works', ['STREAM-6'], async ({ binding, agent }) => {
    const request = say('hold');
    const stream = await binding.open('SendStreamingMessage', request);
    const read = await readUntil(stream, (event) => artifactOf(event) !== undefined);
    assert.equal(textOf(read, 'text'), 'so far');
    await eventually('the message holds', () => agent.release(request.message.messageId));
    const rest = await stream.rest();
    assert.equal(textOf(rest, 'rest'), 'the rest');
    assert.equal(rest.map(stateOf).at(-1), 'TASK_STATE_COMPLETED');
  }),
  scenario('a stream that holds a message holds nothing else', ['STREAM-2', 'STREAM-3'], async ({ binding }) => {
    const events = await (await binding.open('SendStreamingMessage', say('reply'))).rest();
    const messages = events.filter(({ message }) => message !== undefined);
    if (messages.length > 0) return assert.equal(events.length, 1);
    assert.match(JSON.stringify(events), /Just words\./);
    assert.ok(events.slice(1).every(isUpdate), JSON.stringify(events));
    const [first] = events;
    assert.ok(isTerminal(taskOfEvent(first).status.state) || isTerminal(events.map(stateOf).at(-1)));
  }),
  scenario(
    'every subscriber sees the task as it is and then the same events; one that leaves disturbs no other',
    ['SUBSCRIBE-1', 'SUBSCRIBE-2', 'ORDER-3', 'ORDER-4', 'ORDER-5'],
    async ({ binding, agent }) => {
      const { task, messageId } = await startHeld(binding);
      const streams = await Promise.all([1, 2, 3].map(() => binding.open('SubscribeToTask', { id: task.id })));
      const [leaver, ...stayers] = streams;
      for (const stream of streams) {
        assert.equal(stream.refusal, undefined);
        assert.equal(taskOfEvent(await stream.next()).id, task.id);
      }
      leaver?.close();
      await eventually('the message holds', () => agent.release(messageId));
      const [one = [], other = []] = await Promise.all(stayers.map((stream) => stream.rest()));
      assert.equal(one.map(stateOf).at(-1), 'TASK_STATE_COMPLETED');
      assert.equal(textOf(one, 'rest'), 'the rest');
      // One may have seen as a snapshot what the other saw as an event.
      const shorter = Math.min(one.length, other.length);
      assert.ok(shorter > 0);
      assert.deepEqual(one.slice(-shorter), other.slice(-shorter));
    },
  ),
  scenario('a task that has ended cannot be subscribed to', ['SUBSCRIBE-3'], async ({ binding }) => {
    const { id } = await completed(binding);
    const stream = await binding.open('SubscribeToTask', { id });
    assertFailure(binding.name, stream.refusal, 'UnsupportedOperation');
  }),
  scenario('an unknown task cannot be subscribed to', ['SUBSCRIBE-4'], async ({ binding }) => {
    const stream = await binding.open('SubscribeToTask', { id: randomUUID() });
    assertFailure(binding.name, stream.refusal, 'TaskNotFound');
  }),
  scenario('a stream stays open while authorization is awaited', ['GRANT-5'], async ({ binding, agent }) => {
    const request = say('authorize-held');
    const stream = await binding.open('SendStreamingMessage', request);
    const read = await readUntil(stream, (event) => stateOf(event) === 'TASK_STATE_AUTH_REQUIRED');
    assert.ok(read.length > 0);
    await eventually('the message holds', () => agent.release(request.message.messageId));
    const rest = await stream.rest();
    assert.equal(rest.map(stateOf).at(-1), 'TASK_STATE_COMPLETED');
    assert.equal(textOf(rest, 'text'), 'granted');
  }),
];
