import { setTimeout as wait } from 'node:timers/promises';
import type { StreamResponse } from '@colloquy/protocol';
import { accessToken } from '../../process/admin-api.ts';
import type { RunTenant } from '../../process/tenants.ts';
import { agentPath } from '../../process/tenants.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { sseFrames } from './sse-frames.ts';
import type { SeenEvent } from '../checks/evidence.ts';

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

interface RpcAnswer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

const tokenMs = 5 * 60_000;
const callMsMax = 30_000;
/** Answers that say "not now". */
const busyStatuses = new Set([429, 502, 503, 504]);

/** One tenant's program, which calls whichever platform process it picks. */
export class PlatformClient {
  readonly #urls: readonly string[];
  readonly #tenant: RunTenant;
  readonly #random: SeededRandom;
  #token: { readonly value: string; readonly fetchedMs: number } | undefined;

  constructor(urls: readonly string[], tenant: RunTenant, random: SeededRandom) {
    this.#urls = urls;
    this.#tenant = tenant;
    this.#random = random;
  }

  async call<T>(call: Call): Promise<Try<T>> {
    return this.#try<T>(call, async (response) => {
      const answer = (await response.json()) as RpcAnswer;
      return answer.error === undefined ? { kind: 'answer', value: answer.result as T } : refusedBy(answer.error);
    });
  }

  /** Feeds each event of a stream to `onEvent` until the stream ends; `onEvent` says false to leave it. */
  async stream(call: Call, onEvent: (event: SeenEvent) => boolean): Promise<Try<'ended'>> {
    return this.#try<'ended'>(call, async (response) => {
      if (!(response.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
        const { error } = (await response.json()) as RpcAnswer;
        return error === undefined ? { kind: 'unknown', reason: 'neither a stream nor an error' } : refusedBy(error);
      }
      if (response.body === null) return { kind: 'unknown', reason: 'a stream without a body' };
      for await (const frame of sseFrames(response.body)) {
        const { result, error } = JSON.parse(frame.data) as { result?: StreamResponse; error?: RpcAnswer['error'] };
        if (error !== undefined) return { kind: 'unknown', reason: `error in the stream: ${error.message}` };
        if (!onEvent({ seq: Number(frame.id), json: JSON.stringify(result) })) break;
      }
      return { kind: 'answer', value: 'ended' };
    });
  }

  async #try<T>(
    { agent, method, params, lastEventId }: Call,
    read: (response: Response) => Promise<Try<T>>,
  ): Promise<Try<T>> {
    const url = this.#random.pick(this.#urls);
    try {
      const response = await fetch(new URL(agentPath(this.#tenant.slug, agent), url), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await this.#accessToken(url)}`,
          'content-type': 'application/json',
          'a2a-version': '1.0',
          ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
        signal: AbortSignal.timeout(callMsMax),
      });
      if (busyStatuses.has(response.status)) {
        return { kind: 'unknown', reason: `${response.status} ${(await response.text()).slice(0, 200)}` };
      }
      return await read(response);
    } catch (error) {
      return { kind: 'unknown', reason: describe(error) };
    }
  }

  async #accessToken(url: string): Promise<string> {
    const nowMs = performance.now();
    if (this.#token === undefined || nowMs - this.#token.fetchedMs > tokenMs) {
      this.#token = { value: await accessToken(url, this.#tenant.client), fetchedMs: nowMs };
    }
    return this.#token.value;
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
