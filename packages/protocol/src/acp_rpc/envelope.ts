import { isList, isRecord } from '../codec/index.ts';
import { isJsonRpcId, jsonRpcIdCharsMax } from '../jsonrpc/index.ts';
import type { JsonRpcId } from '../jsonrpc/index.ts';

/** One call: without an id it is a notification and gets no answer. `params` is undecoded, and undefined where left out. */
export interface AcpRpcEnvelope {
  readonly kind: 'call';
  readonly id: Exclude<JsonRpcId, null> | undefined;
  readonly method: string;
  readonly params: unknown;
}

/** Why an envelope is no request. `id` is the request's where it could be read, else null. */
export interface AcpRpcRefusal {
  readonly kind: 'refusal';
  readonly id: JsonRpcId;
  readonly field: string;
  readonly message: string;
}

/** What a body holds: one call, or a batch of calls of which each is judged by itself. */
export type AcpRpcBody =
  | { readonly kind: 'single'; readonly item: AcpRpcEnvelope | AcpRpcRefusal }
  | { readonly kind: 'batch'; readonly items: readonly (AcpRpcEnvelope | AcpRpcRefusal)[] };

/** Most calls of one batch. */
export const batchCallsMax = 50;

const methodCharsMax = 128;
const members = new Set(['jsonrpc', 'method', 'params', 'id']);

/** Decodes the envelopes of a body from parsed JSON. Never throws: a bad envelope is a value. */
export function decodeBody(body: unknown): AcpRpcBody {
  if (!isList(body)) return { kind: 'single', item: envelopeOf(body) };
  if (body.length >= 1 && body.length <= batchCallsMax) return { kind: 'batch', items: body.map(envelopeOf) };
  return { kind: 'single', item: refusal(null, '', `a batch must have 1 to ${batchCallsMax} requests`) };
}

/** A null id is none, so such a request is a notification. */
function envelopeOf(value: unknown): AcpRpcEnvelope | AcpRpcRefusal {
  if (!isRecord(value)) return refusal(null, '', 'a request must be an object');
  const { id: given = null, jsonrpc, method, params } = value;
  if (!isJsonRpcId(given)) return refusal(null, 'id', 'id must be a string or an integer');
  if (typeof given === 'string' && given.length > jsonRpcIdCharsMax) {
    return refusal(null, 'id', `id must have at most ${jsonRpcIdCharsMax} characters`);
  }
  if (jsonrpc !== '2.0') return refusal(given, 'jsonrpc', 'jsonrpc must be "2.0"');
  if (typeof method !== 'string' || method === '' || method.length > methodCharsMax) {
    return refusal(given, 'method', `method must be a string of 1 to ${methodCharsMax} characters`);
  }
  if (params !== undefined && !isRecord(params)) return refusal(given, 'params', 'params must be an object');
  if (!Object.keys(value).every((name) => members.has(name))) {
    return refusal(given, '', 'a request has no members but jsonrpc, method, params and id');
  }
  return { kind: 'call', id: given ?? undefined, method, params };
}

function refusal(id: JsonRpcId, field: string, message: string): AcpRpcRefusal {
  return { kind: 'refusal', id, field, message };
}
