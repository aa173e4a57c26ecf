import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AgentCard } from '@colloquy/protocol';
import { serveAgent, text } from '@colloquy/sdk/agent';
import type { AgentServer } from '@colloquy/sdk/agent';
import { startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform } from '@colloquy/testkit';
import { markerOf } from './marker.ts';

/** A tenant all of whose words bear its marker. */
export interface MarkedTenant {
  readonly slug: string;
  readonly marker: string;
  readonly token: string;
  /** The newest of its tasks. */
  readonly taskIds: string[];
  /** Where its notifications go. */
  readonly pushUrl: string;
}

/** A notification, and the tenant whose subscription brought it. */
export interface Received {
  readonly tenant: number;
  readonly text: string;
}

/** Many tenants of one platform that share an agent's server and a receiver of notifications. */
export interface Stage extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly tenants: readonly MarkedTenant[];
  readonly received: readonly Received[];
}

export async function startStage(tenantCount: number): Promise<Stage> {
  const agent = await startAgent();
  const received: Received[] = [];
  const receiver = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      received.push({ tenant: Number(request.url?.slice(1)), text: `${JSON.stringify(request.headers)}\n${body}` });
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  const platform = await startTestPlatform({ env: { COLLOQUY_LOG_LEVEL: 'debug' } });
  const tenants: MarkedTenant[] = [];
  for (let at = 0; at < tenantCount; at += 1)
    tenants.push(await markedTenant(platform, agent, { at, pushUrl: `http://127.0.0.1:${port}/${at}` }));
  return {
    platform,
    tenants,
    received,
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      receiver.closeAllConnections();
      await new Promise((resolve) => receiver.close(resolve));
      await agent.close({ graceMs: 0 });
    },
  };
}

/** Says again what it hears; fails and asks when it is told to. */
function startAgent(): Promise<AgentServer> {
  return serveAgent({
    card: { name: 'Worker', description: 'Says it again.', skills: [] },
    async handle(message, task) {
      const words = text(message);
      if (words.startsWith('ask')) return task.requireInput(`Which ${words}?`);
      await task.artifact({ id: 'echo', name: words, parts: words });
      return words.startsWith('fail') ? task.fail(words) : task.complete(words);
    },
  });
}

async function markedTenant(
  platform: TestPlatform,
  agent: AgentServer,
  { at, pushUrl }: { readonly at: number; readonly pushUrl: string },
): Promise<MarkedTenant> {
  const slug = `tenant-${at}`;
  const marker = markerOf(at);
  const { client } = await platform.createTenant(slug);
  const cardUrl = new URL('/.well-known/agent-card.json', agent.url);
  const published = (await (await fetch(cardUrl)).json()) as AgentCard;
  const skills = [{ id: marker, name: marker, description: marker, tags: [marker] }];
  const card = { ...published, name: `Worker ${marker}`, description: marker, skills };
  await client.admin.registerAgent({ body: { name: 'worker', card, priceMicrocredits: 1 } });
  await client.admin.createClient({ body: { name: `${marker} reader`, scopes: ['a2a:read'] } });
  return { slug, marker, token: await client.token(), taskIds: [], pushUrl };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
