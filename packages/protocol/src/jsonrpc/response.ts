import type { JsonRpcErrorBody, PeerError } from '../errors/index.ts';
import { parseJsonRpcError } from '../errors/index.ts';
import type { JsonRpcId } from './request.ts';

/** Wraps an already encoded result. `resultJson` is JSON text, put in as it is: results are written once. */
export function encodeJsonRpcResult(id: JsonRpcId, resultJson: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${resultJson}}`;
}

/** Wraps an error object from `jsonRpcErrorBody`. `id` is null when the request's could not be read. */
export function encodeJsonRpcError(id: JsonRpcId, error: JsonRpcErrorBody): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":${JSON.stringify(error)}}`;
}

/** Wraps already encoded params as a request. */
export function encodeJsonRpcRequest(id: JsonRpcId, method: string, paramsJson: string): string {
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":${JSON.stringify(method)}`;
  return `${head},"params":${paramsJson}}`;
}

/** What came back for a request: a result still undecoded, the peer's error, or an envelope that is neither. */
export type JsonRpcAnswer =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly error: PeerError }
  | { readonly kind: 'malformed'; readonly message: string };

/**
 * Decodes a response envelope from parsed JSON (JSON-RPC 2.0 section 5) and checks that it answers `id`. An error
 * may carry a null id: the peer could not read ours. Never throws.
 */
export function decodeJsonRpcAnswer(envelope: unknown, id: JsonRpcId): JsonRpcAnswer {
  if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope)) {
    return malformed('the answer must be a JSON-RPC response object');
  }
  const answer: { jsonrpc?: unknown; id?: unknown; result?: unknown; error?: unknown } = envelope;
  if (answer.jsonrpc !== '2.0') return malformed('jsonrpc must be "2.0"');
  // Some peers send `error: null` beside a result.
  const failed = answer.error !== undefined && answer.error !== null;
  if (failed && answer.result !== undefined && answer.result !== null) {
    return malformed('the answer carries both a result and an error');
  }
  if (answer.id !== id && !(failed && (answer.id === null || answer.id === undefined))) {
    return malformed('the answer carries another id than the request');
  }
  if (failed) return { kind: 'error', error: parseJsonRpcError(answer.error) };
  if (answer.result === undefined) return malformed('the answer carries neither a result nor an error');
  return { kind: 'result', result: answer.result };
}

function malformed(message: string): JsonRpcAnswer {
  return { kind: 'malformed', message };
}
