/**
 * Guarantee: the result of a cacheable skill is given to the next equal call, at every node, within its TTL; never to a caller without the right, never
 * to a different call, and a call that costs nothing charges nothing. Otherwise tenants would read each other's results, or pay for work that no
 * agent did.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { JsonObject, SendMessageResponse, Task } from '@colloquy/protocol';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import type { ColloquyClient } from '@colloquy/sdk/client';
import { eventually, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { createPool } from '../src/adapters/postgres/pool.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import { publicUrl } from './cluster-setting.ts';
import { redisProgram, startRedis } from './redis-server.ts';
import type { RedisServer } from './redis-server.ts';
import { assertBooksAreSound } from './task-books.ts';

const price = 100;
const skillUri = 'urn:colloquy:extension:skill:v1';
const cacheUri = 'urn:colloquy:extension:result-cache:v1';

/** An agent whose skill `look` may be cached and whose skill `act` may not. It holds what begins with `hold` until it is let go. */
interface CountingAgent extends AsyncDisposable {
  readonly server: AgentServer;
  readonly heard: string[];
  letGo(): void;
}

const canceled = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

async function startCountingAgent(): Promise<CountingAgent> {
  const heard: string[] = [];
  let letGo: () => void = () => undefined;
  let gate = new Promise<void>((resolve) => (letGo = resolve));
  const skills = { look: { idempotent: true, cacheTtlMs: 60_000 }, act: { idempotent: false } };
  const server = await serveAgent({
    card: {
      name: 'Counter',
      description: 'Counts what it hears.',
      skills: ['look', 'act'].map((id) => ({ id, name: id, description: id, tags: [] })),
      capabilities: { extensions: [{ uri: 'urn:colloquy:extension:enterprise:v1', params: { skills } }] },
    },
    idempotent: true,
    async handle(message, task) {
      const words = text(message);
      heard.push(words);
      if (words.startsWith('hold')) await Promise.race([gate, canceled(task.signal)]);
      if (words.startsWith('break')) throw new Error('It breaks.');
      await task.artifact({ id: 'answer', parts: `answer ${heard.length} to ${words}` });
      return task.complete(`done ${heard.length}`);
    },
    onError: () => undefined,
  });
  return {
    server,
    heard,
    letGo: () => {
      letGo();
      gate = new Promise<void>((resolve) => (letGo = resolve));
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const taskOf = ({ task }: SendMessageResponse): Task => {
  assert.ok(task !== undefined);
  return task;
};
const outputOf = (task: Task): string =>
  (task.artifacts ?? []).flatMap(({ parts }) => parts.map((part) => ('text' in part ? part.text : ''))).join('');
const hitOf = (task: Task): JsonObject | undefined => task.metadata?.[cacheUri] as JsonObject | undefined;

for (const keeper of ['PostgreSQL', 'Redis'] as const) {
  const skip = keeper === 'Redis' && redisProgram === null ? 'redis-server is not installed' : false;
  describe(`results that ${keeper} keeps`, { skip, timeout: 60_000 }, () => testResults(keeper));
}

function testResults(keeper: 'PostgreSQL' | 'Redis'): void {
  let redis: RedisServer | null = null;
  let nodes: readonly [TestPlatform, TestPlatform];
  let agent: CountingAgent;
  let pool: DatabasePool;
  let tenant: TestTenant;
  let here: ColloquyClient;
  let there: ColloquyClient;

  before(async () => {
    if (keeper === 'Redis' && redisProgram !== null) redis = await startRedis(redisProgram);
    const env = { COLLOQUY_PUBLIC_URL: publicUrl, ...(redis === null ? {} : { REDIS_URL: redis.url }) };
    const first = await startTestPlatform({ env });
    nodes = [first, await startTestPlatform({ env, database: first.database })];
    pool = createPool({ url: first.database.adminUrl, connectionsMax: 2, applicationName: 'results-test' });
    agent = await startCountingAgent();
    tenant = await first.createTenant(`acme-${randomUUID().slice(0, 8)}`);
    here = nodes[0].clientOf(tenant);
    there = nodes[1].clientOf(tenant);
    await register(tenant);
  });
  after(async () => {
    agent.letGo();
    await pool.end();
    await nodes[1][Symbol.asyncDispose]();
    await nodes[0][Symbol.asyncDispose]();
    await agent[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
  });

  const register = (owner: TestTenant) =>
    owner.client.admin.registerAgent({
      body: {
        name: 'counter',
        cardUrl: new URL('/.well-known/agent-card.json', agent.server.url).href,
        priceMicrocredits: price,
      },
    });

  async function ask(
    client: ColloquyClient,
    words: string,
    over: { readonly skill?: string; readonly metadata?: JsonObject; readonly returnImmediately?: boolean } = {},
  ): Promise<Task> {
    const { skill = 'look', metadata, ...options } = over;
    const message = { parts: [{ text: words }], metadata: { [skillUri]: { id: skill }, ...metadata } };
    return taskOf(await client.agent('counter').send(message, options));
  }
  const paidFor = async ({ id }: Task): Promise<readonly string[]> => {
    const { items } = await here.admin.listLedgerEntries({ taskId: id });
    return items.map(({ kind, amountMicrocredits }) => `${kind} ${amountMicrocredits}`).toSorted();
  };
  const heardOf = (words: string): number => agent.heard.filter((one) => one === words).length;

  it('answers the second of two equal calls from the cache, as a task of its own that costs nothing', async () => {
    const first = await ask(here, 'weather');
    const second = await ask(there, 'weather');
    assert.equal(outputOf(second), outputOf(first));
    assert.notEqual(second.id, first.id);
    assert.equal(second.status.state, 'TASK_STATE_COMPLETED');
    assert.equal(hitOf(first), undefined);
    assert.equal(hitOf(second)?.['stale'], false);
    assert.equal(heardOf('weather'), 1);
    assert.deepEqual(await paidFor(first), [`reserve ${price}`, `settle ${price}`]);
    assert.deepEqual(await paidFor(second), []);
    const { items } = await here.admin.listAuditEntries({ resource: second.id });
    assert.deepEqual(
      items.map(({ action }) => action),
      ['task.served'],
    );
    assert.equal(outputOf(await here.agent('counter').getTask(second.id)), outputOf(first));
  });

  it('calls the agent for every call with another input, and for skills that are not cacheable', async () => {
    const words = 'differences';
    const before = agent.heard.length;
    await ask(here, words);
    await ask(here, words, { metadata: { tone: 'kind' } });
    await ask(here, `${words}.`);
    await ask(here, words, { skill: 'act' });
    await ask(here, words, { skill: 'act' });
    await here.agent('counter').send(words);
    await here.agent('counter').send(words);
    assert.equal(agent.heard.length - before, 7);
  });

  it('never gives a result to another caller or another tenant', async () => {
    const words = 'a secret';
    await ask(here, words);
    const other = await nodes[0].createClient(tenant.slug, 'other', ['a2a:send', 'a2a:read']);
    const outsider = await nodes[0].createTenant(`other-${randomUUID().slice(0, 8)}`);
    await register(outsider);
    assert.equal(hitOf(await ask(other, words)), undefined);
    assert.equal(hitOf(await ask(outsider.client, words)), undefined);
    assert.equal(heardOf(words), 3);
  });

  it('CREDIT-10 shares a result within the tenant when the cache policy says so, at the policy’s price of a hit', async () => {
    const words = 'public';
    const policy = { sharedBy: 'tenant', hitPricePercent: 25, staleMs: 0, on: true } as const;
    await here.admin.setResultTerms({ agent: 'counter', skill: 'look', body: policy });
    const other = await nodes[1].createClient(tenant.slug, 'reader', ['a2a:send', 'a2a:read']);
    await eventually('both nodes know the policy', async () => {
      await ask(here, words);
      return hitOf(await ask(other, words)) !== undefined;
    });
    const hit = await ask(other, words);
    assert.deepEqual(await paidFor(hit), ['reserve 25', 'settle 25']);
    await here.admin.unsetResultTerms({ agent: 'counter', skill: 'look' });
    assert.deepEqual((await here.admin.listResultTerms()).items, []);
  });

  it('CREDIT-10 calls the agent once for a hundred equal calls at two nodes, and answers all of them', async () => {
    const words = `hold ${randomUUID()}`;
    const calls = Array.from({ length: 100 }, (_, at) => ask(at % 2 === 0 ? here : there, words));
    await eventually('the agent heard it', () => heardOf(words) > 0);
    const late = await ask(there, words, { returnImmediately: true });
    agent.letGo();
    const tasks = await Promise.all(calls);
    assert.equal(heardOf(words), 1);
    assert.equal(new Set(tasks.map(({ id }) => id)).size, 100);
    assert.deepEqual(new Set(tasks.map(outputOf)), new Set([outputOf(tasks[0] ?? late)]));
    assert.equal(tasks.filter((task) => hitOf(task) === undefined).length, 1);
    await eventually('the call without a waiting caller ends too', async () => {
      const { status } = await here.agent('counter').getTask(late.id);
      return status.state === 'TASK_STATE_COMPLETED';
    });
    // It waited for the one call: its price was reserved like any other, and nothing of it was used.
    assert.deepEqual(await paidFor(late), [`release ${price}`, `reserve ${price}`]);
  });

  it('caches nothing of a failed call, and the next call fetches', async () => {
    const words = `break ${randomUUID()}`;
    const [one, two] = [await ask(here, words), await ask(there, words)];
    assert.deepEqual([one.status.state, two.status.state], ['TASK_STATE_FAILED', 'TASK_STATE_FAILED']);
    assert.equal(heardOf(words), 2);
  });

  it('goes on when the fetching task is canceled', async () => {
    const words = `hold ${randomUUID()}`;
    const leader = await ask(here, words, { returnImmediately: true });
    await eventually('the agent heard it', () => heardOf(words) === 1);
    const waiting = ask(there, words);
    await here.agent('counter').cancelTask(leader.id);
    await eventually('the agent hears it again', () => heardOf(words) === 2);
    agent.letGo();
    assert.equal((await waiting).status.state, 'TASK_STATE_COMPLETED');
  });

  it('finds no purged result, and none that was being fetched during the purge', async () => {
    const [kept, fetched] = ['kept', `hold ${randomUUID()}`];
    await ask(here, kept);
    const leader = ask(here, fetched);
    await eventually('the agent heard it', () => heardOf(fetched) === 1);
    await here.admin.purgeResults({ agent: 'counter' });
    agent.letGo();
    await leader;
    await eventually(
      'the other node knows of it',
      async () => hitOf(await ask(there, `probe ${randomUUID()}`)) === undefined,
    );
    assert.equal(hitOf(await ask(here, kept)), undefined);
    assert.equal(hitOf(await ask(here, fetched.replace('hold', 'hold'), { returnImmediately: true })), undefined);
    await eventually('the agent hears it anew', () => heardOf(fetched) === 2);
    agent.letGo();
  });

  if (keeper === 'Redis') {
    it('is only slower without Redis: the agent answers every call', async () => {
      const words = `lost ${randomUUID()}`;
      await ask(here, words);
      await redis?.kill();
      for (const client of [here, there]) assert.equal((await ask(client, words)).status.state, 'TASK_STATE_COMPLETED');
      assert.equal(heardOf(words), 3);
      await redis?.startAgain();
      await eventually('results are kept again', async () => {
        const again = `again ${randomUUID()}`;
        await ask(here, again);
        return hitOf(await ask(there, again)) !== undefined;
      });
    });
  } else {
    it('gives a result for its TTL only, and then the stale one for the policy’s time while one call fetches', async () => {
      const words = `stale ${randomUUID()}`;
      const policy = { sharedBy: 'caller', hitPricePercent: 0, staleMs: 600_000, on: true } as const;
      await here.admin.setResultTerms({ agent: 'counter', body: policy });
      const first = await ask(here, words);
      await pool.query(`update colloquy.skill_results set fresh_until = colloquy.now_utc() where result is not null`);
      await pool.query(
        `update colloquy.skill_results set claimed_by = gen_random_uuid(), claimed_until = colloquy.now_utc() + interval '1 hour' where result is not null`,
      );
      const stale = await ask(there, words);
      assert.deepEqual([hitOf(stale)?.['stale'], outputOf(stale)], [true, outputOf(first)]);
      await pool.query(`update colloquy.skill_results set claimed_until = colloquy.now_utc()`);
      const fresh = await ask(there, words);
      assert.equal(hitOf(fresh), undefined);
      assert.equal(heardOf(words), 2);
      await eventually('the new one is kept', async () => outputOf(await ask(here, words)) === outputOf(fresh));
      assert.equal(heardOf(words), 2);
    });

    it('never holds more than its places, and a crash of the database empties it and nothing else', async () => {
      const { rows } = await pool.query(
        `select max(place)::int as place, (select relpersistence from pg_class where oid = 'colloquy.skill_results'::regclass) as kept from colloquy.skill_results`,
      );
      const [row] = rows as { place: number; kept: string }[];
      assert.ok((row?.place ?? 0) < 4_096);
      assert.equal(row?.kept, 'u');
    });
  }

  it('leaves the ledger of every tenant balanced', async () => {
    await eventually('nothing is under work', async () => {
      const { rows } = await pool.query(`select count(*)::int as n from colloquy.tasks where node_id is not null`);
      return (rows[0] as { n: number }).n === 0;
    });
    await assertBooksAreSound({
      rows: async <Row>(sql: string, ...values: readonly unknown[]) =>
        (await pool.query(sql, [...values])).rows as Row[],
    });
  });
}
