import { serveAgent, text } from '@colloquy/sdk/agent';
import {
  createTestDatabase,
  eventually,
  everyTenantScope,
  startDatabaseProxy,
  startTestPlatform,
} from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';

/** Two replicas, and a tenant whose agent answers `ping` at once and works on everything else until it is canceled. */
export interface Scene extends AsyncDisposable {
  readonly replicas: readonly [TestPlatform, TestPlatform];
  readonly urls: readonly string[];
  readonly tenant: TestTenant;
}

/** An open stream. */
export interface OpenStream {
  /** When the server ended it, by the machine's monotonic clock. */
  readonly ended: Promise<number>;
  close(): void;
}

export const agentName = 'worker';
export const tenantSlug = 'acme';

/** `isDeaf`: no notification of the database reaches a replica, so that only looking helps. */
export async function startScene(isDeaf: boolean): Promise<Scene> {
  await using unwinding = new AsyncDisposableStack();
  const database = unwinding.use(await createTestDatabase());
  const proxy = unwinding.use(await startDatabaseProxy(database.adminUrl));
  if (isDeaf) proxy.refuse('colloquy hints');
  const through = { ...database, adminUrl: proxy.url };
  const env = { COLLOQUY_STRANGER_REQUESTS_PER_SECOND: '100000' };
  const one = unwinding.use(await startTestPlatform({ database: through, env }));
  const both = { ...env, COLLOQUY_PUBLIC_URL: one.url };
  const other = unwinding.use(await startTestPlatform({ database: through, env: both }));
  const aborter = new AbortController();
  const agent = await serveAgent({
    card: { name: 'Worker', description: 'Works until it is told to stop.', skills: [] },
    async handle(message, task) {
      if (text(message) === 'ping') return task.complete('pong');
      await task.working('Working.');
      await eventually('it is over', () => task.signal.aborted || aborter.signal.aborted, 120_000);
    },
  });
  unwinding.defer(async () => {
    aborter.abort();
    await agent.close({ graceMs: 0 });
  });
  const tenant = await one.createTenant(tenantSlug, { scopes: everyTenantScope });
  const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
  await tenant.client.admin.agents.register({ name: agentName, cardUrl });
  const stack = unwinding.move();
  return {
    replicas: [one, other],
    urls: [one.url, other.url],
    tenant,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const headersOf = (token: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
  'a2a-version': '1.0',
});

const bodyOf = (words: string): string =>
  JSON.stringify({ message: { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text: words }] } });

/** Whether a message of this bearer is taken. */
export async function isLetIn(url: string, token: string): Promise<boolean> {
  const answer = await fetch(`${url}/t/${tenantSlug}/agents/${agentName}/message:send`, {
    method: 'POST',
    headers: headersOf(token),
    body: bodyOf('ping'),
  });
  await answer.arrayBuffer();
  return answer.ok;
}

/** Opens a stream of a task that does not end by itself, and returns once the agent works. */
export async function openStream(url: string, token: string): Promise<OpenStream> {
  const aborter = new AbortController();
  const answer = await fetch(`${url}/t/${tenantSlug}/agents/${agentName}/message:stream`, {
    method: 'POST',
    headers: headersOf(token),
    body: bodyOf('work'),
    signal: aborter.signal,
  });
  if (!answer.ok || answer.body === null) throw new Error(`No stream: ${answer.status} ${await answer.text()}`);
  let seen = '';
  const read = async (): Promise<number> => {
    for await (const bytes of answer.body ?? []) seen += Buffer.from(bytes).toString();
    return performance.now();
  };
  const ended = read().catch(() => performance.now());
  await eventually('the agent works', () => seen.includes('TASK_STATE_WORKING'));
  return { ended, close: () => aborter.abort() };
}
