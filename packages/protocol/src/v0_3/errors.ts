import { isRecord } from '../codec/index.ts';
import { jsonRpcErrorBody, parseJsonRpcError } from '../errors/index.ts';
import type { JsonRpcErrorBody, PeerError, WireError } from '../errors/index.ts';

/**
 * Renders an error of HTTP+JSON: a bare JSON-RPC error object, by the custom of 0.3's SDKs. The numbers are those of 1.0, which
 * kept 0.3's seven and added −32008 and −32009.
 */
export function restErrorBody(error: WireError): JsonRpcErrorBody {
  return jsonRpcErrorBody(error);
}

/** Reads an error of HTTP+JSON; null when the body is none. Never throws. */
export function parseRestError(body: unknown): PeerError | null {
  return isRecord(body) && typeof body['code'] === 'number' && typeof body['message'] === 'string'
    ? parseJsonRpcError(body)
    : null;
}
