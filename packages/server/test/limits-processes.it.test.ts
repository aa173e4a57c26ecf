/**
 * Guarantee: platform processes that share one database admit together what a limit allows, and at most one further burst before they know
 * of each other. While Redis is lost they admit exactly the limit, and answer no client 5xx for that. A process that joins takes its share, and
 * one that dies leaves it. If this were broken, every process that is added would raise every limit.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serveAgent } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { eventually, FakeClock, skippedOutsideChaos, startPlatformProcess, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { limits } from '../src/kernel/limits.ts';
import { limitsExtensionUri } from '../src/modules/limits/index.ts';
import { json, say, version } from './a2a-setting.ts';
import { publicUrl } from './cluster-setting.ts';
import { redisProgram, startRedis } from './redis-server.ts';
import { issue } from './revocation-setting.ts';
import { assertBooksAreSound } from './task-books.ts';

/** One message in 100 seconds: what the clock of Redis or of the database adds while the test runs is no message. */
const rate = { perSecond: 0.01, burst: 6 };
const heartbeatMs = 100;
/** The clock is stopped between steps, and no process must count as dead for it. */
const env = {
  COLLOQUY_PUBLIC_URL: publicUrl,
  COLLOQUY_NODE_HEARTBEAT_MS: String(heartbeatMs),
  COLLOQUY_NODE_FENCE_AFTER_MS: '600000',
  COLLOQUY_NODE_DEAD_AFTER_MS: '900000',
};

type Node = Pick<TestPlatform, 'url'>;

