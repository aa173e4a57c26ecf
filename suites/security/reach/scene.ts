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
  /** Ends what the agent works on, so that it has room for the next trial. */
  readonly endWork: () => void;
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
  if (isDeaf) proxy.refuse('colloquy notifications');
  const through = { ...database, adminUrl: proxy.url };
  const env = { COLLOQUY_STRANGER_REQUESTS_PER_SECOND: '100000' };
  const one = unwinding.use(await startTestPlatform({ database: through, env }));
  const both = { ...env, COLLOQUY_PUBLIC_URL: one.url };
  const other = unwinding.use(await startTestPlatform({ database: through, env: both }));
  let round = 0;
  const agent = await serveAgent({
    card: { name: 'Worker', description: 'Works until it is told to stop.', skills: [] },
    async handle(message, task) {
      if (text(message) === 'ping') return task.complete('pong');
      await task.working('Working.');
      const mine = round;
      await eventually('it is over', () => task.signal.aborted || round > mine, 120_000);
      if (!task.signal.aborted) await task.complete('Done.');
    },
  });
  unwinding.defer(async () => {
    round += 1;
    await agent.close({ graceMs: 0 });
  });
  const tenant = await one.createTenant(tenantSlug, { scopes: everyTenantScope });
  const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
  await tenant.client.admin.registerAgent({ body: { name: agentName, cardUrl, priceMicrocredits: 1 } });
  const stack = unwinding.move();
  return {
    replicas: [one, other],
    urls: [one.url, other.url],
    tenant,
    endWork: () => void (round += 1),
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

/** Throws, with what was answered instead, unless a message of this bearer is taken. */
export async function assertLetIn(url: string, token: string): Promise<true> {
  const answer = await ping(url, token);
  if (answer.ok) return true;
  throw new Error(`${answer.status} ${await answer.text()}`);
}

/** Whether the bearer is known and may send; what keeps it from sending for another reason is no refusal. */
export async function isLetIn(url: string, token: string): Promise<boolean> {
  const answer = await ping(url, token);
  await answer.arrayBuffer();
  return ![401, 403, 404].includes(answer.status);
}

function ping(url: string, token: string): Promise<Response> {
  return fetch(`${url}/t/${tenantSlug}/agents/${agentName}/message:send`, {
    method: 'POST',
    headers: headersOf(token),
    body: bodyOf('ping'),
  });
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
