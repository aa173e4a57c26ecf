/**
 * Guarantee: an agent of any wire looks the same to callers of A2A 1.0: blocking, streaming, asked again, canceled, failing, whether it
 * streams, answers at once, or has to be asked for its work.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AgentCard, StreamResponse, Task } from '@colloquy/protocol';
import type { AgentClient } from '@colloquy/sdk/client';
import { startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { startAgentV01, startAgentV03, startRestAgent } from './wire-agents.ts';
import type { WireAgent } from './wire-agents.ts';

const kinds: Readonly<Record<string, () => Promise<WireAgent>>> = {
  'A2A 1.0 over HTTP+JSON that streams': () => startRestAgent({ streaming: true }),
  'A2A 1.0 over HTTP+JSON that does not': () => startRestAgent({ streaming: false }),
  'A2A 0.3 that streams': () => startAgentV03({ streaming: true }),
  'A2A 0.3 that does not': () => startAgentV03({ streaming: false }),
  'A2A 0.1 that streams': () => startAgentV01({ streaming: true }),
  'A2A 0.1 that does not': () => startAgentV01({ streaming: false }),
};

const price = 7;
let platform: TestPlatform;
before(async () => {
  platform = await startTestPlatform();
});
after(() => platform[Symbol.asyncDispose]());

const textOf = ({ artifacts = [] }: Task): string =>
  artifacts.flatMap(({ parts }) => parts.map(({ text }) => text ?? '')).join('');

/** What a stream told, in few words. */
async function gistOf(
  events: AsyncIterable<StreamResponse>,
): Promise<{ readonly gist: string[]; readonly id: string }> {
  const gist: string[] = [];
  let id = '';
  for await (const { task, statusUpdate, artifactUpdate } of events) {
    if (task !== undefined) id = task.id;
    const state = task?.status.state ?? statusUpdate?.status.state;
    if (state !== undefined) gist.push(state.replace('TASK_STATE_', '').toLowerCase());
    else gist.push(artifactUpdate?.artifact.parts.map(({ text }) => text ?? '').join('') ?? '?');
  }
  return { gist, id };
}

for (const [at, [name, start]] of Object.entries(kinds).entries()) {
  describe(`an agent of ${name}`, () => {
    let agent: WireAgent;
    let tenant: TestTenant;
    let client: AgentClient;

    before(async () => {
      agent = await start();
      tenant = await platform.createTenant(`wire-${at}`, { credits: 1_000 });
      await tenant.client.admin.registerAgent({ body: { name: 'it', cardUrl: agent.url, priceMicrocredits: price } });
      client = tenant.client.agent('it');
    });
    after(() => agent[Symbol.asyncDispose]());

    it('does its work for a caller that waits', async () => {
      const { task } = await client.send('hällo');
      assert.ok(task !== undefined);
      assert.deepEqual([task.status.state, textOf(task)], ['TASK_STATE_COMPLETED', 'you said hällo']);
      assert.deepEqual(await client.getTask(task.id), task);
    });

    it('streams to a caller that streams: the task, its work, its end', async () => {
      const { gist, id } = await gistOf(client.stream('hi'));
      assert.deepEqual([gist.at(0), gist.at(-1)], ['submitted', 'completed']);
      const made = gist.filter((word) => !['submitted', 'working', 'completed'].includes(word)).join('');
      assert.equal(made, 'you said hi');
      assert.equal(textOf(await client.getTask(id)), 'you said hi');
    });

    it('asks, is answered in the same task, and goes on', async () => {
      const { task: asking } = await client.send('ask');
      assert.ok(asking !== undefined);
      assert.deepEqual(
        [asking.status.state, asking.status.message?.parts],
        ['TASK_STATE_INPUT_REQUIRED', [{ text: 'Which?' }]],
      );
      const { task } = await client.send('this one', { taskId: asking.id });
      assert.ok(task !== undefined);
      assert.deepEqual(
        [task.id, task.status.state, textOf(task)],
        [asking.id, 'TASK_STATE_COMPLETED', 'answered this one'],
      );
    });

    it('puts work off and is asked until it is done, also for a caller that streams', async () => {
      const { task } = await client.send('later', { returnImmediately: true });
      assert.ok(task !== undefined);
      const { gist } = await gistOf(client.subscribe(task.id));
      assert.equal(gist.at(-1), 'completed');
      assert.equal(textOf(await client.getTask(task.id)), 'done later');
    });

    it('is told to stop', async () => {
      const { task } = await client.send('hang', { returnImmediately: true });
      assert.ok(task !== undefined);
      const streamed = gistOf(client.subscribe(task.id));
      await untilAtWork(client, task.id);
      const canceled = await client.cancelTask(task.id);
      assert.equal(canceled.status.state, 'TASK_STATE_CANCELED');
      assert.equal((await streamed).gist.at(-1), 'canceled');
    });

    it('fails in its own words, or refuses, and its caller pays for neither', async () => {
      const before = await tenant.client.admin.readBalance();
      const { task: failed } = await client.send('fail');
      assert.deepEqual(
        [failed?.status.state, failed?.status.message?.parts],
        ['TASK_STATE_FAILED', [{ text: 'I can not.' }]],
      );
      const { task: refused } = await client.send('refuse');
      const { state, message } = refused?.status ?? {};
      assert.deepEqual([state, message?.metadata?.['errorCode']], ['TASK_STATE_FAILED', 'upstream.refused']);
      const balance = await tenant.client.admin.readBalance();
      assert.deepEqual(balance, before);
    });

    it('gets nothing of ours but the task, and no word of another wire', () => {
      const seen = JSON.stringify(agent.asked.map(({ body }) => body));
      assert.doesNotMatch(seen, new RegExp(`"tenant"|${tenant.slug}|${tenant.clientId}`));
      const isOld = !name.includes('1.0');
      assert.equal(
        agent.asked.every(({ headers }) => (headers['a2a-version'] === undefined) === isOld),
        true,
      );
      if (isOld) assert.doesNotMatch(seen, /ROLE_|TASK_STATE_/);
      if (name.includes('0.1')) assert.doesNotMatch(seen, /messageId|contextId|"kind"/);
    });
  });
}

