import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentCard } from '@colloquy/protocol';
import { encodeAgentCard } from '@colloquy/protocol/v1';
import { completeCard } from './agent-card.ts';
import type { CardInput } from './agent-card.ts';
import { agentLimits } from './agent-limits.ts';
import { createCardEndpoint } from './card-endpoint.ts';
import { createForwardVerifier } from './forward-trust.ts';
import type { ForwardTrust } from './forward-trust.ts';
import { appear } from './presence.ts';
import type { Presence, PresenceOptions } from './presence.ts';
import { answerRpc } from './rpc-endpoint.ts';
import type { RpcOptions } from './rpc-endpoint.ts';
import { TaskMemory } from './task-memory.ts';
import type { TaskMemoryBounds } from './task-memory.ts';
import type { AgentHandler } from './task-run.ts';

/** An agent: its card, its address and its handler. */
export interface ServeAgentOptions {
  readonly card: CardInput;
  readonly handle: AgentHandler;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Path of the A2A endpoint, starting with a slash; default `/`. The card lies below it and at the root. */
  readonly path?: string;
  /** The address to put on the card when it differs from where the server listens, for example behind a proxy. */
  readonly publicUrl?: string;
  /**
   * `true`: the same message finds its task again instead of doing the work twice. Colloquy resends a message with the
   * same messageId when it lost the connection or crashed; register such an agent as idempotent there too.
   */
  readonly idempotent?: boolean;
  /** With it, the server admits only requests that carry the platform's forward token. */
  readonly trust?: ForwardTrust;
  /** With it, the agent registers at a platform when it starts, renews a lease, and deregisters when it closes. */
  readonly presence?: PresenceOptions;
  /** How much the sample store keeps. */
  readonly memory?: Partial<TaskMemoryBounds>;
  /** Called with the error that a handler threw; default writes it to stderr. */
  readonly onError?: (error: unknown, task: { readonly id: string }) => void;
}

/** A running agent server. */
export interface AgentServer extends AsyncDisposable {
  /** The A2A address; the card is at `/.well-known/agent-card.json` of the same origin. */
  readonly url: string;
  readonly port: number;
  readonly card: AgentCard;
  /** The instance's id at the platform of `presence`; undefined while it is not registered. */
  readonly instanceId: string | undefined;
  /** Deregisters at the platform, stops listening, waits for running handlers, then aborts them and closes open connections. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

/**
 * Serves an agent over A2A 1.0 (JSON-RPC, with streaming). Resolves when it listens; rejects when the port is taken.
 * Tasks are kept in memory (see {@link TaskMemory}).
 */
export async function serveAgent(options: ServeAgentOptions): Promise<AgentServer> {
  const path = options.path?.replace(/\/+$/, '') ?? '';
  const memory = new TaskMemory(options.memory);
  const server = createServer({ requestTimeout: agentLimits.requestMs, keepAliveTimeout: agentLimits.keepAliveMs });
  await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  const port = portOf(server);
  const url = options.publicUrl ?? `http://${hostForUrl(options.host ?? '127.0.0.1')}:${port}${path}/`;
  const card = completeCard(options.card, url);
  const rpc: RpcOptions = {
    memory,
    handle: options.handle,
    idempotent: options.idempotent ?? false,
    onError: options.onError ?? reportToStderr,
    verify: options.trust === undefined ? undefined : createForwardVerifier(options.trust, url),
  };
  server.on('request', createRouter(path, createCardEndpoint(encodeAgentCard(card)), rpc));
  const presence = options.presence === undefined ? undefined : await appear(options.presence, url);
  const close = closer(server, memory, presence);
  return {
    url,
    port,
    card,
    get instanceId() {
      return presence?.instanceId;
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

type Endpoint = (request: IncomingMessage, response: ServerResponse) => void;

function createRouter(path: string, card: Endpoint, rpc: RpcOptions): Endpoint {
  const cardPaths = new Set(['', path].map((base) => `${base}/.well-known/agent-card.json`));
  return (request, response) => {
    const at = request.url?.split('?', 1)[0] ?? '';
    if (cardPaths.has(at)) return card(request, response);
    if (at !== path && at !== `${path}/`) return void response.writeHead(404).end();
    if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end();
    void answerRpc(rpc, request, response);
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

function hostForUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function closer(server: Server, memory: TaskMemory, presence: Presence | undefined): AgentServer['close'] {
  let closed: Promise<void> | undefined;
  return ({ graceMs = agentLimits.closeGraceMs } = {}) => {
    closed ??= sayGoodbye(presence, graceMs).then(() => closeServer(server, memory, graceMs));
    return closed;
  };
}

/** The platform's processes deliver requests under way until all of them know that the instance has left. */
async function sayGoodbye(presence: Presence | undefined, graceMs: number): Promise<void> {
  if (presence === undefined) return;
  await presence.leave();
  await delay(Math.min(agentLimits.goodbyeMs, graceMs), undefined, { ref: false });
}

async function closeServer(server: Server, memory: TaskMemory, graceMs: number): Promise<void> {
  const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const running = (): readonly Promise<void>[] => memory.all().flatMap(({ run }) => (run ? [run.finished] : []));
  await Promise.race([Promise.all(running()), delay(graceMs, undefined, { ref: false })]);
  for (const { run } of memory.all()) run?.close();
  // Streams deliver the last events of the handlers before their connections close.
  await Promise.race([stopped, delay(agentLimits.closeFlushMs, undefined, { ref: false })]);
  server.closeAllConnections();
  await stopped;
}

function reportToStderr(error: unknown, task: { readonly id: string }): void {
  process.stderr.write(`agent: task ${task.id}: ${inspect(error)}\n`);
}
