import { applyEvent } from '@colloquy/protocol';
import type { StreamResponse, Task } from '@colloquy/protocol';
import { SseParser } from '@colloquy/protocol/sse';
import { serveAgent, text } from '@colloquy/sdk/agent';
import { createTestDatabase, eventually, startDatabaseProxy } from '@colloquy/testkit';
import type { TestDatabase } from '@colloquy/testkit';
import { createPool } from '../src/adapters/postgres/pool.ts';
import { streamCursorUri } from '../src/modules/registry/index.ts';

/** The address that all nodes of a test share; nothing listens there. */
export const publicUrl = 'http://colloquy.test';

/** The database that all nodes of a test share, and the test's own look into it. */
export interface ClusterDatabase extends AsyncDisposable {
  readonly database: TestDatabase;
  /** The same database for nodes that are to hear of each other only when the test wants it. */
  readonly proxied: TestDatabase;
  rows<Row = Record<string, unknown>>(sql: string, ...values: readonly unknown[]): Promise<Row[]>;
}

/** `isDeaf`: no notification of one node arrives at another that uses `proxied`. */
export async function startClusterDatabase(isDeaf: boolean): Promise<ClusterDatabase> {
  const database = await createTestDatabase();
  const pool = createPool({ url: database.adminUrl, connectionsMax: 1, applicationName: 'cluster-test' });
  const proxy = await startDatabaseProxy(database.adminUrl);
  if (isDeaf) proxy.refuse('colloquy notifications');
  return {
    database,
    proxied: { ...database, adminUrl: proxy.url },
    rows: async <Row>(sql: string, ...values: readonly unknown[]) => (await pool.query(sql, [...values])).rows as Row[],
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await pool.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** An event of a stream as it came over the wire. */
export interface WireEvent {
  readonly id: string;
  readonly data: string;
}

/** A stream that is being read. */
export interface Watch {
  readonly events: readonly WireEvent[];
  /** How it ended: by the server's last byte, or by a broken connection. */
  readonly over: Promise<'ended' | 'cut'>;
}

export interface WatchRequest {
  /** Address of the agent at one node. */
  readonly agentUrl: string;
  readonly token: string;
  /** `/tasks/{id}:subscribe` or `/message:stream`. */
  readonly path: string;
  readonly body?: object;
  readonly lastEventId?: string | undefined;
}

/** Opens a stream of the HTTP+JSON binding, whose frames are the log's own, and reads it as it comes. */
export async function watch({ agentUrl, token, path, body = {}, lastEventId }: WatchRequest): Promise<Watch> {
  const response = await fetch(agentUrl + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'a2a-version': '1.0',
      'a2a-extensions': streamCursorUri,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    body: JSON.stringify(body),
  });
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    throw new Error(`No stream: ${response.status} ${await response.text()}`);
  }
  const events: WireEvent[] = [];
  return { events, over: readAll(response, events) };
}

async function readAll(response: Response, events: WireEvent[]): Promise<'ended' | 'cut'> {
  const parser = new SseParser({ eventBytesMax: 1024 * 1024 });
  try {
    for await (const bytes of response.body ?? []) {
      for (const { data, lastEventId } of parser.push(bytes as Uint8Array)) events.push({ id: lastEventId, data });
    }
    return 'ended';
  } catch {
    return 'cut';
  }
}

export function idsOf(events: readonly WireEvent[]): readonly string[] {
  return events.map(({ id }) => id);
}

/** `1 … count` as ids of a whole log. */
export function idsTo(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => String(at + 1));
}

/** The task that a reader of these events knows. The first of them is a snapshot. */
export function foldOf(events: readonly WireEvent[]): Task {
  let known: Task = { id: '', status: { state: 'TASK_STATE_UNSPECIFIED' } };
  for (const { data } of events) known = applyEvent(known, JSON.parse(data) as StreamResponse);
  return known;
}

export function outputOf(task: Task): string {
  const parts = (task.artifacts ?? []).flatMap((artifact) => artifact.parts);
  return parts.map((part) => ('text' in part ? part.text : '')).join('');
}

/** An agent whose tasks put out pieces, each when the test allows it. */
export interface SteppingAgent extends AsyncDisposable {
  readonly cardUrl: string;
  /** The first words of every turn it began to work on. */
  readonly heard: readonly string[];
  /** Those whose task was canceled. */
  readonly canceled: readonly string[];
  /** Lets every task put out this many pieces in all. */
  allow(pieces: number): void;
}

export const piecesMax = 6;
export const wholeOutput = Array.from({ length: piecesMax }, (_, at) => `${at + 1} `).join('');

/** `idempotent`: the same message finds its task again. A message `ask …` is answered with a question. */
export async function startSteppingAgent({ idempotent }: { readonly idempotent: boolean }): Promise<SteppingAgent> {
  const heard: string[] = [];
  const canceled: string[] = [];
  const aborter = new AbortController();
  let allowed = 0;
  const server = await serveAgent({
    card: { name: 'Stepper', description: 'Goes step by step.', skills: [] },
    idempotent,
    async handle(message, task) {
      const words = text(message);
      heard.push(words);
      if (words.startsWith('ask')) return task.requireInput('Which way?');
      await task.working('Stepping.');
      for (let piece = 1; piece <= piecesMax; piece += 1) {
        const mayGoOn = (): boolean => allowed >= piece || task.signal.aborted || aborter.signal.aborted;
        await eventually(`piece ${piece} is allowed`, mayGoOn, 60_000);
        if (task.signal.aborted) return void canceled.push(words);
        await task.artifact({ id: 'steps', parts: `${piece} `, append: piece > 1 });
      }
      return task.complete('Stepped.');
    },
  });
  return {
    cardUrl: new URL('/.well-known/agent-card.json', server.url).href,
    heard,
    canceled,
    allow: (pieces) => void (allowed = pieces),
    async [Symbol.asyncDispose]() {
      aborter.abort();
      await server.close({ graceMs: 0 });
    },
  };
}
