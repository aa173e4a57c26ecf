import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPool } from '@colloquy/server/test';
import { createTestDatabase, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';

/** The one private address that is open to the tenant; its agent is there, and nothing else of the suite. */
export const agentHost = '127.0.0.2';

/** A platform that may call nothing private but one agent of one tenant. */
export interface Stage extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly tenant: TestTenant;
  /** Scheme, host and port of the agent, which is a receiver of notifications too. */
  readonly agentUrl: string;
  /** Calls the platform as the tenant. */
  call(
    path: string,
    body: object,
    method?: 'POST' | 'PUT',
  ): Promise<{ readonly status: number; readonly json: unknown }>;
  /** Changes rows behind the platform's back. */
  rows<Row>(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]>;
}

export async function startStage(): Promise<Stage> {
  const database = await createTestDatabase();
  const pool = createPool({ url: database.adminUrl, connectionsMax: 2, applicationName: 'ssrf' });
  const push = { COLLOQUY_PUSH_RETRY_MS: '10', COLLOQUY_PUSH_ANSWER_MS: '1000' };
  const env = { ...push, COLLOQUY_EGRESS_ALLOWED_RANGES: '' };
  const platform = await startTestPlatform({ database, env });
  const agent = await startAgent();
  const tenant = await platform.createTenant('acme');
  await platform.operator.admin.forTenant(tenant.slug).allowEgress({ body: { target: agentHost } });
  const token = await tokenOf(platform.url, tenant);
  return {
    platform,
    tenant,
    agentUrl: agent.url,
    async call(path, body, method) {
      const answer = await fetch(platform.url + path, {
        method: method === 'PUT' ? 'PUT' : 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'a2a-version': '1.0' },
        body: JSON.stringify(body),
      });
      const json: unknown = await answer.json().catch(() => null);
      return { status: answer.status, json };
    },
    rows: async <Row>(sql: string, ...values: readonly unknown[]) =>
      (await pool.query(sql, [...values])).rows as readonly Row[],
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await pool.end();
      await agent.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** The card of an agent at these interfaces. */
export function cardAt(url: string, binding = 'JSONRPC'): object {
  return {
    name: 'Probe',
    description: 'Somewhere',
    version: '1.0.0',
    supportedInterfaces: [{ url, protocolBinding: binding, protocolVersion: '1.0' }],
    capabilities: { pushNotifications: true },
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [],
  };
}

async function startAgent(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, agentHost, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${agentHost}:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (request.url !== '/a2a') return void response.end('{}');
  const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly id: string };
  const task = { id: `up-${id}`, contextId: 'context', status: { state: 'TASK_STATE_COMPLETED' } };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { task } }));
}

async function tokenOf(url: string, { clientId, clientSecret }: TestTenant): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  const answered = await fetch(`${url}/oauth/token`, { method: 'POST', headers: { authorization }, body });
  return ((await answered.json()) as { readonly access_token: string }).access_token;
}
