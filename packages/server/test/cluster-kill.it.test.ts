/**
 * Guarantee: a node that is killed loses nothing. Another node finishes each task that it had acknowledged, or ends it once with a reason;
 * streams go on at the other node without a gap and without a repeat; credits and audit entries match the outcome.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { AgentClient, ColloquyClient } from '@colloquy/sdk/client';
import {
  eventually,
  quickLeases,
  skippedOutsideChaos,
  startPlatformProcess,
  startTestPlatform,
} from '@colloquy/testkit';
import type { PlatformProcess, TestPlatform, TestTenant } from '@colloquy/testkit';
import { startForgetfulAgent } from './cluster-forgetful-agent.ts';
import type { ForgetfulAgent } from './cluster-forgetful-agent.ts';
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

const env = {
  COLLOQUY_PUBLIC_URL: publicUrl,
  ...quickLeases,
};
const price = 3;
const takeoverMsMax = 20_000;

describe('a killed node', () => testKills(false));
describe('a killed node, when no notification ever arrives', { skip: skippedOutsideChaos }, () => testKills(true));

function testKills(isDeaf: boolean): void {
  let cluster: ClusterDatabase;
  /** Issues tokens and answers questions; it has no part in the work. */
  let control: TestPlatform;
  let tenant: TestTenant;
  let steady: SteppingAgent;
  let named: SteppingAgent;
  let forgetful: ForgetfulAgent;
  let survivor: PlatformProcess;
  const nodes: PlatformProcess[] = [];

  before(async () => {
    cluster = await startClusterDatabase(isDeaf);
    control = await startTestPlatform({ database: cluster.database, env: { ...env, COLLOQUY_ROLES: 'control' } });
    tenant = await control.createTenant('acme', { credits: 1_000 });
    [steady, named, forgetful] = [
      await startSteppingAgent({ idempotent: true }),
      await startSteppingAgent({ idempotent: false }),
      await startForgetfulAgent(),
    ];
    const { admin } = tenant.client;
    await admin.registerAgent({
      body: { name: 'steady', cardUrl: steady.cardUrl, priceMicrocredits: price, idempotent: true },
    });
    await admin.registerAgent({ body: { name: 'named', cardUrl: named.cardUrl, priceMicrocredits: price } });
    await admin.registerAgent({
      body: { name: 'late', card: forgetful.card, priceMicrocredits: price, idempotent: true },
    });
    await admin.registerAgent({ body: { name: 'mute', card: forgetful.card, priceMicrocredits: price } });
    survivor = await startNode();
  });

  after(async () => {
    for (const node of nodes) await node.kill();
    await control[Symbol.asyncDispose]();
    for (const agent of [steady, named, forgetful]) await agent[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });

  async function startNode(): Promise<PlatformProcess> {
    const node = await startPlatformProcess({ database: cluster.proxied, env });
    nodes.push(node);
    return node;
  }

  const clientAt = (node: PlatformProcess): ColloquyClient => node.clientOf(tenant);

  async function begin(agent: AgentClient, count: number): Promise<readonly string[]> {
    const sent = Array.from({ length: count }, () => agent.send(`step ${randomUUID()}`, { returnImmediately: true }));
    return (await Promise.all(sent)).map(({ task }) => task?.id ?? assert.fail('no task'));
  }

  const watchAt = async (node: PlatformProcess, agentName: string, taskId: string, last = '0'): Promise<Watch> =>
    watch({
      agentUrl: `${node.url}/t/acme/agents/${agentName}`,
      token: await tenant.client.token(),
      path: `/tasks/${taskId}:subscribe`,
      lastEventId: last,
    });

  async function attemptsOf(taskIds: readonly string[]): Promise<ReadonlySet<number>> {
    const found = await cluster.rows<{ attempt: number }>(
      `select attempt::int as attempt from colloquy.tasks where 'tsk_' || replace(task_id::text, '-', '') = any ($1)`,
      taskIds,
    );
    assert.equal(found.length, taskIds.length);
    return new Set(found.map(({ attempt }) => attempt));
  }

  /** Nothing is held, nothing was paid twice, and the books of everybody are in order. */
  async function assertNothingLeft(): Promise<void> {
    assert.equal((await tenant.client.admin.readBalance()).reservedMicrocredits, 0);
    await assertBooksAreSound(cluster);
  }

  /** The stream as a reader at the killed node and then at the survivor has it, and one that was at the survivor all the time. */
  async function assertSeenWhole(agentName: string, taskId: string, first: Watch, steadyView: Watch): Promise<void> {
    assert.equal(await first.over, 'cut');
    const rest = await watchAt(survivor, agentName, taskId, first.events.at(-1)?.id);
    assert.equal(await rest.over, 'ended');
    const seen = [...first.events, ...rest.events];
    assert.deepEqual(idsOf(seen), idsTo(seen.length), 'no gap and no repeat');
    assert.equal(await steadyView.over, 'ended');
    assert.deepEqual(steadyView.events, seen);
    const task = foldOf(seen);
    assert.equal(task.status.state, 'TASK_STATE_COMPLETED');
    assert.equal(outputOf(task), wholeOutput);
  }

  it('leaves its tasks to another, which goes on where it stopped; streams go on there as well', async () => {
    const victim = await startNode();
    const at = { victim: clientAt(victim), survivor: clientAt(survivor) };
    for (const agent of [steady, named]) agent.allow(2);
    const heardBefore = steady.heard.length + named.heard.length;
    const started = new Map([
      ['steady', await begin(at.victim.agent('steady'), 3)],
      ['named', await begin(at.victim.agent('named'), 3)],
    ]);
    const tasks = [...started].flatMap(([name, ids]) => ids.map((id) => ({ name, id })));
    const streams = await Promise.all(
      tasks.map(async ({ name, id }) => [await watchAt(victim, name, id), await watchAt(survivor, name, id)] as const),
    );
    for (const stream of streams.flat()) {
      await eventually('two pieces', () => stream.events.length > 0 && outputOf(foldOf(stream.events)) === '1 2 ');
    }
    const lateMessage = { messageId: randomUUID(), parts: [{ text: 'late' }] };
    const late = await at.victim.agent('late').send(lateMessage, { returnImmediately: true });
    const mute = await at.victim.agent('mute').send('mute', { returnImmediately: true });
    await eventually('both are with the agent', () => forgetful.heard.length % 2 === 0 && forgetful.heard.length > 0);

    await victim.kill();
    for (const agent of [steady, named]) agent.allow(piecesMax);
    const waiting = at.survivor.agent('late').send(lateMessage);

    for (const [index, { name, id }] of tasks.entries()) {
      const [first, steadyView] = streams[index] ?? assert.fail();
      await assertSeenWhole(name, id, first, steadyView);
    }
    assert.deepEqual(await attemptsOf(tasks.map(({ id }) => id)), new Set([2]));
    assert.equal(steady.heard.length + named.heard.length - heardBefore, tasks.length, 'nothing was done twice');

    // Without a word from the agent, only one that said it may hear a message twice hears it twice.
    const { task: found } = await waiting;
    assert.deepEqual([found?.id, found?.status.state], [late.task?.id, 'TASK_STATE_COMPLETED']);
    const muteId = mute.task?.id ?? '';
    const failed = await eventually(
      'the other ends',
      async () => {
        const task = await at.survivor.agent('mute').getTask(muteId);
        return task.status.state === 'TASK_STATE_FAILED' && task;
      },
      takeoverMsMax,
    );
    assert.equal(failed.status.message?.metadata?.['errorCode'], 'upstream.outcome-unknown');
    assert.deepEqual(countsOf(forgetful.heard), [1, 2]);
    await assertNothingLeft();
  });

  if (isDeaf) return;

  it(
    'takes only its streams along when it works on nothing, and they go on elsewhere',
    { skip: skippedOutsideChaos },
    async () => {
      const victim = await startNode();
      steady.allow(2);
      const ids = await begin(clientAt(survivor).agent('steady'), 4);
      const streams = await Promise.all(
        ids.map(async (id) => [await watchAt(victim, 'steady', id), await watchAt(survivor, 'steady', id)] as const),
      );
      for (const stream of streams.flat()) {
        await eventually('two pieces', () => stream.events.length > 0 && outputOf(foldOf(stream.events)) === '1 2 ');
      }
      await victim.kill();
      steady.allow(piecesMax);
      for (const [index, id] of ids.entries()) {
        const [first, steadyView] = streams[index] ?? assert.fail();
        await assertSeenWhole('steady', id, first, steadyView);
      }
      assert.deepEqual(await attemptsOf(ids), new Set([1]), 'no node took over a task whose node was alive');
      await assertNothingLeft();
    },
  );

  it(
    'that was paused for too long finds its tasks with another, and writes nothing more',
    { skip: skippedOutsideChaos },
    async () => {
      const victim = await startNode();
      steady.allow(2);
      const ids = await begin(clientAt(victim).agent('steady'), 4);
      const agent = clientAt(survivor).agent('steady');
      for (const id of ids) await eventually('two pieces', async () => outputOf(await agent.getTask(id)) === '1 2 ');
      victim.freeze();
      await eventually('the other takes over', async () => (await attemptsOf(ids)).has(2), takeoverMsMax);
      steady.allow(piecesMax);
      const isDone = async (id: string): Promise<boolean> => outputOf(await agent.getTask(id)) === wholeOutput;
      for (const id of ids) await eventually('the task is finished', () => isDone(id), takeoverMsMax);
      const logs = await cluster.rows(`select * from colloquy.task_events order by 1, 2, 3`);

      victim.thaw();
      const isFenced = (): boolean => victim.logLines.some((line) => line.includes('the lease of this node was lost'));
      await eventually('it has seen that its lease was lost', isFenced);
      // It is a node again, under a new name, and shows the work of the other node.
      const message = { messageId: randomUUID(), parts: [{ text: 'step again' }] };
      const again = await eventually('it works again', () => clientAt(victim).agent('steady').send(message));
      assert.equal(again.task?.status.state, 'TASK_STATE_COMPLETED');
      for (const id of ids) {
        const atVictim = await clientAt(victim).agent('steady').getTask(id);
        assert.deepEqual([atVictim.status.state, outputOf(atVictim)], ['TASK_STATE_COMPLETED', wholeOutput]);
      }
      const later = await cluster.rows(
        `select * from colloquy.task_events where task_id <> $1 order by 1, 2, 3`,
        again.task.id.slice(4),
      );
      assert.deepEqual(later, logs);
      assert.deepEqual(await attemptsOf(ids), new Set([2]));
      await assertNothingLeft();
      await victim.kill();
    },
  );

  it('does not take a question along that waits for its answer', { skip: skippedOutsideChaos }, async () => {
    const victim = await startNode();
    steady.allow(piecesMax);
    const { task: asked } = await clientAt(victim).agent('steady').send('ask first');
    assert.equal(asked?.status.state, 'TASK_STATE_INPUT_REQUIRED');
    await victim.kill();
    const answer = { parts: [{ text: 'step then' }], taskId: asked.id };
    const { task } = await clientAt(survivor).agent('steady').send(answer);
    assert.deepEqual([task?.id, task?.status.state], [asked.id, 'TASK_STATE_COMPLETED']);
    await assertNothingLeft();
  });

  it(
    'has acknowledged nothing that is not finished: killed in the middle of many sends',
    { skip: skippedOutsideChaos },
    async () => {
      const victim = await startNode();
      steady.allow(2);
      const agent = clientAt(victim).agent('steady');
      const aborter = new AbortController();
      const messages = Array.from({ length: 100 }, () => ({
        messageId: randomUUID(),
        parts: [{ text: `step ${randomUUID()}` }],
      }));
      const acknowledged: string[] = [];
      const killed = eventually('some are acknowledged', () => acknowledged.length >= 5).then(() => victim.kill());
      const sends = messages.map((message) =>
        agent.send(message, { returnImmediately: true, signal: aborter.signal }).then(
          ({ task }) => void acknowledged.push(task?.id ?? assert.fail('no task')),
          () => undefined,
        ),
      );
      await killed;
      steady.allow(piecesMax);
      aborter.abort();
      await Promise.all(sends);

      const elsewhere = clientAt(survivor).agent('steady');
      for (const id of acknowledged) {
        await eventually(
          'the task is finished',
          async () => (await elsewhere.getTask(id)).status.state === 'TASK_STATE_COMPLETED',
          takeoverMsMax,
        );
      }
      // A client without an answer sends the same again, and it is done once.
      const answers = await Promise.all(messages.map((message) => elsewhere.send(message)));
      const ids = answers.map(({ task }) => task?.id ?? '');
      assert.equal(new Set(ids).size, messages.length);
      assert.ok(acknowledged.every((id) => ids.includes(id)));
      for (const { task } of answers) assert.equal(outputOf(task ?? assert.fail()), wholeOutput);
      const wanted = messages.map(({ parts }) => parts[0]?.text ?? '');
      assert.equal(steady.heard.filter((words) => wanted.includes(words)).length, messages.length);
      await assertNothingLeft();
    },
  );
}

/** How often each was heard, least often first. */
function countsOf(heard: readonly string[]): readonly number[] {
  const counts = new Map<string, number>();
  for (const one of heard) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts.values()].toSorted((a, b) => a - b);
}
