/**
 * Guarantee: behind a proxy, several processes are one platform. What one works on is seen and resumed at every other; each process can be
 * restarted one after the other under load, and no request fails, no task is lost and every stream is whole; one that is killed breaks its own
 * connections and no others.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createClient } from '@colloquy/sdk/client';
import { createPool } from '@colloquy/server/test';
import {
  claimPort,
  createTestDatabase,
  eventually,
  skippedOutsideChaos,
  startTestPlatform,
  testEnvironment,
} from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import { assertWhole, outputOf, sendOnce, startTalkingAgent, StreamReader } from './cluster-load.ts';
import type { Callee, TalkingAgent } from './cluster-load.ts';
import { startCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { isAlive } from './is-alive.ts';
import { findProxy, startProxy } from './proxy.ts';
import type { Replica } from './replica.ts';

const proxy = findProxy();
/** Patient, because a busy machine keeps processes from their turns; and longer than the proxy takes to notice that one leaves. */
const patience = {
  COLLOQUY_NODE_HEARTBEAT_MS: '500',
  COLLOQUY_NODE_FENCE_AFTER_MS: '6000',
  COLLOQUY_NODE_DEAD_AFTER_MS: '8000',
  COLLOQUY_DRAIN_NOTICE_MS: '2000',
};
const takeoverMsMax = 60_000;
const pieces = 10;
/** As many as it takes to be at two gateways, wherever the proxy sends them. */
const readersMax = 20;

