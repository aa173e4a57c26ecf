/**
 * Guarantee: two nodes of the platform on one database are one platform. What is sent to one is seen, continued and canceled at
 * the other, in the same words and the same order, also when no node ever hears of the other.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Task } from '@colloquy/protocol';
import type { AgentClient, ColloquyClient } from '@colloquy/sdk/client';
import { eventually, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import {
  foldOf,
  idsOf,
  idsTo,
  outputOf,
  piecesMax,
  publicUrl,
  startClusterDatabase,
  startSteppingAgent,
  watch,
  wholeOutput,
} from './cluster-setting.ts';
import type { ClusterDatabase, SteppingAgent, Watch } from './cluster-setting.ts';
import { assertBooksAreSound } from './task-books.ts';

const env = { COLLOQUY_PUBLIC_URL: publicUrl };
const price = 3;

/** One node, and a client of the tenant that calls it. */
class Node {
  readonly platform: TestPlatform;
  readonly client: ColloquyClient;
  /** The agent of the test at hand. */
  agentName = '';

  constructor(platform: TestPlatform, tenant: TestTenant) {
    this.platform = platform;
    this.client = platform.clientOf(tenant);
  }

  get agent(): AgentClient {
    return this.client.agent(this.agentName);
  }

  get agentUrl(): string {
    return `${this.platform.url}/t/acme/agents/${this.agentName}`;
  }
}

for (const link of ['that notify each other', 'none of whose notifications arrives']) {
  describe(`two nodes ${link}`, () => testNodes(link !== 'that notify each other'));
}

