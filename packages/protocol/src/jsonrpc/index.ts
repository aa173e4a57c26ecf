/** JSON-RPC 2.0 envelopes, both directions. */
export { decodeJsonRpcRequest, isJsonRpcId, jsonRpcIdCharsMax } from './request.ts';
export type { JsonRpcId, JsonRpcRefusal, JsonRpcRequest } from './request.ts';
export { decodeJsonRpcAnswer, encodeJsonRpcError, encodeJsonRpcRequest, encodeJsonRpcResult } from './response.ts';
export type { JsonRpcAnswer } from './response.ts';
