import type { Socket } from 'node:net';
import type { OnRequest, RawRequest } from '../raw-agent.ts';
import { chunk, chunkedHead, http, lastChunk, sse } from '../raw-agent.ts';

/** A text that only the agent and its owner should ever see. */
export const agentSecret = 'postgres://agent:hunter2@agent-internal-host.example/db';

export const eventStream = 'text/event-stream';

export const nothing: OnRequest = () => undefined;

/** Says these bytes, whatever it is asked. */
export const says =
  (bytes: string | Buffer): OnRequest =>
  (socket) =>
    socket.write(bytes);

/** Says these bytes and closes the connection: in peace, or by a reset. */
export const saysAndCloses =
  (bytes: string, how: 'end' | 'reset' = 'end'): OnRequest =>
  (socket) =>
    socket.write(bytes, () => (how === 'end' ? socket.end() : socket.resetAndDestroy()));

/** Says these bytes one by one, and then the last again and again, until the other side has had enough. */
export const drips =
  (bytes: string, paceMs: number): OnRequest =>
  (socket) => {
    let at = 0;
    repeatedly(socket, paceMs, () => {
      socket.write(bytes.charAt(Math.min(at, bytes.length - 1)));
      at += 1;
    });
  };

/** Writes the first bytes, and then the others again and again, as fast as they are read, until the other side has had enough. */
export const writesForEver =
  (first: string | Buffer, again: string | Buffer): OnRequest =>
  (socket) => {
    socket.write(first);
    flood(socket, again);
  };

export function flood(socket: Socket, bytes: string | Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on('drain', more);
  more();
}

function repeatedly(socket: Socket, paceMs: number, act: () => void): void {
  const timer = setInterval(act, paceMs);
  socket.on('close', () => clearInterval(timer));
}

/** What an agent does for each method; any other is answered with an error. */
export function script(byMethod: Readonly<Record<string, OnRequest>>): OnRequest {
  return (socket, request) => {
    const act = byMethod[request.rpc.method] ?? answersError;
    act(socket, request);
  };
}

/** The same for a message, said with or without a stream; everything else is an error. */
export const sends = (act: OnRequest): OnRequest => script({ SendMessage: act, SendStreamingMessage: act });

/** Answers with these members of a JSON-RPC answer beside the right id. */
export const answersWith =
  (members: object): OnRequest =>
  (socket, { rpc }) =>
    socket.write(http(JSON.stringify({ jsonrpc: '2.0', id: rpc.id, ...members })));

/** Answers with this result. */
export const answers = (value: object): OnRequest => answersWith({ result: value });

/** Answers with this JSON text as the result, which need not be JSON. */
export const answersText =
  (text: string | ((request: RawRequest) => string)): OnRequest =>
  (socket, request) => {
    const value = typeof text === 'string' ? text : text(request);
    socket.write(http(`{"jsonrpc":"2.0","id":"${request.rpc.id}","result":${value}}`));
  };

export const rpcError = {
  error: { code: -32603, message: `it broke: ${agentSecret}`, data: [{ detail: agentSecret }] },
};
export const answersError = answersWith(rpcError);

/** Streams these results; ends the stream, breaks it, or leaves it open. */
export const streams =
  (values: readonly object[], ending: 'end' | 'break' | 'stay' = 'end'): OnRequest =>
  (socket, { rpc }) => {
    socket.write(chunkedHead(eventStream) + values.map((value) => chunk(sse(rpc.id, value))).join(''));
    if (ending === 'end') socket.write(lastChunk);
    if (ending === 'break') socket.end(() => socket.destroy());
  };

/** Streams this result and then these bytes, all at once, and leaves the stream open. */
export const streamsBytes =
  (first: object, bytes: string | Buffer | ((id: string) => string)): OnRequest =>
  (socket, { rpc }) => {
    const rest = Buffer.from(typeof bytes === 'function' ? bytes(rpc.id) : bytes);
    const body = Buffer.concat([Buffer.from(sse(rpc.id, first)), rest]);
    const size = `${body.length.toString(16)}\r\n`;
    socket.write(Buffer.concat([Buffer.from(chunkedHead(eventStream) + size), body, Buffer.from('\r\n')]));
  };

/** Streams the first value, then the other one again and again until the reader leaves: as fast as it is read, or at a pace. */
export const streamsForEver =
  (first: object, again: object, paceMs: number | null): OnRequest =>
  (socket, { rpc }) => {
    socket.write(chunkedHead(eventStream) + chunk(sse(rpc.id, first)));
    const bytes = chunk(sse(rpc.id, again));
    if (paceMs === null) return flood(socket, bytes);
    repeatedly(socket, paceMs, () => socket.write(bytes));
  };

export const taskTold = (id: string, state: string, more: object = {}): { readonly task: object } => ({
  task: { id, contextId: 'agent-context', status: { state }, ...more },
});

export const statusTold = (taskId: string, state: string): object => ({
  statusUpdate: { taskId, contextId: 'agent-context', status: { state } },
});

export const pieceTold = (taskId: string, text: string, over: object = {}): object => ({
  artifactUpdate: {
    taskId,
    contextId: 'agent-context',
    artifact: { artifactId: 'a', parts: [{ text }] },
    append: true,
    ...over,
  },
});

export const working = taskTold('up-1', 'TASK_STATE_WORKING');
export const completed = taskTold('up-1', 'TASK_STATE_COMPLETED');
export const completion = statusTold('up-1', 'TASK_STATE_COMPLETED');
