/**
 * Guarantee: no notification is lost with the process that was to send it. Killed, frozen or stopped, another one goes on where the
 * log says, in order; what was sent twice came under one id; a process that was only slow sends nothing more under a claim it lost.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { eventually, quickLeases, startPlatformProcess, startTestPlatform } from '@colloquy/testkit';
import type { PlatformProcess, TestPlatform, TestTenant } from '@colloquy/testkit';
import { serveAgent } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { startReceiver } from './webhook-receiver.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';
import { publicUrl, startClusterDatabase } from './cluster-setting.ts';
import type { ClusterDatabase } from './cluster-setting.ts';

const pieces = 12;
const env = {
  COLLOQUY_PUBLIC_URL: publicUrl,
  COLLOQUY_PUSH_RETRY_MS: '50',
  COLLOQUY_PUSH_ANSWER_MS: '5000',
  ...quickLeases,
};

describe('a worker that is', () => {
  let cluster: ClusterDatabase;
  /** Accepts the sends and works on them; it notifies no subscriber. */
  let gateway: TestPlatform;
  let tenant: TestTenant;
  let agent: AgentServer;
  let receiver: WebhookReceiver;

  before(async () => {
    cluster = await startClusterDatabase(false);
    gateway = await startTestPlatform({
      database: cluster.database,
      env: { ...env, COLLOQUY_ROLES: 'gateway,control' },
    });
    tenant = await gateway.createTenant('acme');
    agent = await serveAgent({
      card: { name: 'Writer', description: 'Writes pieces.', skills: [] },
      async handle(_message, task) {
        for (let n = 1; n <= pieces; n += 1) await task.artifact({ id: `piece-${n}`, parts: `piece ${n}` });
        return task.complete('Done.');
      },
    });
    const card = new URL('/.well-known/agent-card.json', agent.url).href;
    await tenant.client.admin.registerAgent({ body: { name: 'writer', cardUrl: card } });
    receiver = await startReceiver();
  });
  after(async () => {
    await gateway[Symbol.asyncDispose]();
    await agent.close({ graceMs: 100 });
    await receiver[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });

  const startWorker = (): Promise<PlatformProcess> =>
    startPlatformProcess({ database: cluster.database, env: { ...env, COLLOQUY_ROLES: 'worker' } });

  /** Sends, and gives the ids of all its notifications, in the order of the log. */
  const sendTo = async (path: string): Promise<readonly string[]> => {
    const response = await tenant.client
      .agent('writer')
      .send('go', { taskPushNotificationConfig: { url: receiver.url + path, id: randomUUID() } });
    const task = 'task' in response ? response.task : undefined;
    assert.equal(task?.status.state, 'TASK_STATE_COMPLETED');
    const events = await cluster.rows<{ seq: number }>(
      `select e.seq from colloquy.task_events e where replace(e.task_id::text, '-', '') = $1 order by e.seq`,
      task?.id.slice(4),
    );
    return events.map(({ seq }) => String(seq));
  };
  const idsAt = (path: string): readonly string[] =>
    receiver.at(path).map(({ headers }) => String(headers['webhook-id']));
  const seqsOf = async (ids: readonly string[]): Promise<readonly string[]> => {
    const rows = await cluster.rows<{ id: string; seq: number }>(
      `select 'dlv_' || replace(delivery_id::text, '-', '') as id, seq from colloquy.deliveries`,
    );
    const seqs = new Map(rows.map(({ id, seq }) => [id, String(seq)]));
    return ids.map((id) => seqs.get(id) ?? 'unknown');
  };
  /** Every event came, in order; one that came again came at once and under its id. */
  const assertComplete = async (path: string, events: readonly string[], repeatsMax: number): Promise<void> => {
    await eventually('every event was told', () => new Set(idsAt(path)).size === events.length, 30_000);
    await eventually('every delivery is settled', async () => {
      const rows = await cluster.rows(`select from colloquy.push_subscriptions where is_active`);
      return rows.length === 0;
    });
    const ids = idsAt(path);
    const withoutRepeats = ids.filter((id, at) => id !== ids[at - 1]);
    assert.deepEqual(await seqsOf(withoutRepeats), events);
    assert.ok(ids.length - withoutRepeats.length <= repeatsMax, `${ids.length - withoutRepeats.length} repeats`);
    const states = await cluster.rows(`select from colloquy.deliveries where state <> 'delivered'`);
    assert.deepEqual(states, []);
  };

  it('killed in the middle of a call leaves the rest to the next one', async () => {
    const first = await startWorker();
    receiver.answer = ({ path }) => (receiver.at(path).length === 4 ? null : 200);
    const events = await sendTo('/killed');
    assert.ok(events.length > 4);
    await eventually('a call is under way', () => receiver.at('/killed').length === 4);
    await first.kill();
    receiver.answer = () => 200;
    const second = await startWorker();
    await assertComplete('/killed', events, 1);
    await second.kill();
  });

  it('killed again and again loses nothing', async () => {
    receiver.answer = () => 200;
    const events = await sendTo('/often');
    for (const reached of [1, 4, 8]) {
      receiver.answer = ({ path }) => (receiver.at(path).length > reached ? null : 200);
      const worker = await startWorker();
      await eventually('it got so far', () => receiver.at('/often').length > reached, 20_000);
      await worker.kill();
    }
    receiver.answer = () => 200;
    const last = await startWorker();
    await assertComplete('/often', events, 3);
    await last.kill();
  });

  it('frozen while it speaks is followed by another, and says nothing more when it thaws', async () => {
    const frozen = await startWorker();
    receiver.answer = ({ path }) => (receiver.at(path).length === 3 ? null : 200);
    const events = await sendTo('/frozen');
    await eventually('a call is under way', () => receiver.at('/frozen').length === 3);
    frozen.freeze();
    receiver.answer = () => 200;
    const other = await startWorker();
    await assertComplete('/frozen', events, 1);
    const told = receiver.at('/frozen').length;
    frozen.thaw();
    await eventually('the process notices that it lost its lease', () =>
      frozen.logLines.some((line) => line.includes('the lease of this node was lost')),
    );
    const next = await sendTo('/thawed');
    await assertComplete('/thawed', next, 1);
    assert.equal(receiver.at('/frozen').length, told);
    await frozen.kill();
    await other.kill();
  });
});