function testNodes(isDeaf: boolean): void {
  let cluster: ClusterDatabase;
  let stepper: SteppingAgent;
  let a: Node;
  let b: Node;

  before(async () => {
    cluster = await startClusterDatabase(isDeaf);
    const through = { env, database: cluster.proxied };
    const first = await startTestPlatform(through);
    const second = await startTestPlatform(through);
    const tenant = await first.createTenant('acme', { credits: 1_000 });
    [a, b] = [new Node(first, tenant), new Node(second, tenant)];
  });

  beforeEach(async () => {
    stepper = await startSteppingAgent({ idempotent: false });
    const { cardUrl } = stepper;
    const name = `stepper-${randomUUID().slice(0, 8)}`;
    await a.client.admin.registerAgent({ body: { name, cardUrl, priceMicrocredits: price } });
    for (const node of [a, b]) node.agentName = name;
  });
  afterEach(() => stepper[Symbol.asyncDispose]());

  after(async () => {
    await a.platform[Symbol.asyncDispose]();
    await b.platform[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });

  /** A task that is worked on at A and has put out its first piece. */
  async function startAtA(): Promise<Task> {
    stepper.allow(1);
    const { task } = await a.agent.send(`step ${randomUUID()}`, { returnImmediately: true });
    assert.ok(task !== undefined);
    await eventually('the task is under way', async () => outputOf(await b.agent.getTask(task.id)) === '1 ');
    const [row] = await cluster.rows<{ node: string }>(
      `select replace(node_id::text, '-', '') as node from colloquy.tasks where task_id = $1`,
      task.id.slice(4),
    );
    assert.equal(row?.node, a.platform.platform.nodeId.slice(4));
    return task;
  }

  const watchAt = async (node: Node, taskId: string, lastEventId?: string): Promise<Watch> =>
    watch({
      agentUrl: node.agentUrl,
      token: await a.client.token(),
      path: `/tasks/${taskId}:subscribe`,
      lastEventId,
    });

  /** Credits moved once, nothing is held, one entry tells of the end, and the books of everybody are in order. */
  async function assertClosed(taskId: string, action: string, kinds: readonly string[]): Promise<void> {
    const { items: entries } = await b.client.admin.listLedgerEntries({ taskId });
    assert.deepEqual(
      entries.map(({ kind, amountMicrocredits }) => `${kind} ${amountMicrocredits}`).toSorted(),
      kinds.map((kind) => `${kind} ${price}`),
    );
    const { items } = await b.client.admin.listAuditEntries({ resource: taskId });
    assert.deepEqual(
      items.map((entry) => entry.action),
      [action],
    );
    await assertBooksAreSound(cluster);
  }

  it('hear each other, or not', async () => {
    const [listening] = await cluster.rows<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and application_name = 'colloquy notifications'`,
    );
    assert.equal(listening?.n, isDeaf ? 0 : 2);
  });

  it('take the same tokens', async () => {
    const token = await a.client.token();
    const answer = await fetch(`${b.agentUrl}/.well-known/agent-card.json`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(answer.status, 200);
    assert.ok((await answer.text()).includes(`${publicUrl}/t/acme/agents/${b.agentName}`));
  });

  it('show a task of one at the other: the same events in the same order, whenever the view was opened', async () => {
    const { id } = await startAtA();
    const atA = await watchAt(a, id, '0');
    const atB = await watchAt(b, id, '0');
    const fromNow = await watchAt(b, id);
    for (let pieces = 2; pieces <= piecesMax; pieces += 1) {
      stepper.allow(pieces);
      await eventually(`piece ${pieces} at A`, () => outputOf(foldOf(atA.events)).length >= pieces * 2);
    }
    for (const { over } of [atA, atB, fromNow]) assert.equal(await over, 'ended');
    assert.deepEqual(idsOf(atA.events), idsTo(atA.events.length));
    assert.deepEqual(atB.events, atA.events);
    const { task } = JSON.parse(fromNow.events[0]?.data ?? '{}') as { task?: Task };
    assert.equal(task?.status.state, 'TASK_STATE_WORKING');
    const snapshotId = Number(fromNow.events[0]?.id);
    assert.deepEqual(fromNow.events.slice(1), atA.events.slice(snapshotId));

    const stored = await b.agent.getTask(id);
    for (const { events } of [atA, atB, fromNow]) {
      assert.deepEqual(foldOf(events).artifacts, stored.artifacts);
      assert.equal(foldOf(events).status.state, 'TASK_STATE_COMPLETED');
    }
    assert.equal(outputOf(stored), wholeOutput);
    await assertClosed(id, 'task.completed', ['reserve', 'settle']);
  });

  it('cancel at one a task that the other works on', async () => {
    const { id } = await startAtA();
    const atA = await watchAt(a, id, '0');
    const canceled = await b.agent.cancelTask(id);
    assert.equal(canceled.status.state, 'TASK_STATE_CANCELED');
    assert.equal(await atA.over, 'ended');
    assert.equal(foldOf(atA.events).status.state, 'TASK_STATE_CANCELED');
    await eventually('the agent has stopped', () => stepper.canceled.length === 1);
    await assertClosed(id, 'task.canceled', ['release', 'reserve']);
  });

  it('find at one a message that was sent to the other, and process it once', async () => {
    const message = { messageId: randomUUID(), parts: [{ text: 'step once' }] };
    const sent = await a.agent.send(message, { returnImmediately: true });
    const repeated = await b.agent.send(message, { returnImmediately: true });
    assert.equal(repeated.task?.id, sent.task?.id);
    const waiting = b.agent.send(message);
    stepper.allow(piecesMax);
    const { task } = await waiting;
    assert.deepEqual([task?.id, task?.status.state], [sent.task?.id, 'TASK_STATE_COMPLETED']);
    assert.equal(outputOf(task ?? assert.fail()), wholeOutput);
    assert.deepEqual(stepper.heard, ['step once']);
    await assertClosed(task?.id ?? '', 'task.completed', ['reserve', 'settle']);
  });

  it('record a message that reaches both at once for one of them', async () => {
    stepper.allow(piecesMax);
    const messages = Array.from({ length: 20 }, (_, at) => ({
      messageId: randomUUID(),
      parts: [{ text: `step both ${at}` }],
    }));
    const pairs = await Promise.all(
      messages.map((message) => Promise.all([a.agent.send(message), b.agent.send(message)])),
    );
    for (const [atA, atB] of pairs) {
      assert.ok(atA.task !== undefined);
      assert.equal(atA.task.status.state, 'TASK_STATE_COMPLETED');
      assert.deepEqual(atB.task, atA.task);
    }
    assert.equal(new Set(pairs.map(([{ task }]) => task?.id)).size, 20);
    assert.deepEqual(stepper.heard.toSorted(), messages.map(({ parts }) => parts[0]?.text ?? '').toSorted());
    await assertBooksAreSound(cluster);
  });

  it('continue at one a task that began at the other, and a subscriber sees it', async () => {
    const { task: asked } = await a.agent.send('ask me');
    assert.ok(asked !== undefined);
    assert.equal(asked.status.state, 'TASK_STATE_INPUT_REQUIRED');
    const atA = await watchAt(a, asked.id, '0');
    const answer = b.agent.send({ parts: [{ text: 'step now' }], taskId: asked.id });
    await eventually('the agent goes on', () => stepper.heard.length === 2);
    stepper.allow(piecesMax);
    const { task } = await answer;
    assert.deepEqual([task?.id, task?.status.state], [asked.id, 'TASK_STATE_COMPLETED']);
    assert.deepEqual(stepper.heard, ['ask me', 'step now']);
    assert.equal(await atA.over, 'ended');
    assert.equal(foldOf(atA.events).status.state, 'TASK_STATE_COMPLETED');
    assert.equal(outputOf(foldOf(atA.events)), wholeOutput);
    await assertClosed(asked.id, 'task.completed', ['reserve', 'settle']);
  });

  it('take one of two answers that reach both nodes at once', async () => {
    const { task: asked } = await a.agent.send('ask twice');
    assert.ok(asked !== undefined);
    stepper.allow(piecesMax);
    const turns = [a, b].map(({ agent }, at) =>
      agent.send({ parts: [{ text: `step answer ${at}` }], taskId: asked.id }).then(
        ({ task }) => task?.status.state ?? '',
        (error: unknown) => (error as { code?: string }).code ?? '',
      ),
    );
    const outcomes = await Promise.all(turns);
    assert.equal(outcomes.filter((outcome) => outcome === 'TASK_STATE_COMPLETED').length, 1, String(outcomes));
    assert.match(outcomes.find((outcome) => outcome !== 'TASK_STATE_COMPLETED') ?? '', /^task\.(busy|ended)$/);
    assert.equal(stepper.heard.length, 2);
    await assertClosed(asked.id, 'task.completed', ['reserve', 'settle']);
  });
}
