import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { encodeGrpcCall, grpcPath } from '@colloquy/protocol/grpc';
import { listen } from '@colloquy/bench/process/ready';
import { grpcFrame } from '@colloquy/testkit';
import type { LargeOrder } from './large-agent.ts';
import type { MemoryStage } from './memory-stage.ts';

/** How large the attacks are. */
export interface AttackSizes {
  /** Sends that return at once, in the first attack. */
  readonly sends: number;
  /** Bytes of an event, and events of a task. */
  readonly eventBytes: number;
  readonly eventsPerTask: number;
  /** Tasks that are listed, and lists at once. */
  readonly tasks: number;
  readonly lists: number;
  /** Connections that ask for a task and read nothing. */
  readonly readers: number;
  /** Subscriptions that read nothing, and the bytes of the events that they get. */
  readonly subscriptions: number;
  readonly smallEventBytes: number;
  readonly gapMs: number;
  /** Sends of messages of as many bytes, to an agent that is long about its answer. */
  readonly messages: number;
  readonly messageBytes: number;
  /** Tasks with a receiver of notifications that answers nothing. */
  readonly receivers: number;
}

/** An attack goes on until its signal aborts; it answers what it counted. */
export type Attack = (stage: MemoryStage, sizes: AttackSizes, signal: AbortSignal) => Promise<Counts>;
export type Counts = Readonly<Record<string, number>>;

type Agent = 'jsonRpc' | 'grpc';

/** (a) Many sends that return at once, to an agent that streams large events. */
export const largeEvents =
  (agent: Agent): Attack =>
  async (stage, sizes, signal) => {
    const order = { events: sizes.eventsPerTask, bytes: sizes.eventBytes, gapMs: 0 };
    const sent = await Promise.allSettled(
      Array.from({ length: sizes.sends }, async () => beginTask(stage, agent, order)),
    );
    await over(signal);
    return { sends: sent.filter(({ status }) => status === 'fulfilled').length };
  };

/** (b) Several pages at once of many large tasks. */
export const largeLists =
  (binding: Agent): Attack =>
  async (stage, sizes, signal) => {
    let pages = 0;
    let refused = 0;
    const listOn = async (): Promise<void> => {
      while (!signal.aborted) {
        const isServed = binding === 'jsonRpc' ? await listTasks(stage) : await listTasksByGrpc(stage, signal);
        if (isServed) pages += 1;
        else {
          refused += 1;
          await pause(100);
        }
      }
    };
    await Promise.all(Array.from({ length: sizes.lists }, listOn));
    return { pages, refused };
  };

/** (c) Connections that ask for a large task and read nothing of the answer. */
export const unreadTasks =
  (binding: Agent): Attack =>
  async (stage, { readers }, signal) => {
    const id = await anyTask(stage);
    if (binding === 'grpc') return unreadCalls(stage, 'GetTask', { id }, { count: readers, signal });
    return unreadRequests(stage, { method: 'GetTask', params: { id } }, { count: readers, signal });
  };

/** (d) Subscriptions that read nothing, to a task that goes on. */
export const unreadStreams =
  (binding: Agent): Attack =>
  async (stage, { subscriptions, smallEventBytes, gapMs }, signal) => {
    const id = await beginTask(stage, 'jsonRpc', { events: 10_000, bytes: smallEventBytes, gapMs });
    if (binding === 'grpc') return unreadCalls(stage, 'SubscribeToTask', { id }, { count: subscriptions, signal });
    return unreadRequests(stage, { method: 'SubscribeToTask', params: { id } }, { count: subscriptions, signal });
  };

/** (e) Sends of large messages that return at once, to an agent that takes its time. */
export const largeMessages =
  (agent: Agent): Attack =>
  async (stage, { messages, messageBytes }, signal) => {
    const order = { events: 10_000, bytes: 1, gapMs: 1_000, padding: 'x'.repeat(messageBytes) };
    let sends = 0;
    let refused = 0;
    const sendOn = async (): Promise<void> => {
      while (!signal.aborted && sends < messages) {
        const isSent = await beginTask(stage, agent, order).then(
          () => true,
          () => false,
        );
        if (isSent) sends += 1;
        else {
          refused += 1;
          await pause(100);
        }
      }
    };
    await Promise.all(Array.from({ length: 16 }, sendOn));
    await over(signal);
    return { sends, refused };
  };

