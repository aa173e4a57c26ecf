import { randomUUID } from 'node:crypto';
import { createPool } from '../src/adapters/postgres/pool.ts';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestPlatformOptions, TestTenant } from '@colloquy/testkit';

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
}

export interface WireCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Null sends no token. Default: the tenant's own client, with every scope. */
  readonly token?: string | null;
  readonly signal?: AbortSignal;
}

/** An agent that does what a message says, and records the messages that it received. */
export interface ObedientAgent extends AsyncDisposable {
  readonly url: string;
  readonly heard: string[];
  /** Lets every task go on that holds. */
  release(): void;
}

export interface A2aSetting extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly tenant: TestTenant;
  readonly agent: ObedientAgent;
  /** `/t/{tenant}/agents/worker`. */
  readonly path: string;
  /** A token of this platform, or of another one. */
  tokenFor(client: Pick<TestTenant, 'clientId' | 'clientSecret'>, scope?: string, url?: string): Promise<string>;
  fetch(path: string, call?: WireCall): Promise<Response>;
  call(path: string, call?: WireCall): Promise<WireAnswer>;
  /** A JSON-RPC call to the agent. */
  rpc(method: string, params: unknown, call?: WireCall): Promise<WireAnswer>;
  /** A REST call below the agent. */
  rest(verb: string, path: string, body?: unknown, call?: WireCall): Promise<WireAnswer>;
  /** Every row of the tables that work leaves traces in. */
  everyRow(): Promise<string>;
  /** What a superuser finds. */
  rows(sql: string): Promise<readonly Record<string, unknown>[]>;
}

export const json = { 'content-type': 'application/json' } as const;
export const version = { 'a2a-version': '1.0' } as const;

/** A user's message with this text. */
export const say = (words: string, over: object = {}) => ({
  message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: words }], ...over },
});

export async function startA2aSetting(options: TestPlatformOptions = {}): Promise<A2aSetting> {
  const platform = await startTestPlatform(options);
  const agent = await startObedientAgent();
  const tenant = await platform.createTenant(`acme-${randomUUID().slice(0, 8)}`);
  const card = new URL('/.well-known/agent-card.json', agent.url).href;
  await tenant.client.admin.registerAgent({ body: { name: 'worker', cardUrl: card, priceMicrocredits: 5 } });
  const pool = createPool({ url: platform.database.adminUrl, connectionsMax: 1, applicationName: 'a2a-test' });
  const tokenFor: A2aSetting['tokenFor'] = (client, scope, url) => requestToken(url ?? platform.url, client, scope);
  const ownToken = await tokenFor(tenant);
  const fetchPath: A2aSetting['fetch'] = (path, { token = ownToken, headers, ...rest } = {}) =>
    fetch(platform.url + path, {
      ...rest,
      headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
      redirect: 'manual',
    });
  const call: A2aSetting['call'] = async (path, options) => readAnswer(await fetchPath(path, options));
  const path = `/t/${tenant.slug}/agents/worker`;
  return {
    platform,
    tenant,
    agent,
    path,
    tokenFor,
    fetch: fetchPath,
    call,
    rpc: (method, params, options) =>
      call(path, {
        method: 'POST',
        body: JSON.stringify({ jsonrpc: '2.0', id: 'q-1', method, params }),
        ...options,
        headers: { ...json, ...version, ...options?.headers },
      }),
    rest: (verb, below, body, options) =>
      call(path + below, {
        method: verb,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...options,
        headers: { ...(body === undefined ? {} : json), ...version, ...options?.headers },
      }),
    everyRow: async () => {
      const rows: string[] = [];
      for (const table of ['tasks', 'task_events', 'ledger_entries', 'wallets', 'idempotency_keys']) {
        const found = await pool.query(`select t::text as row from colloquy.${table} t order by 1`);
        rows.push(table, ...found.rows.map(({ row }: { row: string }) => row));
      }
      return rows.join('\n');
    },
    rows: async (sql) => (await pool.query(sql)).rows as Record<string, unknown>[],
    async [Symbol.asyncDispose]() {
      agent.release();
      await pool.end();
      await platform[Symbol.asyncDispose]();
      await agent[Symbol.asyncDispose]();
    },
  };
}

async function requestToken(
  baseUrl: string,
  { clientId, clientSecret }: Pick<TestTenant, 'clientId' | 'clientSecret'>,
  scope?: string,
): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) });
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const response = await fetch(`${baseUrl}/oauth/token`, { method: 'POST', headers: { authorization }, body });
  const answer = (await response.json()) as { access_token?: string };
  if (answer.access_token === undefined) throw new Error(`No token: ${JSON.stringify(answer)}`);
  return answer.access_token;
}

async function readAnswer(response: Response): Promise<WireAnswer> {
  const { status, headers } = response;
  const body = await response.text();
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    parsed = undefined;
  }
  return { status, headers, text: body, json: parsed };
}

async function startObedientAgent(): Promise<ObedientAgent> {
  const heard: string[] = [];
  const held = new Set<() => void>();
  const server: AgentServer = await serveAgent({
    card: { name: 'Worker', description: 'Does what it is told.', skills: [], defaultInputModes: ['*/*'] },
    async handle(message, task) {
      const words = text(message);
      heard.push(words);
      if (words.startsWith('hold')) {
        await task.working('Holding.');
        await new Promise<void>((resolve) => {
          held.add(resolve);
          task.signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
      if (words.startsWith('ask')) return task.requireInput('Which one?');
      if (words.startsWith('reply')) return task.reply('Just words.');
      await task.artifact({ id: 'echo', parts: words });
      return task.complete('Done.');
    },
  });
  return {
    url: server.url,
    heard,
    release() {
      for (const resolve of held) resolve();
      held.clear();
    },
    [Symbol.asyncDispose]: () => server.close({ graceMs: 100 }),
  };
}
