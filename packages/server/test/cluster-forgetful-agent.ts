import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AgentCard } from '@colloquy/protocol';

/** An agent that never answers the first time that it hears a message, and answers every later time. */
export interface ForgetfulAgent extends AsyncDisposable {
  readonly card: AgentCard;
  /** The ids of the messages, as often as they came. */
  readonly heard: readonly string[];
}

interface Call {
  readonly id: unknown;
  readonly params: { readonly message: { readonly messageId: string; readonly contextId: string } };
}

export async function startForgetfulAgent(): Promise<ForgetfulAgent> {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    void readCall(request).then(({ id, params: { message } }) => {
      const isKnown = heard.includes(message.messageId);
      heard.push(message.messageId);
      if (!isKnown) return;
      const task = {
        id: `of ${message.messageId}`,
        contextId: message.contextId,
        status: { state: 'TASK_STATE_COMPLETED' },
      };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { task } }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    heard,
    card: {
      name: 'Forgetful',
      description: 'Answers when it is told twice.',
      version: '1.0.0',
      supportedInterfaces: [
        { url: `http://127.0.0.1:${address.port}/`, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
      ],
      capabilities: { streaming: false },
      defaultInputModes: ['text/plain'],
      defaultOutputModes: ['text/plain'],
      skills: [],
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as Call;
}