/** The webhook twin: receivers of whole tasks (A2A 0.3) that take connections and answer nothing. */
export const unansweredNotifications: Attack = async (stage, sizes, signal) => {
  let notified = 0;
  const receiver = createServer((request, response) => {
    const token = new URL(request.url ?? '/', 'http://receiver').searchParams.get('validationToken');
    // The challenge and small notifications are answered; a large one is neither read nor answered.
    const isSmall = Number(request.headers['content-length'] ?? 0) < sizes.eventBytes / 2;
    if (isSmall) request.resume().once('end', () => response.end(token ?? ''));
    else notified += 1;
  });
  const url = await listen(receiver);
  const text = JSON.stringify({ events: sizes.eventsPerTask, bytes: sizes.eventBytes, gapMs: 0 });
  const sent = await Promise.allSettled(
    Array.from({ length: sizes.receivers }, async () =>
      call(stage, 'jsonRpc', {
        version: '0.3',
        method: 'message/send',
        params: {
          message: { kind: 'message', messageId: randomUUID(), role: 'user', parts: [{ kind: 'text', text }] },
          configuration: { blocking: false, pushNotificationConfig: { url } },
        },
      }),
    ),
  );
  await over(signal);
  receiver.closeAllConnections();
  receiver.close();
  return { sends: sent.filter(({ status }) => status === 'fulfilled').length, notified };
};

/** Tasks that stay, each as large as it may be. */
export async function makeLargeTasks(stage: MemoryStage, sizes: AttackSizes): Promise<void> {
  const order = { events: sizes.eventsPerTask, bytes: sizes.eventBytes, gapMs: 0 };
  for (let at = 0; at < sizes.tasks; at += 4)
    await Promise.all(Array.from({ length: Math.min(4, sizes.tasks - at) }, () => sendAndWait(stage, order)));
}

async function sendAndWait(stage: MemoryStage, order: LargeOrder): Promise<void> {
  const id = await beginTask(stage, 'jsonRpc', order);
  for (;;) {
    const { tasks = [] } = await call<{ tasks?: { id: string; status: { state: string } }[] }>(stage, 'jsonRpc', {
      method: 'ListTasks',
      params: { pageSize: 100 },
    });
    const state = tasks.find((task) => task.id === id)?.status.state;
    if (state === 'TASK_STATE_COMPLETED') return;
    if (state === 'TASK_STATE_FAILED') throw new Error('a task that was to be listed failed');
    await pause(200);
  }
}

interface RpcCall {
  readonly version?: '0.3';
  readonly method: string;
  readonly params: object;
}

const headersOf = ({ attacker }: MemoryStage, version = '1.0'): Record<string, string> => ({
  authorization: `Bearer ${attacker.token}`,
  'content-type': 'application/json',
  'a2a-version': version,
});

async function call<Result>(stage: MemoryStage, agent: Agent, { version, method, params }: RpcCall): Promise<Result> {
  const response = await fetch(new URL(stage.attacker.paths[agent], stage.url), {
    method: 'POST',
    headers: headersOf(stage, version),
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const { result, error } = (await response.json()) as { result?: Result; error?: { message: string } };
  if (result === undefined) throw new Error(error?.message ?? `status ${String(response.status)}`);
  return result;
}

async function beginTask(stage: MemoryStage, agent: Agent, order: LargeOrder): Promise<string> {
  const message = { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text: JSON.stringify(order) }] };
  const params = { message, configuration: { returnImmediately: true } };
  const { task } = await call<{ task: { id: string } }>(stage, agent, { method: 'SendMessage', params });
  return task.id;
}

async function anyTask(stage: MemoryStage): Promise<string> {
  const { tasks } = await call<{ tasks: { id: string }[] }>(stage, 'jsonRpc', {
    method: 'ListTasks',
    params: { pageSize: 1, status: 'TASK_STATE_COMPLETED' },
  });
  const [task] = tasks;
  if (task === undefined) throw new Error('there is no large task');
  return task.id;
}

