import { eventually, startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import { publicUrl, startClusterDatabase, startSteppingAgent } from './cluster-setting.ts';
import type { ClusterDatabase, SteppingAgent } from './cluster-setting.ts';

/** Two nodes of one platform, and a tenant whose agent works until it is allowed to end. */
export interface TwoNodes extends AsyncDisposable {
  readonly cluster: ClusterDatabase;
  readonly nodes: readonly [TestPlatform, TestPlatform];
  readonly tenant: TestTenant;
  readonly agent: SteppingAgent;
}

/** `isDeaf`: the nodes get no notifications, neither from each other nor from themselves. */
export async function startTwoNodes(isDeaf: boolean): Promise<TwoNodes> {
  const env = { COLLOQUY_PUBLIC_URL: publicUrl };
  await using unwinding = new AsyncDisposableStack();
  const cluster = unwinding.use(await startClusterDatabase(isDeaf));
  const database = cluster.proxied;
  const first = unwinding.use(await startTestPlatform({ env, database }));
  const second = unwinding.use(await startTestPlatform({ env, database }));
  const agent = unwinding.use(await startSteppingAgent({ idempotent: false }));
  const tenant = await first.createTenant('acme', { credits: 1_000_000_000 });
  await tenant.client.admin.registerAgent({ body: { name: 'stepper', cardUrl: agent.cardUrl } });
  // Work that its agent has left would be waited for when the nodes leave.
  unwinding.defer(async () => {
    agent.allow(Infinity);
    const underWork = 'select task_id from colloquy.tasks where node_id is not null limit 1';
    await eventually('no task is under work', async () => (await cluster.rows(underWork)).length === 0);
  });
  const stack = unwinding.move();
  return { cluster, nodes: [first, second], tenant, agent, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Posts a form to an endpoint of the authorization server as a client with a secret. */
export function postForm(
  url: string,
  { clientId, clientSecret }: Credentials,
  form: Readonly<Record<string, string>>,
): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  return fetch(url, { method: 'POST', headers: { authorization }, body: new URLSearchParams(form) });
}

/** A token of the client, and the id of the key that signed it. */
export async function issue(
  url: string,
  client: Credentials,
  form: Readonly<Record<string, string>> = {},
): Promise<{ readonly token: string; readonly kid: string }> {
  const answer = await postForm(`${url}/oauth/token`, client, { grant_type: 'client_credentials', ...form });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const head = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
  return { token, kid: head.kid };
}

/** What the tenant's list of agents answers to a bearer of this token. */
export async function statusFor(url: string, token: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/tenants/acme/agents`, { headers: { authorization: `Bearer ${token}` } });
  await answer.arrayBuffer();
  return answer.status;
}

/** How long it took until every node refused the token, in milliseconds, with requests sent without a pause. */
export async function untilRefused(urls: readonly string[], token: string): Promise<number> {
  const startedMs = performance.now();
  const deadlineMs = startedMs + 20_000;
  for (const url of urls) {
    while ((await statusFor(url, token)) !== 401) if (performance.now() > deadlineMs) return Infinity;
  }
  return performance.now() - startedMs;
}
