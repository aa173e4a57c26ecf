import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An agent on this machine that remembers which token it was called with. */
export interface SecretsAgent extends AsyncDisposable {
  /** Address of its card, and of itself. */
  readonly url: string;
  readonly tokens: readonly string[];
}

export async function startSecretsAgent(): Promise<SecretsAgent> {
  const tokens: string[] = [];
  const server = createServer((request, response) => {
    if (request.method === 'GET') return void response.end(JSON.stringify(cardOf(request)));
    tokens.push((request.headers.authorization ?? '').replace('Bearer ', ''));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly id: string };
      const task = { id: `up-${id}`, contextId: 'context', status: { state: 'TASK_STATE_COMPLETED' } };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { task } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/card`,
    tokens,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const cardOf = ({ headers: { host = '' } }: IncomingMessage): object => ({
  name: 'Keeper',
  description: 'Remembers tokens',
  version: '1.0.0',
  supportedInterfaces: [{ url: `http://${host}/`, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
  capabilities: { streaming: false },
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [],
});
