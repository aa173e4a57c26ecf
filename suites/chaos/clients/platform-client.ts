import { setTimeout as wait } from 'node:timers/promises';
import type { StreamResponse } from '@colloquy/protocol';
import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { agentPath } from '@colloquy/bench/process/tenants';
import type { SeededRandom } from '../../seeded-random.ts';
import { sseFrames } from './sse-frames.ts';
import { streamCursorUri, withoutCursor } from './stream-cursor.ts';
import type { SeenEvent } from '../checks/evidence.ts';
import type { Tokens } from './tokens.ts';

/** How one try went. `unknown`: it may or may not have happened, or can not happen just now; it is safe to try again. */
export type Try<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'refused'; readonly code: number; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/** A JSON-RPC call to one agent at the platform. */
export interface Call {
  readonly agent: string;
  readonly method: string;
  readonly params: object;
  readonly lastEventId?: number;
}

/** What happens on a stream. */
export interface StreamListener {
  /** The platform answered with a stream. */
  opened(): void;
  /** Says false to leave the stream. */
  event(event: StreamedFrame): boolean;
}

/** One event of a stream, as JSON text. */
export type StreamedFrame = Pick<SeenEvent, 'seq' | 'json'>;

export interface PlatformClientOptions {
  /** Addresses of the platform processes. */
  readonly urls: readonly string[];
  readonly tenantSlug: string;
  readonly tokens: Tokens;
  readonly random: SeededRandom;
}

interface RpcAnswer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A connection to a platform process that is silent for so long is abandoned; streams carry heartbeats more often. */
const silenceMsMax = 30_000;
/** Answers that say "not now". */
const busyStatuses = new Set([429, 502, 503, 504]);

/** One tenant's program, which calls whichever platform process it picks, and another one after a try that failed. */
export class PlatformClient {
  readonly #options: PlatformClientOptions;
  readonly #dispatcher = new Agent({ headersTimeout: silenceMsMax, bodyTimeout: silenceMsMax });
  #failedAt: string | undefined;

  constructor(options: PlatformClientOptions) {
    this.#options = options;
  }

  async call<T>(call: Call): Promise<Try<T>> {
    return this.#try<T>(call, async ({ body }) => {
      const answer = (await body.json()) as RpcAnswer;
      return answer.error === undefined ? { kind: 'answer', value: answer.result as T } : refusedBy(answer.error);
    });
  }

  /** Tells `listener` of each event of a stream until the stream ends or is left. */
  async stream(call: Call, listener: StreamListener): Promise<Try<'ended'>> {
    return this.#try<'ended'>(call, async ({ headers, body }) => {
      if (!String(headers['content-type']).startsWith('text/event-stream')) {
        const { error } = (await body.json()) as RpcAnswer;
        return error === undefined ? { kind: 'unknown', reason: 'neither a stream nor an error' } : refusedBy(error);
      }
      listener.opened();
      for await (const frame of sseFrames(body)) {
        const { result, error } = JSON.parse(frame.data) as { result?: StreamResponse; error?: RpcAnswer['error'] };
        if (error !== undefined) return { kind: 'unknown', reason: `error in the stream: ${error.message}` };
        if (!listener.event({ seq: Number(frame.id), json: withoutCursor(result ?? {}, frame.id) })) break;
      }
      return { kind: 'answer', value: 'ended' };
    });
  }

  async #try<T>(call: Call, read: (response: Dispatcher.ResponseData) => Promise<Try<T>>): Promise<Try<T>> {
    const url = this.#pickUrl();
    const tried = await this.#tryAt(url, call, read);
    this.#failedAt = tried.kind === 'unknown' ? url : undefined;
    return tried;
  }

  async #tryAt<T>(
    url: string,
    { agent, method, params, lastEventId }: Call,
    read: (response: Dispatcher.ResponseData) => Promise<Try<T>>,
  ): Promise<Try<T>> {
    const { tokens, tenantSlug } = this.#options;
    try {
      const response = await request(new URL(agentPath(tenantSlug, agent), url), {
        dispatcher: this.#dispatcher,
        method: 'POST',
        headers: {
          authorization: `Bearer ${await tokens.at(url)}`,
          'content-type': 'application/json',
          'a2a-version': '1.0',
          'a2a-extensions': streamCursorUri,
          ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      });
      if (busyStatuses.has(response.statusCode)) {
        return { kind: 'unknown', reason: `${response.statusCode} ${(await response.body.text()).slice(0, 200)}` };
      }
      return await read(response);
    } catch (error) {
      return { kind: 'unknown', reason: describe(error) };
    }
  }

  #pickUrl(): string {
    const { urls, random } = this.#options;
    const others = urls.filter((url) => url !== this.#failedAt);
    return random.pick(others.length === 0 ? urls : others);
  }
}

/** Internal errors and "not now" are tried again, because a crash may look like either; the rest is an answer. */
function refusedBy({ code, message }: { code: number; message: string }): Try<never> {
  return code === -32603
    ? { kind: 'unknown', reason: message }
    : { kind: 'refused', code, reason: `${code} ${message}` };
}

function describe(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return `${String(error)}${cause instanceof Error ? ` (${cause.message})` : ''}`;
}

const backoffMsMin = 50;
const backoffMsMax = 250;

/** Waits a little before the next try; seeded, so that clients do not come back all at once. */
export const backOff = (random: SeededRandom): Promise<void> => wait(random.between(backoffMsMin, backoffMsMax));