/** The agent has the task: it can be told. */
async function untilAtWork(client: AgentClient, id: string): Promise<void> {
  for await (const { task, statusUpdate } of client.subscribe(id)) {
    if ((task ?? statusUpdate)?.status.state === 'TASK_STATE_WORKING') return;
  }
}

describe('an agent that answers a message', () => {
  const repliers = [startRestAgent, startAgentV03].flatMap((start) =>
    [true, false].map((streaming) => ({ start, streaming })),
  );
  for (const [at, { start, streaming }] of repliers.entries()) {
    it(`gives it to a caller that waits, and the end of a task to one that streams: ${start.name}, ${streaming}`, async () => {
      await using agent = await start({ streaming });
      const tenant = await platform.createTenant(`reply-${at}`);
      await tenant.client.admin.registerAgent({ body: { name: 'it', cardUrl: agent.url } });
      const client = tenant.client.agent('it');
      const { message } = await client.send('reply');
      assert.deepEqual(message?.parts, [{ text: 'just words' }]);
      const { gist, id } = await gistOf(client.stream('reply'));
      assert.deepEqual([gist.at(0), gist.at(-1)], ['submitted', 'completed']);
      const task = await client.getTask(id);
      assert.deepEqual(task.status.message?.parts, [{ text: 'just words' }]);
    });
  }
});

/** As a tenant sends it: whatever it is. */
const cardOf = (card: object): AgentCard => JSON.parse(JSON.stringify(card)) as AgentCard;

describe('a card without an interface that we speak', () => {
  it('is refused, and nothing is registered', async () => {
    const tenant = await platform.createTenant('speechless');
    await using agent = await startRestAgent({ streaming: false });
    const supportedInterfaces = [{ url: agent.url, protocolBinding: 'SOAP', protocolVersion: '1.0' }];
    const register = tenant.client.admin.registerAgent({
      body: {
        name: 'it',
        card: cardOf({ ...agent.card, supportedInterfaces }),
      },
    });
    await assert.rejects(register, { code: 'registry.interface-unsupported' });
    const old = { name: 'x', url: 'ftp://old.example/', version: '1', capabilities: {} };
    await assert.rejects(tenant.client.admin.registerAgent({ body: { name: 'it', card: cardOf(old) } }), {
      code: 'registry.card-invalid',
    });
    assert.deepEqual((await tenant.client.admin.listAgents()).items, []);
  });
});
