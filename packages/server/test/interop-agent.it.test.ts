/**
 * Guarantee: an agent made with the official A2A SDK works behind this platform as it is, whether it streams or not; its callers
 * see one task under our id, from its first event to its one end, and pay for completed work only.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { StreamResponse, Task } from '@colloquy/protocol';
import type { AgentClient, CreditBalance } from '@colloquy/sdk/client';
import { eventually, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { startOfficialAgent } from './interop-agent.ts';
import type { OfficialAgent, OfficialWire } from './interop-agent.ts';

const price = 7;
const granted = 1_000;

describe('an agent of the official SDK', () => {
  let platform: TestPlatform;
  before(async () => {
    platform = await startTestPlatform();
  });
  after(() => platform[Symbol.asyncDispose]());

  for (const wire of ['1.0 JSONRPC', '1.0 HTTP+JSON', '1.0 GRPC', '0.3 JSONRPC', '0.3 HTTP+JSON'] as const) {
    for (const streaming of [true, false]) {
      describe(`of A2A ${wire} that ${streaming ? 'streams' : 'only answers'}`, () => testAgent(wire, streaming));
    }
  }

  function testAgent(wire: OfficialWire, streaming: boolean): void {
    const name = `${streaming ? 'streamer' : 'answerer'}-${wire.toLowerCase().replaceAll(/[^a-z0-9]/g, '-')}`;
    let official: OfficialAgent;
    let tenant: TestTenant;
    let agent: AgentClient;

    before(async () => {
      official = await startOfficialAgent({ name, streaming, wire });
      tenant = await platform.createTenant(name, { credits: granted });
      const registered = await tenant.client.admin.registerAgent({
        body: {
          name: 'official',
          cardUrl: official.cardUrl,
          priceMicrocredits: price,
        },
      });
      assert.equal(registered.streaming, streaming);
      agent = tenant.client.agent('official');
    });
    after(() => official[Symbol.asyncDispose]());

    const balance = (): Promise<CreditBalance> => tenant.client.admin.readBalance();

    /** The task's credits and its one audit entry, and that nothing is held for it any more. */
    async function assertClosed(task: Task, action: string, cost: number, usedBefore: number): Promise<void> {
      const now = await balance();
      assert.equal(now.usedMicrocredits - usedBefore, cost);
      assert.equal(now.reservedMicrocredits, 0);
      assert.equal(now.availableMicrocredits, granted - now.usedMicrocredits);
      const { items } = await tenant.client.admin.listAuditEntries({ resource: task.id });
      assert.deepEqual(
        items.map((entry) => entry.action),
        [action],
      );
    }

    it('answers a blocking call with its finished task', async () => {
      const { usedMicrocredits } = await balance();
      const { task } = await agent.send('count');
      assert.equal(task?.status.state, 'TASK_STATE_COMPLETED');
      assert.match(task.id, /^tsk_/);
      assert.deepEqual(textsOf(task), ['one two three']);
      assert.deepEqual(wordsOf(task.status.message), 'Counted.');
      assert.deepEqual(task.history?.map(wordsOf), ['count', ...(streaming ? ['Counting.'] : [])]);
      await assertClosed(task, 'task.completed', price, usedMicrocredits);
    });

    it('is streamed: the task first, then its events, then the end', async () => {
      const events = await collect(agent.stream('count'));
      const [first] = events;
      assert.equal(first?.task?.status.state, 'TASK_STATE_SUBMITTED');
      assert.equal(events.at(-1)?.statusUpdate?.status.state, 'TASK_STATE_COMPLETED');
      const said = events.flatMap(({ artifactUpdate }) => artifactUpdate?.artifact.parts ?? []);
      assert.equal(said.map((part) => ('text' in part ? part.text : '')).join(''), 'one two three');
      const working = events.filter(({ statusUpdate }) => statusUpdate?.status.state === 'TASK_STATE_WORKING');
      assert.equal(working.length, streaming ? 1 : 0);
      for (const { statusUpdate, artifactUpdate } of events.slice(1)) {
        assert.equal((statusUpdate ?? artifactUpdate)?.taskId, first.task.id);
      }
      const stored = await agent.getTask(first.task.id);
      assert.deepEqual(textsOf(stored), ['one two three']);
    });

    it('asks, and goes on with the same task after the answer; both turns cost one price', async () => {
      const { usedMicrocredits } = await balance();
      const asked = await agent.send('ask');
      assert.equal(asked.task?.status.state, 'TASK_STATE_INPUT_REQUIRED');
      assert.equal(wordsOf(asked.task.status.message), 'How many?');
      assert.equal((await balance()).reservedMicrocredits, price);
      const taskId = asked.task.id;
      const { task } = await agent.send({ parts: [{ text: 'count then' }], taskId });
      assert.deepEqual([task?.id, task?.status.state], [taskId, 'TASK_STATE_COMPLETED']);
      assert.deepEqual(official.heard.slice(-2), ['ask', 'count then']);
      assert.ok(task !== undefined);
      const history = task.history?.map(wordsOf) ?? [];
      assert.deepEqual(history.slice(0, 3), ['ask', 'How many?', 'count then']);
      await assertClosed(task, 'task.completed', price, usedMicrocredits);
    });

    it('answers with a message and no task', async () => {
      const answer = await agent.send('reply');
      assert.equal(wordsOf(answer.message), 'Only words.');
      assert.equal(answer.message?.role, 'ROLE_AGENT');
    });

    it('rejects a task, which costs nothing', async () => {
      const { usedMicrocredits } = await balance();
      const { task } = await agent.send('reject');
      assert.equal(task?.status.state, 'TASK_STATE_REJECTED');
      assert.equal(wordsOf(task.status.message), 'Not this.');
      await assertClosed(task, 'task.rejected', 0, usedMicrocredits);
    });

    it('is canceled, and hears of it when it has told its task’s id', async () => {
      const { usedMicrocredits } = await balance();
      const { task } = await agent.send('hold', { returnImmediately: true });
      assert.ok(task !== undefined);
      await eventually('the agent works', async () => {
        const { status } = await agent.getTask(task.id);
        return streaming ? status.state === 'TASK_STATE_WORKING' : official.heard.at(-1) === 'hold';
      });
      const canceled = await agent.cancelTask(task.id);
      assert.equal(canceled.status.state, 'TASK_STATE_CANCELED');
      // An agent that only answers names its task in its answer, which never came.
      assert.equal(official.canceled.length, streaming ? 1 : 0);
      await assertClosed(task, 'task.canceled', 0, usedMicrocredits);
    });

    for (const words of ['explode', 'break']) {
      it(`fails its task when its code does (${words}), which costs nothing, and the next task works`, async () => {
        const { usedMicrocredits } = await balance();
        const { task } = await agent.send(words);
        assert.equal(task?.status.state, 'TASK_STATE_FAILED');
        await assertClosed(task, 'task.failed', 0, usedMicrocredits);
        const next = await agent.send('count');
        assert.equal(next.task?.status.state, 'TASK_STATE_COMPLETED');
      });
    }
  }
});

async function collect(stream: AsyncIterable<StreamResponse>): Promise<readonly StreamResponse[]> {
  const events: StreamResponse[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

function wordsOf(message: { readonly parts: readonly object[] } | undefined): string {
  return (message?.parts ?? []).map((part) => ('text' in part ? String(part.text) : '')).join('');
}

/** The artifacts of a task as text. */
function textsOf(task: Task): readonly string[] {
  return (task.artifacts ?? []).map(wordsOf);
}