/** Two processes' worth of platform on one database and one clock, and agents that are all alike. */
class TwoProcesses implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly nodes: readonly [TestPlatform, TestPlatform];
  readonly tenant: TestTenant;
  readonly pool: DatabasePool;
  readonly #server: AgentServer;
  readonly #heard: string[];
  readonly #left = new Set<TestPlatform>();
  #agents = 0;
  #admitted = 0;

  constructor(parts: Pick<TwoProcesses, 'clock' | 'nodes' | 'tenant'>, server: AgentServer, heard: string[]) {
    this.clock = parts.clock;
    this.nodes = parts.nodes;
    this.tenant = parts.tenant;
    this.#server = server;
    this.#heard = heard;
    const { adminUrl: url } = this.nodes[0].database;
    this.pool = createPool({ url, connectionsMax: 1, applicationName: 'processes-test' });
  }

  static async start(more: Readonly<Record<string, string>> = {}): Promise<TwoProcesses> {
    const clock = new FakeClock();
    const heard: string[] = [];
    const params = { requestsPerSecond: rate.perSecond, burst: rate.burst };
    const server = await serveAgent({
      card: {
        name: 'Slow',
        description: 'Wants to be called slowly.',
        skills: [],
        capabilities: { extensions: [{ uri: limitsExtensionUri, params }] },
      },
      handle(message, task) {
        heard.push(message.messageId);
        return task.complete('Done.');
      },
    });
    const first = await startTestPlatform({ clock, env: { ...env, ...more } });
    const second = await startTestPlatform({ clock, env: { ...env, ...more }, database: first.database });
    return new TwoProcesses({ clock, nodes: [first, second], tenant: await first.createTenant('acme') }, server, heard);
  }

  /** An agent without any request so far. */
  async newAgent(): Promise<string> {
    const name = `slow-${(this.#agents += 1)}`;
    const cardUrl = new URL('/.well-known/agent-card.json', this.#server.url).href;
    await this.tenant.client.admin.registerAgent({ body: { name, cardUrl, priceMicrocredits: 1 } });
    return name;
  }

  /** How many of so many sends a process lets in; it refuses the others with 429 and nothing else. */
  async admitted({ url }: Node, agent: string, tries = rate.burst + 3): Promise<number> {
    const { token } = await issue(url, this.tenant);
    const headers = { ...json, ...version, authorization: `Bearer ${token}` };
    const send = async (): Promise<number> => {
      const body = JSON.stringify(say('hello'));
      const answer = await fetch(`${url}/t/acme/agents/${agent}/message:send`, { method: 'POST', headers, body });
      const text = await answer.text();
      assert.ok(answer.status === 200 || answer.status === 429, `${answer.status} ${text}`);
      return answer.status === 200 ? 1 : 0;
    };
    let count = 0;
    for (let tried = 0; tried < tries; tried += 1) count += await send();
    this.#admitted += count;
    return count;
  }

  /** Waits until a process divides limits among so many. */
  async dividesBy(node: Node, processes: number): Promise<void> {
    await eventually(`limits are divided by ${processes}`, async () => {
      await this.clock.advance(heartbeatMs);
      return (await this.admitted(node, await this.newAgent())) === rate.burst / processes;
    });
  }

  /** Waits until a process is let have more than its strict share, because the other leaves it. */
  async isGivenTheRest(node: Node): Promise<void> {
    const agent = await this.newAgent();
    let count = 0;
    await eventually('a process is given what the other leaves', async () => {
      count += await this.admitted(node, agent, rate.burst);
      await this.clock.advance(limits.sharesExchangeMs);
      return count > rate.burst / 2;
    });
    assert.ok(count <= rate.burst, `${count} of ${rate.burst}`);
  }

  /** What a process says last of how it shares rates; undefined when it has said nothing. */
  lastSaid(node: TestPlatform): string | undefined {
    const lines = node.logLines.map((line) => JSON.parse(line) as { what?: string; msg?: string });
    return lines.findLast(({ what }) => what === 'rates')?.msg;
  }

  async leaves(node: TestPlatform): Promise<void> {
    this.#left.add(node);
    await node[Symbol.asyncDispose]();
  }

  /** What was let in is done and paid for, once each, and nothing else is. */
  async assertNothingElseHappened(): Promise<void> {
    const rows = async <Row>(sql: string): Promise<Row[]> => (await this.pool.query(sql)).rows as Row[];
    const counted = await rows<{ tasks: number; paid: number }>(`
      select (select count(*)::int from colloquy.tasks) as tasks,
        (select count(*)::int from colloquy.ledger_entries where kind = 'settle') as paid`);
    assert.deepEqual(counted, [{ tasks: this.#admitted, paid: this.#admitted }]);
    assert.equal(new Set(this.#heard).size, this.#admitted);
    assert.equal(this.#heard.length, this.#admitted);
    await assertBooksAreSound({ rows });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pool.end();
    for (const node of this.nodes.toReversed()) if (!this.#left.has(node)) await node[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
  }
}

describe('limits of a platform whose processes come and go', () => {
  let both: TwoProcesses;
  before(async () => {
    both = await TwoProcesses.start();
  });
  after(() => both[Symbol.asyncDispose]());

  /** Waits until the database knows that so much is left of one bucket. */
  const isTold = (left: number): Promise<unknown> =>
    eventually(`what was taken is told`, async () => {
      await both.clock.advance(limits.sharesExchangeSoonMs);
      const found = await both.pool.query('select from colloquy.rate_buckets where abs(tokens - $1) < 0.5', [left]);
      return found.rowCount === 1;
    });

  it('are divided by the processes that live: one that joins has its part, and one that is lost leaves it', async () => {
    const [one, two] = both.nodes;
    for (const node of both.nodes) await both.dividesBy(node, 2);
    const third = await startPlatformProcess({ database: one.database, env });
    try {
      for (const node of both.nodes) await both.dividesBy(node, 3);
      const agent = await both.newAgent();
      const byTwo = (await both.admitted(one, agent)) + (await both.admitted(two, agent));
      assert.equal(byTwo, (2 * rate.burst) / 3);
      await isTold(rate.burst / 3);
      const byThird = await both.admitted(third, agent);
      assert.ok(byThird >= 1 && byThird <= rate.burst / 3, `${byThird} of the ${rate.burst / 3} that are left`);
      const further = (await both.admitted(one, agent)) + (await both.admitted(two, agent));
      assert.ok(further <= rate.burst, `${further}: one further burst at most, before all have heard of each other`);
    } finally {
      await third.kill();
    }
    await both.dividesBy(one, 3);
    // It has been silent for longer than the others wait.
    const silent = `update colloquy.nodes set heartbeat_at = heartbeat_at - interval '1 hour' where node_id = $1`;
    const aged = await both.pool.query(silent, [third.nodeId.replace('nod_', '')]);
    assert.equal(aged.rowCount, 1);
    for (const node of both.nodes) await both.dividesBy(node, 2);
    await both.leaves(two);
    await both.dividesBy(one, 1);
    await both.assertNothingElseHappened();
  });
});

const skip = redisProgram === null ? 'there is no redis-server on this machine' : false;
describe('limits that two processes share over Redis', { skip: skippedOutsideChaos || skip }, () => {
  const lost = 'limits can not be shared; this process lives by its strict share';
  const back = 'limits are shared again';

  it('are kept by both together while it is there, when it is killed, and when it is back', async () => {
    await using redis = await startRedis(redisProgram ?? '');
    await using both = await TwoProcesses.start({ REDIS_URL: redis.url });
    const { clock, nodes } = both;
    const inAll = async (agent: string): Promise<number> => {
      let count = 0;
      for (const node of nodes) count += await both.admitted(node, agent);
      return count;
    };
    /** Lets them take all that a limit allows, until they have heard of each other. */
    const exhaust = async (): Promise<void> => {
      const agent = await both.newAgent();
      let count = await inAll(agent);
      assert.equal(count, rate.burst, 'each its strict share while it knows of no other process');
      let refusedRounds = 0;
      await eventually('they admit no further request', async () => {
        await clock.advance(limits.sharesExchangeMs);
        const more = await inAll(agent);
        count += more;
        refusedRounds = more === 0 ? refusedRounds + 1 : 0;
        return refusedRounds === 3;
      });
      assert.ok(count <= 2 * rate.burst, `${count}: what the limit allows and one further burst at most`);
    };
    const bothSay = (message: string, agent: string): Promise<unknown> =>
      eventually(message, async () => {
        await inAll(agent);
        await clock.advance(limits.sharesExchangeMs);
        return nodes.every((node) => both.lastSaid(node) === message);
      });
    for (const node of nodes) await both.dividesBy(node, 2);
    await exhaust();
    for (const node of nodes) await both.isGivenTheRest(node);
    assert.deepEqual(
      nodes.map((node) => both.lastSaid(node)),
      [undefined, undefined],
    );

    await redis.kill();
    const agent = await both.newAgent();
    const fromMs = clock.monotonicMs();
    let admitted = await inAll(agent);
    assert.equal(admitted, rate.burst);
    await bothSay(lost, await both.newAgent());
    for (let turn = 0; turn < 4; turn += 1) {
      await clock.advance(100_000);
      admitted += await inAll(agent);
      const allowed = rate.burst + (rate.perSecond * (clock.monotonicMs() - fromMs)) / 1_000;
      assert.ok(admitted <= allowed, `${admitted} of ${allowed}`);
    }
    assert.equal(admitted, rate.burst + 4, 'and no less than the limit gives');
    await exhaust();

    await redis.startAgain();
    await bothSay(back, await both.newAgent());
    await exhaust();
    for (const node of nodes) await both.isGivenTheRest(node);
    await both.assertNothingElseHappened();
  });
});
