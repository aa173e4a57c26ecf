/**
 * Guarantee: a handler's task behaves as A2A says, whatever the handler does: it ends once, is canceled on request, asks for
 * input and goes on, and the same message does its work once.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StreamResponse, Task } from '@colloquy/protocol';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentHandler, AgentServer, ServeAgentOptions } from '@colloquy/sdk/agent';
import { ColloquyError, createAgentClient } from '@colloquy/sdk/client';
import type { AgentClient } from '@colloquy/sdk/client';

interface Running extends AsyncDisposable {
  readonly agent: AgentServer;
  readonly client: AgentClient;
}

async function run(handle: AgentHandler, options: Partial<ServeAgentOptions> = {}): Promise<Running> {
  const agent = await serveAgent({ card: { name: 'probe', description: 'For tests.' }, handle, ...options });
  const close = (): Promise<void> => agent.close({ graceMs: 0 });
  return { agent, client: createAgentClient({ url: agent.url }), [Symbol.asyncDispose]: close };
}

async function collect(stream: AsyncIterable<StreamResponse>): Promise<readonly StreamResponse[]> {
  const events: StreamResponse[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

async function refusalOf(promise: Promise<unknown>): Promise<ColloquyError> {
  const error = await promise.then(
    () => assert.fail('was not refused'),
    (refusal: unknown) => refusal,
  );
  assert.ok(error instanceof ColloquyError, String(error));
  return error;
}

const stateOf = (task: Task | undefined): string | undefined => task?.status.state;

/** Resolves when the signal aborts. */
const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('agent server: tasks', () => {
  it('completes a task whose handler returns, and keeps the user turn in its history', async () => {
    await using world = await run(() => undefined);
    const { task } = await world.client.send('hello');
    assert.equal(stateOf(task), 'TASK_STATE_COMPLETED');
    assert.deepEqual(
      task?.history?.map((turn) => text(turn)),
      ['hello'],
    );
    const trimmed = await world.client.getTask(task?.id ?? '', { historyLength: 0 });
    assert.equal(trimmed.history, undefined);
  });

  it('answers with a plain message when the handler replies', async () => {
    await using world = await run((message, task) => task.reply(`You said ${text(message)}.`));
    const { message, task } = await world.client.send('hi');
    assert.equal(task, undefined);
    assert.equal(message === undefined ? '' : text(message), 'You said hi.');
    assert.equal(message?.taskId, undefined);
    const events = await collect(world.client.stream('hi'));
    assert.equal(events.length, 1);
    assert.ok(events[0]?.message !== undefined);
  });

  it('answers at once when told to return immediately, and the task goes on', async () => {
    const gate = Promise.withResolvers<void>();
    await using world = await run(() => gate.promise);
    const { task } = await world.client.send('x', { returnImmediately: true });
    assert.equal(stateOf(task), 'TASK_STATE_SUBMITTED');
    const view = world.client.subscribe(task?.id ?? '')[Symbol.asyncIterator]();
    assert.equal(stateOf((await view.next()).value?.task), 'TASK_STATE_SUBMITTED');
    gate.resolve();
    assert.equal((await view.next()).value?.statusUpdate?.status.state, 'TASK_STATE_COMPLETED');
    assert.equal((await view.next()).done, true);
  });

  it('asks for input, goes on with the answer, and refuses an answer in another context', async () => {
    await using world = await run(async (message, task) => {
      if (text(message) === 'book') return task.requireInput('Which day?');
      return task.complete(`Booked for ${text(message)}.`);
    });
    const asked = await world.client.send('book');
    assert.equal(stateOf(asked.task), 'TASK_STATE_INPUT_REQUIRED');
    const taskId = asked.task?.id ?? '';
    const foreign = await refusalOf(world.client.send('Monday', { taskId, contextId: 'another' }));
    assert.equal(foreign.kind, 'invalid');
    const events = await collect(world.client.stream('Monday', { taskId }));
    assert.equal(events[0]?.task?.id, taskId);
    assert.equal(
      text(events.at(-1)?.statusUpdate?.status.message ?? { artifactId: '', parts: [] }),
      'Booked for Monday.',
    );
    const task = await world.client.getTask(taskId);
    assert.deepEqual(
      task.history?.map((turn) => text(turn)),
      ['book', 'Which day?', 'Monday'],
    );
    const late = await refusalOf(world.client.send('Tuesday', { taskId }));
    assert.equal(late.code, 'a2a.unsupported-operation');
  });

  it('cancels: the signal aborts, the task ends as canceled, and what the handler says afterwards does nothing', async () => {
    const after = Promise.withResolvers<string>();
    await using world = await run(async (_message, task) => {
      await task.working('starting');
      await aborted(task.signal);
      setImmediate(() => {
        task.complete('too late').then(
          () => after.resolve('ignored'),
          () => after.resolve('threw'),
        );
      });
    });
    const { task } = await world.client.send('x', { returnImmediately: true });
    const canceled = await world.client.cancelTask(task?.id ?? '');
    assert.equal(stateOf(canceled), 'TASK_STATE_CANCELED');
    assert.equal(await after.promise, 'ignored');
    assert.equal(stateOf(await world.client.cancelTask(task?.id ?? '')), 'TASK_STATE_CANCELED', 'again is no error');
    assert.equal(stateOf(await world.client.getTask(task?.id ?? '')), 'TASK_STATE_CANCELED');
  });

  it('refuses to cancel or to watch what has ended', async () => {
    await using world = await run(() => undefined);
    const { task } = await world.client.send('x');
    const cancel = await refusalOf(world.client.cancelTask(task?.id ?? ''));
    assert.equal(cancel.code, 'a2a.task-not-cancelable');
    const watch = await refusalOf(collect(world.client.subscribe(task?.id ?? '')));
    assert.equal(watch.code, 'a2a.unsupported-operation');
    assert.equal(stateOf(await world.client.getTask(task?.id ?? '')), 'TASK_STATE_COMPLETED');
  });

  it('throws at a handler that ends its task twice, and the first end stands', async () => {
    const thrown = Promise.withResolvers<unknown>();
    await using world = await run(
      async (_message, task) => {
        await task.complete('first');
        await task.fail('second');
      },
      { onError: (error) => thrown.resolve(error) },
    );
    const { task } = await world.client.send('x');
    assert.match(String(await thrown.promise), /ended already/);
    assert.equal(stateOf(await world.client.getTask(task?.id ?? '')), 'TASK_STATE_COMPLETED');
  });

  it('fails a task that outgrows its bounds instead of growing on', async () => {
    const piece = 'x'.repeat(1_000_000);
    await using world = await run(
      async (_message, task) => {
        for (;;) await task.artifact({ id: 'endless', parts: piece, append: true });
      },
      { onError: () => undefined },
    );
    const { task } = await world.client.send('x');
    assert.equal(stateOf(task), 'TASK_STATE_FAILED');
    assert.ok((task?.artifacts?.[0]?.parts.length ?? 0) <= 17);
  });

  it('gives every watcher the same events', async () => {
    const gate = Promise.withResolvers<void>();
    await using world = await run(async (_message, task) => {
      await gate.promise;
      for (let index = 0; index < 20; index += 1)
        await task.artifact({ id: 'a', parts: String(index), append: index > 0 });
    });
    const { task } = await world.client.send('x', { returnImmediately: true });
    const views = [1, 2, 3].map(() => world.client.subscribe(task?.id ?? '')[Symbol.asyncIterator]());
    const firsts = await Promise.all(views.map((view) => view.next()));
    assert.ok(firsts.every(({ value }) => value?.task !== undefined));
    gate.resolve();
    const rests = await Promise.all(views.map((view) => collect({ [Symbol.asyncIterator]: () => view })));
    assert.equal(rests[0]?.length, 21);
    assert.deepEqual(rests[1], rests[0]);
    assert.deepEqual(rests[2], rests[0]);
  });
});

