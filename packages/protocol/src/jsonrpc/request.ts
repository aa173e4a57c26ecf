/** The id of a JSON-RPC request, echoed in its answer: a string, an integer that survives JSON, or null. */
export type JsonRpcId = string | number | null;

/** A well-formed JSON-RPC 2.0 request. `params` is still undecoded; `{}` when absent. */
export interface JsonRpcRequest {
  readonly kind: 'request';
  readonly id: JsonRpcId;
  readonly method: string;
  readonly params: unknown;
}

/** Why an envelope is not accepted. `id` is the request's when it could be read, else null. */
export interface JsonRpcRefusal {
  readonly kind: 'refusal';
  readonly id: JsonRpcId;
  readonly error: 'InvalidRequestError';
  readonly message: string;
  /** A request that is refused for its missing id alone. A server may judge it first: what else is wrong with it says more to its sender. */
  readonly notification?: Pick<JsonRpcRequest, 'method' | 'params'>;
}

/** Longest string id that is echoed, in UTF-16 units. */
export const jsonRpcIdCharsMax = 256;

const methodCharsMax = 128;

/**
 * Decodes the envelope of one request (JSON-RPC 2.0 section 4) from parsed JSON. Never throws: a bad envelope is a
 * value. Batches and notifications are refused, since A2A 1.0 uses neither and both would act without an answer.
 */
export function decodeJsonRpcRequest(envelope: unknown): JsonRpcRequest | JsonRpcRefusal {
  if (Array.isArray(envelope)) return refusal(null, 'batches are not supported: send one request per call');
  if (!isRecord(envelope)) return refusal(null, 'the body must be a JSON-RPC request object');
  const { id, jsonrpc, method, params } = envelope;
  if (id === undefined) return withoutId(envelope);
  if (!isJsonRpcId(id)) return refusal(null, 'id must be a string, an integer or null');
  if (typeof id === 'string' && id.length > jsonRpcIdCharsMax) {
    return refusal(null, `id must have at most ${jsonRpcIdCharsMax} characters`);
  }
  if (jsonrpc !== '2.0') return refusal(id, 'jsonrpc must be "2.0"');
  if (typeof method !== 'string' || method === '') return refusal(id, 'method must be a non-empty string');
  if (method.length > methodCharsMax) return refusal(id, `method must have at most ${methodCharsMax} characters`);
  return { kind: 'request', id, method, params: params === undefined ? {} : params };
}

function withoutId({ jsonrpc, method, params = {} }: Readonly<Record<string, unknown>>): JsonRpcRefusal {
  const refused = refusal(null, 'notifications are not supported: send an id');
  const isRequest = jsonrpc === '2.0' && typeof method === 'string' && method !== '' && method.length <= methodCharsMax;
  return isRequest ? { ...refused, notification: { method, params } } : refused;
}

/** Whether a value may be a request id. Fractions and integers beyond 2^53 would not come back as they were sent. */
export function isJsonRpcId(id: unknown): id is JsonRpcId {
  return typeof id === 'string' || id === null || Number.isSafeInteger(id);
}

function refusal(id: JsonRpcId, message: string): JsonRpcRefusal {
  return { kind: 'refusal', id, error: 'InvalidRequestError', message };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
