import { createPool } from '@colloquy/server/test';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import type { Party } from './party.ts';

/** A platform with two tenants, each with an agent, a task and something of every kind that may be lost. */
export interface Target extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly port: number;
  readonly grpcAddress: string;
  /** The tenant whose addresses are attacked. */
  readonly own: Party;
  readonly foreign: Party;
  /** The admin API as it says itself. */
  readonly openApi: unknown;
  /** A digest of what each table keeps, once no work is under way. */
  state(): Promise<Readonly<Record<string, string>>>;
}

type Pool = ReturnType<typeof createPool>;

/** What is kept, and changes only on request. */
const tables = [
  'tenants',
  'tasks',
  'task_events',
  'task_aliases',
  'wallets',
  'ledger_entries',
  'idempotency_keys',
  'limits',
  'oauth_clients',
  'oauth_client_secrets',
  'client_authorities',
  'external_issuers',
  'people',
  'password_links',
  'agents',
  'agent_card_versions',
  'card_policies',
  'trusted_card_keys',
  'egress_allowances',
  'sign_in_clients',
  'signing_keys',
  'tenant_keys',
  'key_encryption_keys',
  'revocations',
  'audit_subjects',
];

export async function startTarget(): Promise<Target> {
  const agent = await serveAgent({
    card: { name: 'Worker', description: 'Works.', skills: [] },
    async handle(message, task) {
      await task.artifact({ id: 'echo', name: 'echo', parts: text(message) });
      return task.complete('Done.');
    },
  });
  const unauthenticated = {
    COLLOQUY_STRANGER_REQUESTS_PER_SECOND: '100000',
    COLLOQUY_STRANGER_BURST_REQUESTS: '100000',
  };
  const platform = await startTestPlatform({
    env: { COLLOQUY_LOG_LEVEL: 'info', ...unauthenticated },
  });
  const pool = createPool({ url: platform.database.adminUrl, connectionsMax: 1, applicationName: 'fuzz' });
  return {
    platform,
    port: Number(new URL(platform.url).port),
    grpcAddress: platform.platform.grpcAddress ?? '',
    own: await party(platform, agent, { slug: 'acme', marker: 'qzxacme' }),
    foreign: await party(platform, agent, { slug: 'other', marker: 'qzxother' }),
    openApi: await (await fetch(`${platform.url}/api/v1/openapi.json`)).json(),
    state: async () => {
      await untilQuiet(pool);
      return digests(pool);
    },
    async [Symbol.asyncDispose]() {
      await pool.end();
      await platform[Symbol.asyncDispose]();
      await agent.close({ graceMs: 0 });
    },
  };
}

async function party(
  platform: TestPlatform,
  agent: AgentServer,
  { slug, marker }: { readonly slug: string; readonly marker: string },
): Promise<Party> {
  const tenant = await platform.createTenant(slug, { credits: 100_000_000_000 });
  const { admin } = tenant.client;
  const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
  for (const name of ['worker', 'spare']) await admin.registerAgent({ body: { name, cardUrl, priceMicrocredits: 1 } });
  const { clientId } = await admin.createClient({ body: { name: marker, scopes: ['a2a:read'] } });
  const token = await tenant.client.token();
  const asked = await fetch(`${platform.url}/t/${slug}/agents/worker/message:send`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'a2a-version': '1.0' },
    body: JSON.stringify({ message: { messageId: 'first', role: 'ROLE_USER', parts: [{ text: marker }] } }),
  });
  const [taskId = ''] = /tsk_[0-9a-f]{32}/.exec(await asked.text()) ?? [];
  return { ...credentials(tenant), token, marker, taskId, spare: spareOf(clientId, taskId) };
}

const credentials = ({ slug, clientId, clientSecret }: TestTenant) => ({ slug, clientId, clientSecret });

const spareOf = (clientId: string, task: string): Party['spare'] => ({
  client: clientId,
  principal: clientId,
  agent: 'spare',
  task,
  version: '1',
  kid: 'none',
});

async function untilQuiet(pool: Pool): Promise<void> {
  for (const untilMs = performance.now() + 30_000; performance.now() < untilMs;) {
    const { rows } = await pool.query('select from colloquy.tasks where node_id is not null limit 1');
    if (rows.length === 0) return;
  }
  throw new Error('Tasks were under work for too long.');
}

async function digests(pool: Pool): Promise<Readonly<Record<string, string>>> {
  const columns = tables.map(
    (table) =>
      // In no order, so that nothing is sorted however many rows there are.
      `(select concat(count(*), ' ', sum(hashtextextended(x::text, 0)::numeric)) from colloquy.${table} x) as ${table}`,
  );
  const { rows } = await pool.query<Record<string, string>>(`select ${columns.join()}`);
  return rows[0] ?? {};
}