describe(
  'a platform of several processes behind a proxy',
  { skip: proxy === undefined && 'needs haproxy or nginx' },
  () => {
    let database: TestDatabase;
    let pool: ReturnType<typeof createPool>;
    let agent: TalkingAgent;
    let cluster: Cluster;
    let token: Callee['token'];

    before(async () => {
      if (proxy === undefined) return;
      database = await createTestDatabase();
      pool = createPool({ url: database.adminUrl, connectionsMax: 1, applicationName: 'cluster-test' });
      agent = await startTalkingAgent();
      const env = { PATH: process.env['PATH'], ...testEnvironment(database, patience) };
      const founding = await startTestPlatform({ database });
      const tenant = await founding.createTenant('acme');
      await tenant.client.admin.registerAgent({ body: { name: 'talker', cardUrl: agent.cardUrl, idempotent: true } });
      await founding[Symbol.asyncDispose]();
      // The fewest that are a cluster: each start of a process costs as much as all that is asked of it here.
      cluster = await startCluster({ proxy, gateways: 2, workers: 1, env });
      const client = createClient({ baseUrl: cluster.url, tenant: 'acme', ...tenant });
      token = () => client.token();
    });

    after(async () => {
      const pids = [cluster.proxyPid, ...cluster.replicas.flatMap(({ pid }) => pid ?? [])];
      await cluster.stop();
      await agent[Symbol.asyncDispose]();
      await pool.end();
      await database[Symbol.asyncDispose]();
      assert.deepEqual(pids.filter(isAlive), [], 'every process is gone');
    });

    const calleeAt = (url: string): Callee => ({ agentUrl: `${url}/t/acme/agents/talker`, token });
    const throughProxy = (): Callee => calleeAt(cluster.url);
    const gateways = (): readonly Replica[] => cluster.replicas.filter(({ part }) => part === 'gateway');
    const rows = async <Row>(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]> =>
      (await pool.query(sql, [...values])).rows as Row[];
    const nodeOf = async (taskId: string): Promise<string | undefined> => {
      const [row] = await rows<{ node: string | null }>(
        `select 'nod_' || replace(node_id::text, '-', '') as node from colloquy.tasks where 'tsk_' || replace(task_id::text, '-', '') = $1`,
        taskId,
      );
      return row?.node ?? undefined;
    };
    /** Every task has its end, and each of the tenant's tasks is a completed one. */
    const assertNoneLost = async (): Promise<void> => {
      const left = await rows(
        `select state, count(*)::int as n from colloquy.tasks where state <> 'completed' group by 1`,
      );
      assert.deepEqual(left, []);
    };

    it('shows and resumes at every gateway, and through each proxy, what another one works on', async () => {
      const messageId = randomUUID();
      const first = new StreamReader(throughProxy());
      const reading = first.read(`held ${pieces}`, messageId);
      await eventually('half of it is said', () => first.output === outputOf(pieces / 2), takeoverMsMax);
      const node = await nodeOf(first.taskId);
      const others = gateways().filter(({ nodeId }) => nodeId !== node);
      assert.equal(others.length, 1, 'one of the gateways works on it');
      await using second = await startSecondProxy();
      const urls = [...others.map(({ ports }) => `http://127.0.0.1:${ports.http}`), cluster.url, second.url];
      const readers = urls.map((url) => new StreamReader(calleeAt(url)));
      const readings = readers.map((reader) => reader.read(`held ${pieces}`, messageId));
      for (const reader of readers) {
        await eventually('it is seen there', () => reader.output === outputOf(pieces / 2), takeoverMsMax);
      }
      agent.release();
      const streams = await Promise.all([reading, ...readings]);
      for (const stream of streams) {
        assertWhole(stream, pieces);
        assert.equal(stream.taskId, first.taskId);
      }
      assert.equal(agent.heard.length, 1, 'it was asked once');
      const sentAgain = await Promise.all(urls.map((url) => sendOnce(calleeAt(url), `held ${pieces}`, messageId)));
      assert.deepEqual(new Set(sentAgain), new Set([first.taskId]));
      await assertNoneLost();
    });

    /** The other kind of proxy, if it is on this machine, else another of the same kind. */
    async function startSecondProxy(): Promise<AsyncDisposable & { readonly url: string }> {
      const found = findProxy(['nginx']) ?? findProxy() ?? assert.fail();
      const folder = mkdtempSync(path.join(tmpdir(), 'colloquy-proxy-'));
      const backends = gateways().map(({ ports: { http, ops } }) => ({ port: http, opsPort: ops }));
      const port = await claimPort();
      const started = await startProxy({ ...found, folder, port, backends });
      return {
        url: started.url,
        async [Symbol.asyncDispose]() {
          await started.stop();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    }

    /** Streams through the proxy that are held in the middle: those of tasks that this gateway works on, and others, some of each. */
    async function streamsAtAndBeside({ nodeId }: Replica) {
      const at: StreamReader[] = [];
      const beside: StreamReader[] = [];
      const readings: ReturnType<StreamReader['read']>[] = [];
      while (at.length === 0 || beside.length === 0) {
        assert.ok(readings.length < readersMax, 'the proxy sends to one gateway only');
        const reader = new StreamReader(throughProxy());
        readings.push(reader.read(`held ${pieces}`));
        await eventually('half of it is said', () => reader.output === outputOf(pieces / 2), takeoverMsMax);
        const there = (await nodeOf(reader.taskId)) === nodeId;
        (there ? at : beside).push(reader);
      }
      return { at, beside, readings };
    }

    async function isSentTo({ nodeId }: Replica): Promise<boolean> {
      const reader = new StreamReader(throughProxy());
      const reading = reader.read(`pieces ${pieces}`);
      await eventually('it has begun', () => reader.taskId !== '', takeoverMsMax);
      const node = await nodeOf(reader.taskId);
      assertWhole(await reading, pieces);
      return node === nodeId;
    }

    it(
      'is restarted process by process under load: no request fails, no task is lost, no stream has a gap or a repeat',
      { skip: skippedOutsideChaos },
      async () => {
        const [first = assert.fail()] = gateways();
        const { at, readings } = await streamsAtAndBeside(first);
        const load = startLoad(throughProxy());
        const earlier = cluster.replicas.map(({ nodeId }) => nodeId);
        // The next one leaves when the proxy sends to this one again, however long that takes.
        const restarted = cluster.restartAll(async (gateway) => {
          await eventually('it is sent to', () => isSentTo(gateway), takeoverMsMax);
        });
        await eventually('its streams are handed over', () => at.every(({ resumes }) => resumes > 0), takeoverMsMax);
        agent.release();
        await restarted;
        const { failures, sends, streams } = await load.stop();
        assert.deepEqual(failures, []);
        for (const stream of [...streams, ...(await Promise.all(readings))]) {
          assertWhole(stream, pieces);
          assert.equal(stream.refusals, 0);
        }
        assert.ok(sends > 1 && streams.length > 1, `${sends} sends, ${streams.length} streams`);
        const now = new Set(cluster.replicas.map(({ nodeId }) => nodeId));
        assert.ok(
          earlier.every((nodeId) => !now.has(nodeId)),
          'every process is another',
        );
        await assertNoneLost();
      },
    );

    it(
      'loses with a killed gateway the connections on it and no others, and everything goes on',
      { skip: skippedOutsideChaos },
      async () => {
        const [victim = assert.fail()] = gateways();
        const { at, beside, readings } = await streamsAtAndBeside(victim);
        await victim.kill();
        const sends = await Promise.all(Array.from({ length: 12 }, () => sendOnce(throughProxy(), 'hello')));
        assert.equal(new Set(sends).size, sends.length);
        agent.release();
        for (const stream of await Promise.all(readings)) assertWhole(stream, pieces);
        // A stream is served by the process that works on its task, so these were its connections.
        assert.ok(at.every(({ resumes }) => resumes > 0));
        assert.ok(beside.every(({ resumes }) => resumes === 0));
        await assertNoneLost();
      },
    );
  },
);

interface Load {
  stop(): Promise<{
    readonly failures: readonly string[];
    readonly sends: number;
    readonly streams: readonly Awaited<ReturnType<StreamReader['read']>>[];
  }>;
}

/** A caller that sends and one that streams, each one after the other, until it is stopped. */
function startLoad(callee: Callee): Load {
  const over = new AbortController();
  let sends = 0;
  const failures: string[] = [];
  const streams: Awaited<ReturnType<StreamReader['read']>>[] = [];
  const loop = async (once: () => Promise<unknown>): Promise<void> => {
    while (!over.signal.aborted) await once().catch((error: unknown) => failures.push(String(error)));
  };
  const send = async (): Promise<void> => {
    await sendOnce(callee, 'pieces 2');
    sends += 1;
  };
  const stream = async (): Promise<unknown> => streams.push(await new StreamReader(callee).read(`pieces ${pieces}`));
  const loops = [send, stream].map(loop);
  return {
    async stop() {
      over.abort();
      await Promise.all(loops);
      return { failures, sends, streams };
    },
  };
}
