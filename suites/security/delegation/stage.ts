import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPool } from '@colloquy/server/test';
import { delegationHeaders, serveAgent, text } from '@colloquy/sdk/agent';
import { eventually, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform } from '@colloquy/testkit';
import { Exchange } from '../fuzz/exchange.ts';

/** The header fields by which a send says which task it is sent for. */
export type DelegationFields = Readonly<Record<string, string>>;

/** A tenant as its callers know it. */
export interface Sender {
  readonly slug: string;
  readonly token: string;
}

/** Two replicas, and two tenants with agents that remember what they were given to pass on. */
export interface Stage extends AsyncDisposable {
  readonly replicas: readonly Exchange[];
  readonly own: Sender;
  readonly foreign: Sender;
  /** What the agent was given with the message of these words. */
  given(words: string): Promise<DelegationFields>;
  /** Where notifications go that are to be found under this name, and what they bore. */
  readonly hookUrl: string;
  told(name: string): Promise<DelegationFields>;
  /** Messages that agents have heard. */
  readonly heard: () => number;
  /** Everything that a send that is taken leaves behind, once no work is under way. */
  state(): Promise<string>;
  rows<Row>(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]>;
}

/** Their names, in the order in which a chain runs through them; one more than a chain may have. */
export const agentNames = ['one', 'two', 'three', 'four', 'five', 'six'] as const;
export const priceMicrocredits = 10;

const tables = ['tasks', 'task_events', 'ledger_entries', 'wallets', 'idempotency_keys', 'delegation_budgets'];

export async function startStage(): Promise<Stage> {
  await using unwinding = new AsyncDisposableStack();
  const given = new Map<string, DelegationFields>();
  let heard = 0;
  const agents = agentNames.map(async (name) => {
    const agent = await serveAgent({
      card: { name, description: 'Remembers.', skills: [] },
      async handle(message, task) {
        heard += 1;
        given.set(text(message), delegationHeaders());
        await task.complete('Done.');
      },
    });
    unwinding.defer(() => agent.close({ graceMs: 0 }));
    return [name, new URL('/.well-known/agent-card.json', agent.url).href] as const;
  });
  const cards = await Promise.all(agents);
  const told = new Map<string, DelegationFields>();
  const receiver = await startReceiver(told);
  unwinding.defer(receiver.close);
  const one = unwinding.use(await startTestPlatform());
  const both = { COLLOQUY_PUBLIC_URL: one.url };
  const other = unwinding.use(await startTestPlatform({ database: one.database, env: both }));
  const [own, foreign] = [await sender(one, 'acme', cards), await sender(one, 'other', cards)];
  const pool = createPool({ url: one.database.adminUrl, connectionsMax: 1, applicationName: 'delegation' });
  unwinding.defer(() => pool.end());
  const rows = async <Row>(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]> =>
    (await pool.query(sql, [...values])).rows as readonly Row[];
  const replicas = [one, other].map(({ url, platform }) =>
    unwinding.use(new Exchange(Number(new URL(url).port), platform.grpcAddress ?? '')),
  );
  const stack = unwinding.move();
  return {
    replicas,
    own,
    foreign,
    given: (words) => eventually(`an agent hears "${words}"`, () => given.get(words)),
    hookUrl: receiver.url,
    told: (name) => eventually(`${name} is told`, () => told.get(name), 60_000),
    heard: () => heard,
    async state() {
      const underWork = 'select from colloquy.tasks where node_id is not null limit 1';
      await eventually('no task is under work', async () => (await rows(underWork)).length === 0, 60_000);
      const digests = tables.map(
        (table) =>
          `(select concat(count(*), ' ', sum(hashtextextended(x::text, 0)::numeric)) from colloquy.${table} x)`,
      );
      const [row] = await rows<{ state: string }>(`select concat_ws(' ', ${digests.join()}) as state`);
      return row?.state ?? '';
    },
    rows,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function sender(
  platform: TestPlatform,
  slug: string,
  cards: readonly (readonly [string, string])[],
): Promise<Sender> {
  const { client } = await platform.createTenant(slug, { credits: 1_000_000_000_000 });
  for (const [name, cardUrl] of cards) await client.admin.registerAgent({ body: { name, cardUrl, priceMicrocredits } });
  return { slug, token: await client.token() };
}

/** Keeps the delegation of the first notification to each path. */
async function startReceiver(
  told: Map<string, DelegationFields>,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const name = request.url?.slice(1) ?? '';
    const { 'colloquy-delegation': token, 'colloquy-task': task } = request.headers;
    if (typeof token === 'string' && !told.has(name))
      told.set(name, { 'colloquy-delegation': token, ...(typeof task === 'string' ? { 'colloquy-task': task } : {}) });
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a port of TCP, so its address is one.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
