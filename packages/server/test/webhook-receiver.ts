import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StreamResponse } from '@colloquy/protocol';

/** A notification as it came. */
export interface ReceivedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly atMs: number;
}

/** How a receiver answers: with a status, with 200 and a text, or never. */
export type Answering = (
  call: ReceivedCall,
  response: ServerResponse,
) => number | { readonly status: number; readonly headers: Readonly<Record<string, string>> } | string | null;

/** A real receiver of notifications on this machine. */
export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string;
  /** Everything that came, in order, challenges included. */
  readonly calls: readonly ReceivedCall[];
  /** The notifications that came to this path. */
  at(path: string): readonly ReceivedCall[];
  /** How it answers from now on; 200 at first. A text is answered with 200. */
  answer: Answering;
}

export async function startReceiver(): Promise<WebhookReceiver> {
  const calls: ReceivedCall[] = [];
  const receiver = { answer: (() => 200) as Answering };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call: ReceivedCall = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
        atMs: performance.now(),
      };
      calls.push(call);
      respond(response, receiver.answer(call, response));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${String(port)}`,
    calls,
    at: (path: string) => calls.filter((call) => call.method === 'POST' && call.path === path),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function respond(response: ServerResponse, answered: ReturnType<Answering>): void {
  if (answered === null) return;
  if (typeof answered === 'string') return void response.writeHead(200).end(answered);
  const { status, headers } = typeof answered === 'number' ? { status: answered, headers: {} } : answered;
  response.writeHead(status, headers).end();
}

/** What a notification says, in few words: `task submitted`, `status working`, `artifact`. */
export function gistOf({ body }: ReceivedCall): string {
  const said = JSON.parse(body) as StreamResponse;
  const stateOf = (state: string): string => state.replace('TASK_STATE_', '').toLowerCase();
  if (said.task !== undefined) return `task ${stateOf(said.task.status.state)}`;
  if (said.statusUpdate !== undefined) return `status ${stateOf(said.statusUpdate.status.state)}`;
  return said.artifactUpdate === undefined ? 'message' : 'artifact';
}

/** Whether a notification is signed with this secret, as a receiver with a library for Standard Webhooks checks it. */
export function isSigned({ headers, body }: ReceivedCall, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
  const mac = createHmac('sha256', key)
    .update(`${String(id)}.${String(timestamp)}.${body}`)
    .digest('base64');
  return String(signature).split(' ').includes(`v1,${mac}`);
}