/** Whether a page came, or a refusal. */
async function listTasks(stage: MemoryStage): Promise<boolean> {
  const params = { pageSize: 100, includeArtifacts: true };
  const response = await fetch(new URL(stage.attacker.paths.jsonRpc, stage.url), {
    method: 'POST',
    headers: headersOf(stage),
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ListTasks', params }),
  });
  let head = '';
  for await (const chunk of response.body ?? []) if (head.length < 200) head += Buffer.from(chunk).toString('latin1');
  return head.includes('"result"');
}

interface Unread {
  readonly count: number;
  readonly signal: AbortSignal;
}

/** Opens connections, asks on each and reads nothing; one that is closed is opened again. */
async function unreadRequests(stage: MemoryStage, asked: RpcCall, { count, signal }: Unread): Promise<Counts> {
  const { port } = new URL(stage.url);
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, ...asked });
  const fields = Object.entries({ host: 'localhost', ...headersOf(stage), 'content-length': body.length });
  const head = fields.map(([name, value]) => `${name}: ${String(value)}\r\n`).join('');
  const request = `POST ${stage.attacker.paths.jsonRpc} HTTP/1.1\r\n${head}\r\n${body}`;
  let closed = 0;
  const open = (): void => {
    if (signal.aborted) return;
    const socket = connect({ port: Number(port), host: '127.0.0.1' });
    const end = (): void => void socket.destroy();
    signal.addEventListener('abort', end, { once: true });
    socket.on('error', () => undefined).on('connect', () => socket.write(request));
    socket.on('close', () => {
      signal.removeEventListener('abort', end);
      closed += 1;
      setTimeout(open, 500);
    });
    // Without a reader nothing is read, and a connection that the platform closes shows that only by a reset.
    socket.pause();
  };
  for (let at = 0; at < count; at += 1) {
    open();
    if (at % 100 === 99) await pause(20);
  }
  await over(signal);
  return { connections: count, closed };
}

async function unreadCalls(
  stage: MemoryStage,
  operation: 'GetTask' | 'SubscribeToTask',
  { id }: { readonly id: string },
  { count, signal }: Unread,
): Promise<Counts> {
  const perSession = 100;
  let ended = 0;
  const sessions: ClientHttp2Session[] = [];
  for (let at = 0; at < count && !signal.aborted; at += 1) {
    if (at % perSession === 0) sessions.push(openSession(stage));
    const stream = grpcCall(
      sessions.at(-1),
      stage,
      encodeGrpcCall({ operation, request: { id, routingTag } }),
      operation,
    );
    stream?.on('close', () => (ended += 1));
    if (at % perSession === perSession - 1) await pause(20);
  }
  await over(signal);
  for (const session of sessions) session.destroy();
  return { calls: count, ended };
}

const routingTag = 'attacker/json-rpc';

async function listTasksByGrpc(stage: MemoryStage, signal: AbortSignal): Promise<boolean> {
  const session = openSession(stage);
  const message = encodeGrpcCall({
    operation: 'ListTasks',
    request: { pageSize: 100, includeArtifacts: true, routingTag },
  });
  const stream = grpcCall(session, stage, message, 'ListTasks');
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let bytes = 0;
  stream?.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('close', () => resolve(bytes > 1_000));
  signal.addEventListener('abort', () => resolve(false), { once: true });
  const isServed = await promise;
  session.destroy();
  return isServed;
}

function openSession({ grpcAddress }: MemoryStage): ClientHttp2Session {
  const session = connectHttp2(`http://${grpcAddress}`);
  return session.on('error', () => undefined);
}

function grpcCall(
  session: ClientHttp2Session | undefined,
  { attacker }: MemoryStage,
  message: Uint8Array,
  operation: Parameters<typeof grpcPath>[0],
) {
  if (session === undefined || session.destroyed) return null;
  const stream = session.request({
    ':method': 'POST',
    ':path': grpcPath(operation),
    'content-type': 'application/grpc',
    te: 'trailers',
    'a2a-version': '1.0',
    authorization: `Bearer ${attacker.token}`,
  });
  stream.on('error', () => undefined);
  stream.end(grpcFrame(message));
  return stream;
}

function over(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
