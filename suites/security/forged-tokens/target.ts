import { createPool } from '@colloquy/server/test';
import { serveAgent } from '@colloquy/sdk/agent';
import { startAuthorizationServer, startTestPlatform } from '@colloquy/testkit';
import type { AuthorizationServer, TestPlatform, TestTenant } from '@colloquy/testkit';

/** A platform with a tenant that trusts a second authorization server, and what it holds. */
export interface Target extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly tenant: TestTenant;
  readonly server: AuthorizationServer;
  /** Of tokens of the second server for the tenant. */
  readonly audience: string;
  readonly apiKey: string;
  /** Everything that the platform keeps, but when keys were used. */
  state(): Promise<string>;
  /** Requests that were refused as unauthenticated, by the platform's own count. */
  countRefusals(): Promise<number>;
}

const tables = [
  'tenants',
  'tasks',
  'task_events',
  'oauth_clients',
  'api_keys',
  'external_issuers',
  'agents',
  'wallets',
  'ledger_entries',
  'audit_entries',
  'signing_keys',
];

export async function startTarget(): Promise<Target> {
  const agent = await serveAgent({
    card: { name: 'Worker', description: 'Works.', skills: [] },
    handle: (_message, task) => task.complete('Done.'),
  });
  const server = await startAuthorizationServer();
  const platform = await startTestPlatform({
    env: { COLLOQUY_STRANGER_REQUESTS_PER_SECOND: '100000' },
  });
  const tenant = await platform.createTenant('acme');
  const { admin } = tenant.client;
  await admin.registerAgent({
    body: { name: 'worker', cardUrl: new URL('/.well-known/agent-card.json', agent.url).href },
  });
  const scopeMap = { 'agents.call': ['a2a:send', 'a2a:read', 'agents:write', 'clients:write'] };
  const { audience } = await admin.registerIssuer({ body: { name: 'second', issuer: server.issuer, scopeMap } });
  const { apiKey } = await admin.createApiKey({
    body: { name: 'ci', scopes: ['a2a:read', 'a2a:send', 'agents:write'] },
  });
  const pool = createPool({ url: platform.database.adminUrl, connectionsMax: 1, applicationName: 'forged tokens' });
  return {
    platform,
    tenant,
    server,
    audience,
    apiKey,
    async state() {
      const rows = tables.map(
        (table) => `(select coalesce(json_agg(x order by x::text)::text, '') from colloquy.${table} x)`,
      );
      const { rows: found } = await pool.query<{ state: string }>(`select md5(concat(${rows.join()})) as state`);
      return found[0]?.state ?? '';
    },
    async countRefusals() {
      const text = await (await fetch(`${platform.opsUrl}/metrics`)).text();
      const lines = text.matchAll(/^colloquy_errors_total\{code="access\.unauthenticated"[^}]*\} (\d+)$/gm);
      return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
    },
    async [Symbol.asyncDispose]() {
      await pool.end();
      await platform[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await agent.close();
    },
  };
}
