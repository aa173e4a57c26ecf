import { serveAgent, text } from '@colloquy/sdk/agent';
import { startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform } from '@colloquy/testkit';

/** One request as the platform's log tells of it. */
export interface SeenRequest {
  readonly status: number;
  readonly operation: string;
  /** Why it failed; null when it did not. */
  readonly code: string | null;
  /** The caller's own id of the request, as far as it may be logged. */
  readonly reference: string | null;
}

/** A platform with one tenant and an agent that remembers what it heard. */
export interface Target extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly port: number;
  /** Path of the agent. */
  readonly path: string;
  readonly token: string;
  /** Texts of the messages that reached the agent. */
  readonly heard: readonly string[];
  /** Requests that the platform has seen the end of, from an earlier count on. */
  seenSince(count: number): readonly SeenRequest[];
  readonly seenCount: number;
  /** Tasks of the tenant. */
  countTasks(): Promise<number>;
}

export async function startTarget(env: Readonly<Record<string, string>> = {}): Promise<Target> {
  const heard: string[] = [];
  const agent = await serveAgent({
    card: { name: 'Worker', description: 'Remembers.', skills: [] },
    handle: (message, task) => {
      heard.push(text(message));
      return task.complete('Done.');
    },
  });
  const platform = await startTestPlatform({ env: { COLLOQUY_LOG_LEVEL: 'debug', ...env } });
  const tenant = await platform.createTenant('acme');
  const cardUrl = new URL('/.well-known/agent-card.json', agent.url).href;
  await tenant.client.admin.registerAgent({ body: { name: 'worker', cardUrl, priceMicrocredits: 1 } });
  const token = await tokenOf(platform.url, tenant);
  const path = `/t/${tenant.slug}/agents/worker`;
  return {
    platform,
    port: Number(new URL(platform.url).port),
    path,
    token,
    heard,
    seenSince: (count) => platform.logLines.slice(count).flatMap(requestIn),
    get seenCount() {
      return platform.logLines.length;
    },
    async countTasks() {
      const answer = await fetch(`${platform.url}${path}/tasks?pageSize=1`, {
        headers: { authorization: `Bearer ${token}`, 'a2a-version': '1.0' },
      });
      return ((await answer.json()) as { totalSize: number }).totalSize;
    },
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await agent.close({ graceMs: 100 });
    },
  };
}

async function tokenOf(
  url: string,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  const answer = await fetch(`${url}/oauth/token`, { method: 'POST', headers: { authorization }, body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

function requestIn(line: string): SeenRequest[] {
  const { requestId, status, operation, code, clientReference } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  if (typeof requestId !== 'string' || typeof status !== 'number') return [];
  const reference = typeof clientReference === 'string' ? clientReference : null;
  return [{ status, operation: String(operation), code: typeof code === 'string' ? code : null, reference }];
}
