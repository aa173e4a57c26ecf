import type { ReadOptions } from '@colloquy/protocol/codec';
import type { PeerError } from '@colloquy/protocol/errors';
import { decodeJsonRpcAnswer } from '@colloquy/protocol/jsonrpc';

/** The JSON-RPC error in the body of an answer that is no success by its HTTP status. */
export function jsonRpcRefusal(_status: number, body: unknown, { id }: ReadOptions): PeerError | null {
  const answer = decodeJsonRpcAnswer(body, id);
  return answer.kind === 'error' ? answer.error : null;
}
