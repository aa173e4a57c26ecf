import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Binding, Place, Reply, StreamEvent, WireFailure } from './binding.ts';
import { bodyOf, exchange, headerOf, readStream } from './http-exchange.ts';

/** A JSON-RPC answer (A2A 1.0 section 9). */
interface RpcAnswer {
  readonly jsonrpc?: unknown;
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: WireFailure['details'] };
}

/** The JSON-RPC binding. */
export function jsonRpc(place: Place): Binding {
  const request = (method: string, params: object, id: string) => ({
    method: 'POST',
    url: place.url,
    contentType: 'application/json',
    body: JSON.stringify({ jsonrpc: '2.0', id, method, params: withTenant(place, params) }),
  });
  return {
    name: 'JSONRPC',
    async call(operation, params, options) {
      const id = randomUUID();
      return readReply(await exchange(place, request(operation, params, id), options), id);
    },
    async open(operation, params, options) {
      const id = randomUUID();
      const abort = new AbortController();
      const response = await exchange(place, request(operation, params, id), options, abort);
      const eventOf = (data: unknown): StreamEvent => resultOf(data as RpcAnswer, id) as StreamEvent;
      return readStream(response, { abort, replyOf: (answer) => readReply(answer, id), eventOf });
    },
  };
}

/** The routing tag of the interface goes into every request (section 8.3.2). */
export const withTenant = ({ tenant }: Place, params: object): object =>
  tenant === undefined ? params : { tenant, ...params };

async function readReply(response: Response, id: string): Promise<Reply> {
  const answer = (await bodyOf(response)) as RpcAnswer | undefined;
  const { status } = response;
  const header = headerOf(response);
  if (answer?.error === undefined) return { result: resultOf(answer, id), status, header };
  const { code, message, data = [] } = answer.error;
  assert.equal(answer.jsonrpc, '2.0');
  return { failure: { code, message, details: data }, status, header };
}

function resultOf(answer: RpcAnswer | undefined, id: string): unknown {
  assert.deepEqual({ jsonrpc: answer?.jsonrpc, id: answer?.id }, { jsonrpc: '2.0', id }, 'an answer repeats its id');
  assert.ok(answer !== undefined && 'result' in answer, 'an answer has a result or an error');
  return answer.result;
}
