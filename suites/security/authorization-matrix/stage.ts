import { createPool } from '@colloquy/server/test';
import { serveAgent } from '@colloquy/sdk/agent';
import { everyTenantScope, startAuthorizationServer, startTestPlatform } from '@colloquy/testkit';
import type { AuthorizationServer, TestPlatform, TestTenant } from '@colloquy/testkit';

/** Every scope that a client of a tenant can hold. */
export const allScopes = [...everyTenantScope, 'limits:write'];

/** Two replicas, the tenant that is attacked, and tenants that wrong callers come from. */
export interface Stage extends AsyncDisposable {
  readonly replicas: readonly [TestPlatform, TestPlatform];
  readonly urls: readonly string[];
  readonly grpcAddresses: readonly string[];
  readonly publicUrl: string;
  readonly victim: TestTenant;
  readonly neighbour: TestTenant;
  /** Is stopped before the attack. */
  readonly halted: TestTenant;
  /** Trusted by the victim and the neighbour. */
  readonly trusted: AuthorizationServer;
  readonly untrusted: AuthorizationServer;
  /** Of tokens of the trusted server for the victim. */
  readonly audience: string;
  readonly neighbourAudience: string;
  /** A task of the victim. */
  readonly taskId: string;
  /** What the victim has, by the names in the paths of the admin API. */
  readonly values: Readonly<Record<string, string>>;
  /** Everything that is kept for the victim, but its audit log. */
  readonly state: () => Promise<string>;
  /** What the victim's audit log says was done, without refusals. */
  readonly done: () => Promise<number>;
  /** Messages that the agents heard. */
  readonly heard: () => number;
}

/** The words of the trusted server, and what they mean to the victim and the neighbour. */
const scopeMap = { 'agents.call': allScopes, 'agents.read': ['deliveries:read'] };

export async function startStage(): Promise<Stage> {
  await using unwinding = new AsyncDisposableStack();
  let heard = 0;
  const agent = await serveAgent({
    card: { name: 'Worker', description: 'Works.', skills: [] },
    handle(_message, task) {
      heard += 1;
      return task.complete('Done.');
    },
  });
  unwinding.defer(() => agent.close());
  const trusted = unwinding.use(await startAuthorizationServer());
  const untrusted = unwinding.use(await startAuthorizationServer());
  const env = { COLLOQUY_STRANGER_REQUESTS_PER_SECOND: '100000' };
  const one = unwinding.use(await startTestPlatform({ env }));
  const both = { ...env, COLLOQUY_PUBLIC_URL: one.url };
  const other = unwinding.use(await startTestPlatform({ database: one.database, env: both }));
  const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
  const tenants = await Promise.all(
    ['victim', 'neighbour', 'halted'].map(async (slug) => {
      const tenant = await one.createTenant(slug, { scopes: allScopes });
      for (const name of ['worker', 'other']) await tenant.client.admin.registerAgent({ body: { name, cardUrl } });
      return tenant;
    }),
  );
  const [victim, neighbour, halted] = tenants;
  if (victim === undefined || neighbour === undefined || halted === undefined) throw new Error('There are no tenants.');
  const mine = await victim.client.admin.registerIssuer({ body: { name: 'server', issuer: trusted.issuer, scopeMap } });
  const theirs = await neighbour.client.admin.registerIssuer({
    body: { name: 'server', issuer: trusted.issuer, scopeMap },
  });
  const { apiKey: _shown, ...key } = await victim.client.admin.createApiKey({
    body: { name: 'ci', scopes: ['a2a:read'] },
  });
  const reader = await victim.client.admin.createClient({ body: { name: 'reader', scopes: ['a2a:read'] } });
  const given = { principal: reader.clientId, role: 'caller', agent: 'worker' };
  const { grantId } = await victim.client.admin.createGrant({ body: given });
  const task = await victim.client.agent('worker').send('Begin.');
  const { end, ...reads } = databaseReads(one.database.adminUrl);
  unwinding.defer(end);
  const taskId = 'task' in task ? task.task.id : '';
  const ids = { client: victim.clientId, principal: victim.clientId, task: taskId, issuer: mine.issuerId };
  const stack = unwinding.move();
  return {
    replicas: [one, other],
    urls: [one.url, other.url],
    grpcAddresses: [one, other].map(({ platform }) => platform.grpcAddress ?? ''),
    publicUrl: one.url,
    victim,
    neighbour,
    halted,
    trusted,
    untrusted,
    audience: mine.audience,
    neighbourAudience: theirs.audience,
    taskId,
    values: { ...ids, key: key.keyId, kid: 'key-1', version: '1', grant: grantId },
    heard: () => heard,
    ...reads,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** What the database keeps for the victim. */
function databaseReads(url: string): Pick<Stage, 'state' | 'done'> & { readonly end: () => Promise<void> } {
  const pool = createPool({ url, connectionsMax: 1, applicationName: 'authorization matrix' });
  return {
    end: () => pool.end(),
    async state() {
      const { rows: tables } = await pool.query<{ name: string }>(tablesOfTenants);
      const hashes = tables.map(
        ({ name }) =>
          `(select '${name} ' || count(*) || ' ' || md5(coalesce(string_agg(x::text, ' ' order by x::text), '')) from colloquy.${name} x, colloquy.tenants t where t.slug = 'victim' and x.tenant_id = t.tenant_id)`,
      );
      const { rows } = await pool.query<{ state: string }>(`select concat_ws(E'\\n', ${hashes.join()}) as state`);
      return rows[0]?.state ?? '';
    },
    async done() {
      const { rows } = await pool.query<{ count: number }>(
        `select count(*)::int from colloquy.audit_entries e join colloquy.tenants t using (tenant_id) where t.slug = 'victim' and e.action <> 'access.refused'`,
      );
      return rows[0]?.count ?? 0;
    },
  };
}

/** The audit log grows with every refusal, and is sealed meanwhile; the health of instances and the certificates of their endpoints are checked on a schedule, and so are service levels. */
const tablesOfTenants = `
  select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
  where c.relnamespace = 'colloquy'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname not like 'audit%' and c.relname not in ('instance_health', 'endpoint_looks', 'sla_places', 'sla_counts', 'usage_places', 'usage_hours')
  order by c.relname`;
