import type { AgentCard } from '@colloquy/protocol';
import type { OnRequest } from './upstream-setting.ts';
import { chunk, chunkedHead, http, lastChunk, result, sse } from './upstream-setting.ts';

/** The card of an agent at this address. */
export function cardAt(url: string, streaming: boolean): AgentCard {
  return {
    name: 'Misbehaving',
    description: 'Does something else.',
    version: '1.0.0',
    supportedInterfaces: [{ url, protocolBinding: 'JSONRPC', protocolVersion: '1.0' }],
    capabilities: { streaming },
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [],
  };
}

/** What an agent does for each method; any other is answered with an error. */
export function script(byMethod: Readonly<Record<string, OnRequest>>): OnRequest {
  return (socket, request) => {
    const act = byMethod[request.rpc.method] ?? answersError;
    act(socket, request);
  };
}

/** A text that only the agent and its owner should ever see. */
export const agentSecret = 'postgres://agent:hunter2@agent-internal-host.example/db';

export const answersError: OnRequest = (socket, { rpc }) => {
  const error = { code: -32603, message: `it broke: ${agentSecret}`, data: [{ detail: agentSecret }] };
  socket.write(http(JSON.stringify({ jsonrpc: '2.0', id: rpc.id, error })));
};

/** Answers with this result. */
export const answers =
  (value: object): OnRequest =>
  (socket, { rpc }) =>
    socket.write(http(result(rpc.id, value)));

/** Streams these results; ends the stream, breaks it, or leaves it open. */
export const streams =
  (values: readonly object[], ending: 'end' | 'break' | 'stay' = 'end'): OnRequest =>
  (socket, { rpc }) => {
    socket.write(chunkedHead('text/event-stream') + values.map((value) => chunk(sse(rpc.id, value))).join(''));
    if (ending === 'end') socket.write(lastChunk);
    if (ending === 'break') socket.end(() => socket.destroy());
  };

/** Streams the first value, then the other one again and again until nobody listens: as fast as it is read, or at a pace. */
export const streamsForEver =
  (first: object, again: object, paceMs: number | null): OnRequest =>
  (socket, { rpc }) => {
    socket.write(chunkedHead('text/event-stream') + chunk(sse(rpc.id, first)));
    const bytes = chunk(sse(rpc.id, again));
    if (paceMs === null) {
      const more = (): void => {
        while (!socket.destroyed && socket.write(bytes));
      };
      socket.on('drain', more);
      return more();
    }
    const timer = setInterval(() => socket.write(bytes), paceMs);
    socket.on('close', () => clearInterval(timer));
  };

export const taskTold = (id: string, state: string, more: object = {}): { readonly task: object } => ({
  task: { id, contextId: 'agent-context', status: { state }, ...more },
});

export const statusTold = (taskId: string, state: string): object => ({
  statusUpdate: { taskId, contextId: 'agent-context', status: { state } },
});

export const pieceTold = (taskId: string, text: string): object => ({
  artifactUpdate: {
    taskId,
    contextId: 'agent-context',
    artifact: { artifactId: 'a', parts: [{ text }] },
    append: true,
  },
});
