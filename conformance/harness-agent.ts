/**
 * The agent behind the gateway while its conformance is judged. It does what the beginning of a messageId says
 * (harness/script.ts), for our scenarios and for those of the official kit. Run alone, it prints its address as a line of JSON.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AgentEndpoint } from './harness/agent-endpoint.ts';
import type { HeardCall } from './harness/agent-endpoint.ts';

export interface HarnessAgent extends AsyncDisposable {
  readonly url: string;
  /** Where its card is. */
  readonly cardUrl: string;
  /** The calls that reached it, oldest first. */
  readonly heard: readonly HeardCall[];
  /** Conditions (If-None-Match) of the requests for its card. */
  readonly cardConditions: readonly (string | undefined)[];
  /** Lets a message that holds go on; false when there is none. */
  release(messageId: string): boolean;
}

export interface HarnessOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** More fields of the card, over its own. */
  readonly card?: object;
}

export const harnessSkill = { id: 'play', name: 'Play', description: 'Plays the script of a message.', tags: ['test'] };

const etag = '"harness-1"';

/** Starts the harness agent on loopback. */
export async function startHarnessAgent({ port = 0, card }: HarnessOptions = {}): Promise<HarnessAgent> {
  const endpoint = new AgentEndpoint();
  const cardConditions: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      cardConditions.push(request.headers['if-none-match']);
      response.writeHead(200, { 'content-type': 'application/json', etag });
      response.end(JSON.stringify({ ...harnessCardAt(url), ...card }));
      return;
    }
    endpoint.answer(request, response).catch(() => response.destroy());
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, '127.0.0.1', resolve);
  await promise;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    cardUrl: `${url}.well-known/agent-card.json`,
    heard: endpoint.heard,
    cardConditions,
    release: (messageId) => endpoint.release(messageId),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What the harness agent publishes unless it is told otherwise. */
export const harnessCardAt = (url: string): object => ({
  name: 'Harness',
  description: 'Does what the beginning of a messageId says.',
  version: '1.0.0',
  supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: { streaming: true },
  defaultInputModes: ['text/plain', 'application/json'],
  defaultOutputModes: ['text/plain', 'application/json'],
  skills: [harnessSkill],
});

if (import.meta.main) {
  const agent = await startHarnessAgent({ port: Number(process.argv[2] ?? 0) });
  console.log(JSON.stringify({ msg: 'ready', url: agent.url, cardUrl: agent.cardUrl }));
}
