/** An agent of the attacking tenant: its task is as many events of as many bytes, with as long a pause, as the message says in JSON. Over JSON-RPC and gRPC. */
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { StreamResponse } from '@colloquy/protocol';
import { decodeGrpcRequest, encodeGrpcAnswer, grpcPath } from '@colloquy/protocol/grpc';
import { defaultDecodeLimits } from '@colloquy/protocol/codec';
import { grpcFrame, grpcHead, startRawGrpcAgent } from '@colloquy/testkit';
import { listen, sayReady } from '@colloquy/bench/process/ready';

/** What a message asks for. */
export interface LargeOrder {
  readonly events: number;
  readonly bytes: number;
  readonly gapMs: number;
  /** What makes the message large. */
  readonly padding?: string;
}

let taskCount = 0;

/** The events of one task, one at a time; each is asked for when the one before has left. */
async function* eventsOf({ events, bytes, gapMs }: LargeOrder): AsyncGenerator<StreamResponse> {
  taskCount += 1;
  const ids = { taskId: `large-${String(taskCount)}`, contextId: `context-${String(taskCount)}` };
  const text = 'x'.repeat(bytes);
  yield { task: { id: ids.taskId, contextId: ids.contextId, status: { state: 'TASK_STATE_WORKING' } } };
  for (let at = 0; at < events; at += 1) {
    const artifact = { artifactId: 'large', parts: [{ text }] };
    yield { artifactUpdate: { ...ids, artifact, ...(at === 0 ? {} : { append: true }) } };
    if (gapMs > 0) await pause(gapMs);
  }
  yield { statusUpdate: { ...ids, status: { state: 'TASK_STATE_COMPLETED' } } };
}

/** What the agent writes to: false when it has to wait. */
interface Outlet {
  readonly destroyed: boolean;
  write(bytes: string | Buffer): boolean;
  end(): void;
  once(event: 'drain' | 'close', listener: () => void): unknown;
}

async function tell(
  outlet: Outlet,
  order: LargeOrder,
  frame: (event: StreamResponse) => string | Buffer,
): Promise<void> {
  for await (const event of eventsOf(order)) {
    if (outlet.destroyed) return;
    if (outlet.write(frame(event))) continue;
    await new Promise<void>((resolve) => {
      outlet.once('drain', resolve);
      outlet.once('close', resolve);
    });
  }
  outlet.end();
}

interface Envelope {
  readonly id: string | number;
  readonly method: string;
  readonly params: { readonly message: { readonly parts: readonly { readonly text: string }[] } };
}

const http = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    // Sent by our own platform.
    const { id, method, params } = (body === '' ? { method: 'probe' } : JSON.parse(body)) as Envelope;
    if (method !== 'SendStreamingMessage') {
      const error = { code: -32601, message: 'This agent only streams.' };
      response.end(JSON.stringify({ jsonrpc: '2.0', id, error }));
      return;
    }
    response.on('error', () => undefined);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const order = JSON.parse(params.message.parts[0]?.text ?? '') as LargeOrder;
    void tell(response, order, (result) => `data: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`);
  });
});
const grpc = await startRawGrpcAgent((stream, { headers, body }) => {
  if (headers[':path'] !== grpcPath('SendStreamingMessage'))
    return stream.respond({ ...grpcHead, 'grpc-status': '12' }, { endStream: true });
  const asked = decodeGrpcRequest('SendStreamingMessage', body.subarray(5), defaultDecodeLimits);
  const text = 'message' in asked.request ? asked.request.message.parts[0]?.text : undefined;
  stream.respond(grpcHead, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  void tell(stream, JSON.parse(text ?? '') as LargeOrder, (event) =>
    grpcFrame(encodeGrpcAnswer('SendStreamingMessage', JSON.stringify(event))),
  );
});
sayReady({ jsonRpcUrl: await listen(http), grpcUrl: grpc.url });
