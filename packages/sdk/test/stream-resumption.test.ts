/**
 * Guarantee: a reader of a task misses nothing and sees nothing twice, however often its connection is cut; and a message that
 * is sent again after a cut does its work once.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyEvent } from '@colloquy/protocol';
import type { StreamResponse } from '@colloquy/protocol';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { ColloquyError, createAgentClient } from '@colloquy/sdk/client';
import type { AgentClient, Backoff } from '@colloquy/sdk/client';
import { startCuttingProxy } from './cutting-proxy.ts';
import type { CuttingProxy } from './cutting-proxy.ts';

const words = Array.from({ length: 200 }, (_, index) => `word-${index} `);

interface World extends AsyncDisposable {
  readonly agent: AgentServer;
  readonly proxy: CuttingProxy;
  readonly client: AgentClient;
  readonly pauses: number[];
  /** Messages the handler was called with. */
  readonly handled: string[];
}

/** An agent that puts out 200 words, behind a proxy that cuts; pauses between tries take no time. */
async function start(): Promise<World> {
  const handled: string[] = [];
  const agent = await serveAgent({
    card: { name: 'words', description: 'Says many words.' },
    idempotent: true,
    handle: async (message, task) => {
      handled.push(text(message));
      await task.working();
      for (const [index, word] of words.entries()) {
        await task.artifact({ id: 'words', parts: word, append: index > 0 });
        if (index % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    },
  });
  const proxy = await startCuttingProxy(agent.port);
  const pauses: number[] = [];
  const backoff: Backoff = { random: () => 0.5, pause: async (ms) => void pauses.push(ms) };
  const client = createAgentClient({ url: `http://127.0.0.1:${proxy.port}/`, backoff });
  const dispose = async (): Promise<void> => {
    await proxy[Symbol.asyncDispose]();
    await agent.close({ graceMs: 0 });
  };
  return { agent, proxy, client, pauses, handled, [Symbol.asyncDispose]: dispose };
}

async function collect(stream: AsyncIterable<StreamResponse>): Promise<readonly StreamResponse[]> {
  const events: StreamResponse[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

function saidWords(events: readonly StreamResponse[]): readonly string[] {
  return events.flatMap(({ artifactUpdate }) => (artifactUpdate === undefined ? [] : [text(artifactUpdate.artifact)]));
}

describe('stream resumption', () => {
  it('gives every event once and in order when the connection is cut again and again', async () => {
    await using world = await start();
    for (const bytes of [900, 2_500, 1_000, 7_000, 1_500]) world.proxy.cutAfter(bytes);
    const stream = world.client.stream('go');
    const events = await collect(stream);
    assert.deepEqual(saidWords(events), words);
    assert.equal(events[0]?.task?.status.state, 'TASK_STATE_SUBMITTED');
    assert.equal(events.at(-1)?.statusUpdate?.status.state, 'TASK_STATE_COMPLETED');
    assert.equal(events.filter(({ task }) => task !== undefined).length, 1);
    assert.equal(world.proxy.connections, 6, 'five cuts, six connections');
    assert.deepEqual(world.handled, ['go'], 'the work was done once');
    assert.equal(stream.lastEventId, String(events.length));
  });

  it('sends the same message again, not another one, when it is cut before the first event', async () => {
    await using world = await start();
    for (const bytes of [0, 1, 60]) world.proxy.cutAfter(bytes);
    const events = await collect(world.client.stream('once'));
    assert.ok(events[0]?.task !== undefined);
    const task = events.reduce(applyEvent, events[0].task);
    assert.equal(text(task.artifacts?.[0] ?? { artifactId: '', parts: [] }), words.join(''));
    assert.deepEqual(world.handled, ['once']);
  });

  it('goes on from the event it is given', async () => {
    await using world = await start();
    const whole = world.client.stream('go');
    const events = await collect(whole);
    const id = events[0]?.task?.id ?? '';
    const rest = await collect(world.client.subscribe(id, { lastEventId: '150' }));
    assert.deepEqual(rest, events.slice(150));
  });

  it('throws after a bounded number of attempts without an event, with pauses that grow', async () => {
    await using world = await start();
    world.proxy.refuse(true);
    const refusal = await collect(world.client.stream('lost')).catch((error: unknown) => error);
    assert.ok(refusal instanceof ColloquyError);
    assert.equal(refusal.code, 'sdk.unreachable');
    assert.equal(world.proxy.connections, 5);
    assert.deepEqual(world.pauses, [100, 200, 400, 800]);
    assert.deepEqual(world.handled, []);
  });

  it('repeats a send whose answer was lost, and its work is done once', async () => {
    await using world = await start();
    world.proxy.cutAfter(50);
    const { task } = await world.client.send('one');
    assert.equal(task?.status.state, 'TASK_STATE_COMPLETED');
    assert.equal(text(task?.artifacts?.[0] ?? { artifactId: '', parts: [] }), words.join(''));
    assert.deepEqual(world.handled, ['one']);
  });

  it('ends the view and not the task when the reader leaves', async () => {
    await using world = await start();
    let id = '';
    for await (const { task } of world.client.stream('leave')) {
      id = task?.id ?? '';
      break;
    }
    const { task } = await lastOf(world, id);
    assert.equal(task, 'TASK_STATE_COMPLETED');
  });

  it('stops at once, in the words of the caller, when the caller aborts', async () => {
    await using world = await start();
    const stop = new AbortController();
    const reason = new Error('changed my mind');
    const reading = collect(world.client.stream('stop', { signal: stop.signal }));
    stop.abort(reason);
    assert.equal(await reading.catch((error: unknown) => error), reason);
    assert.deepEqual(world.pauses, []);
  });
});

/** The state of a task once it has ended. */
async function lastOf(world: World, id: string): Promise<{ readonly task: string | undefined }> {
  const patience = AbortSignal.timeout(5_000);
  for (;;) {
    const task = await world.client.getTask(id, { signal: patience });
    if (task.status.state !== 'TASK_STATE_WORKING') return { task: task.status.state };
  }
}
