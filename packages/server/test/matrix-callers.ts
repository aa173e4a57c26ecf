import { randomUUID } from 'node:crypto';
import type { StreamResponse, TaskOperationRequest } from '@colloquy/protocol';
import { defaultDecodeLimits } from '@colloquy/protocol/codec';
import type { ClientOutcome, ReadOptions, UnaryResults } from '@colloquy/protocol/codec';
import { parseRestError } from '@colloquy/protocol/errors';
import type { PeerError } from '@colloquy/protocol/errors';
import { decodeJsonRpcAnswer } from '@colloquy/protocol/jsonrpc';
import { SseParser } from '@colloquy/protocol/sse';
import * as v01 from '@colloquy/protocol/v0_1';
import * as v03 from '@colloquy/protocol/v0_3';
import * as v1 from '@colloquy/protocol/v1';
import { digest128 } from '../src/kernel/digest.ts';

/** What a caller asks. */
export type Asked = Exclude<TaskOperationRequest, { readonly operation: 'ListTasks' }>;
type Unary = 'SendMessage' | 'GetTask' | 'CancelTask';

/** A caller that speaks one wire exactly. Both calls fail with {@link Refused} when they are refused. */
export interface WireCaller {
  ask<K extends Unary>(asked: Asked & { readonly operation: K }): Promise<UnaryResults[K]>;
  watch(asked: Asked): AsyncIterable<StreamResponse>;
}

/** A refusal, by the name of its error. */
export class Refused extends Error {
  readonly error: PeerError;

  constructor(error: PeerError) {
    super(`${error.name}: ${error.message}`);
    this.error = error;
  }
}

/** The address and the credential of a caller. */
export interface Destination {
  readonly agentUrl: string;
  readonly token: string;
}

/** Every wire of callers. A wire is added here, in one line. */
export const callers: Readonly<Record<string, (to: Destination) => WireCaller>> = {
  '1.0 JSONRPC': (to) => new HttpCaller(to, rpcWire(v1, { 'a2a-version': '1.0' })),
  '1.0 HTTP+JSON': (to) => new HttpCaller(to, restWire(v1, parseRestError, { 'a2a-version': '1.0' })),
  '0.3 JSONRPC': (to) => new HttpCaller(to, rpcWire(v03, {})),
  '0.3 HTTP+JSON': (to) => new HttpCaller(to, restWire(v03, v03.parseRestError, {})),
  '0.1 JSONRPC': (to) => new HttpCaller(to, rpcWire(codecV01, {})),
};

interface CallerWire {
  readonly headers: Readonly<Record<string, string>>;
  encode(id: string, asked: Asked): { readonly verb: string; readonly path: string; readonly body: string | null };
  answer<K extends Unary>(operation: K, body: string, read: ReadOptions): ClientOutcome<UnaryResults[K]>;
  event(data: string, read: ReadOptions): ClientOutcome<StreamResponse>;
  refusal(status: number, body: unknown, read: ReadOptions): PeerError | null;
}

interface RpcCodec {
  encodeCall(id: string, asked: Asked): string;
  decodeAnswer<K extends Unary>(operation: K, body: string, read: ReadOptions): ClientOutcome<UnaryResults[K]>;
  decodeStreamData(data: string, read: ReadOptions): ClientOutcome<StreamResponse>;
}

/** Messages have no ids on this wire, so each gets that of its words. */
const messageIdOf = (said: string): string => digest128(said);

const codecV01: RpcCodec = {
  encodeCall: v01.encodeCall,
  decodeAnswer: (operation, body, read) => v01.decodeAnswer(operation, body, { ...read, messageIdOf }),
  decodeStreamData: (data, read) => v01.decodeStreamData(data, { ...read, messageIdOf }),
};

function rpcWire(codec: RpcCodec, headers: CallerWire['headers']): CallerWire {
  return {
    headers,
    encode: (id, asked) => ({ verb: 'POST', path: '', body: codec.encodeCall(id, asked) }),
    answer: (operation, body, read) => codec.decodeAnswer(operation, body, read),
    event: (data, read) => codec.decodeStreamData(data, read),
    refusal: (_status, body, { id }) => {
      const answer = decodeJsonRpcAnswer(body, id);
      return answer.kind === 'error' ? answer.error : null;
    },
  };
}

interface RestCodec {
  encodeRestCall(asked: Asked): { readonly verb: string; readonly path: string; readonly body: string | null };
  decodeRestAnswer<K extends Unary>(operation: K, body: string, read: ReadOptions): ClientOutcome<UnaryResults[K]>;
  decodeRestStreamData(data: string, read: ReadOptions): ClientOutcome<StreamResponse>;
}

function restWire(
  codec: RestCodec,
  parse: (body: unknown, status: number) => PeerError | null,
  headers: CallerWire['headers'],
): CallerWire {
  return {
    headers,
    encode: (_id, asked) => codec.encodeRestCall(asked),
    answer: (operation, body, read) => codec.decodeRestAnswer(operation, body, read),
    event: (data, read) => codec.decodeRestStreamData(data, read),
    refusal: (status, body) => parse(body, status),
  };
}

/** Calls over HTTP in the words of a codec. */
class HttpCaller implements WireCaller {
  readonly #to: Destination;
  readonly #wire: CallerWire;

  constructor(to: Destination, wire: CallerWire) {
    this.#to = to;
    this.#wire = wire;
  }

  async ask<K extends Unary>(asked: Asked & { readonly operation: K }): Promise<UnaryResults[K]> {
    const { response, read } = await this.#start(asked);
    const text = await response.text();
    this.#assertTaken(response, text, read);
    return valueOf(this.#wire.answer<K>(asked.operation, text, read));
  }

  async *watch(asked: Asked): AsyncGenerator<StreamResponse, void, undefined> {
    const { response, read } = await this.#start(asked);
    if (response.body === null || !response.headers.get('content-type')?.startsWith('text/event-stream')) {
      const text = await response.text();
      this.#assertTaken(response, text, read);
      yield valueOf(this.#wire.event(text, read));
      return;
    }
    const parser = new SseParser({ eventBytesMax: 1_000_000 });
    const chunks: AsyncIterable<Uint8Array> = response.body;
    for await (const chunk of chunks) {
      for (const { data } of parser.push(chunk)) yield valueOf(this.#wire.event(data, read));
    }
  }

  async #start(asked: Asked): Promise<{ readonly response: Response; readonly read: ReadOptions }> {
    const id = randomUUID();
    const { verb, path, body } = this.#wire.encode(id, asked);
    const headers = {
      ...this.#wire.headers,
      authorization: `Bearer ${this.#to.token}`,
      ...(body === null ? {} : { 'content-type': 'application/json' }),
    };
    const response = await fetch(this.#to.agentUrl + path, { method: verb, headers, body });
    return { response, read: { id, depthMax: 64, limits: defaultDecodeLimits } };
  }

  #assertTaken(response: Response, text: string, read: ReadOptions): void {
    if (response.ok) return;
    const error = this.#wire.refusal(response.status, JSON.parse(text), read);
    throw error === null ? new Error(`HTTP ${response.status}: ${text}`) : new Refused(error);
  }
}

function valueOf<T>(outcome: ClientOutcome<T>): T {
  if (outcome.kind === 'value') return outcome.value;
  if (outcome.kind === 'agent-error') throw new Refused(outcome.error);
  throw new Error(`${outcome.message}: ${JSON.stringify(outcome.violations)}`);
}