describe('agent server: the same message again', () => {
  const message = { messageId: 'm-1', parts: [{ text: 'pay' }] };

  it('finds its task while it runs and after it has ended, and does the work once', async () => {
    let runs = 0;
    const gate = Promise.withResolvers<void>();
    const handle: AgentHandler = async (_message, task) => {
      runs += 1;
      await gate.promise;
      await task.complete('paid');
    };
    await using world = await run(handle, { idempotent: true });
    const first = world.client.send(message);
    const second = await world.client.send(message, { returnImmediately: true });
    gate.resolve();
    const [one, three] = [await first, await world.client.send(message)];
    assert.equal(one.task?.id, second.task?.id);
    assert.equal(three.task?.id, one.task?.id);
    assert.equal(runs, 1);
  });

  it('is another message when its content differs', async () => {
    await using world = await run(() => undefined, { idempotent: true });
    const one = await world.client.send(message);
    const other = await world.client.send({ ...message, parts: [{ text: 'refund' }] });
    assert.notEqual(other.task?.id, one.task?.id);
  });

  it('starts another task when the agent is not idempotent', async () => {
    await using world = await run(() => undefined);
    const ids = [await world.client.send(message), await world.client.send(message)].map(({ task }) => task?.id);
    assert.notEqual(ids[0], ids[1]);
  });
});

describe('agent server: memory', () => {
  it('keeps a bounded number of tasks, the oldest ended ones leave, and those at work never', async () => {
    const gate = Promise.withResolvers<void>();
    const handle: AgentHandler = (message) => (text(message) === 'wait' ? gate.promise : undefined);
    await using world = await run(handle, { memory: { tasksMax: 3 } });
    const waiting = await world.client.send('wait', { returnImmediately: true });
    const ended = await world.client.send('one');
    for (const word of ['two', 'three', 'four']) await world.client.send(word);
    assert.equal((await refusalOf(world.client.getTask(ended.task?.id ?? ''))).kind, 'not-found');
    assert.equal(stateOf(await world.client.getTask(waiting.task?.id ?? '')), 'TASK_STATE_SUBMITTED');
    gate.resolve();
  });

  it('refuses work when all it keeps is at work, and takes some again later', async () => {
    const gate = Promise.withResolvers<void>();
    await using world = await run(() => gate.promise, { memory: { tasksMax: 2 } });
    const backoff = { random: () => 0, pause: () => Promise.resolve() };
    const client = createAgentClient({ url: world.agent.url, backoff });
    for (const word of ['one', 'two']) await client.send(word, { returnImmediately: true });
    const refusal = await refusalOf(client.send('three'));
    assert.equal(refusal.kind, 'unavailable');
    assert.deepEqual(refusal.retry, { kind: 'after', retryAfterMs: 1_000 });
    gate.resolve();
    assert.equal(stateOf((await client.send('four')).task), 'TASK_STATE_COMPLETED');
  });
});
