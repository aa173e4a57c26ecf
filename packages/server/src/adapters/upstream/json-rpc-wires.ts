import type { ReadOptions } from '@colloquy/protocol/codec';
import type { PeerError } from '@colloquy/protocol/errors';
import { decodeJsonRpcAnswer } from '@colloquy/protocol/jsonrpc';
import * as v0_1 from '@colloquy/protocol/v0_1';
import * as v0_3 from '@colloquy/protocol/v0_3';
import * as v1 from '@colloquy/protocol/v1';
import { digest128 } from '../../kernel/digest.ts';
import type { HttpWire } from './http-wire.ts';
import { jsonWire } from './json-wire.ts';

/** A2A 1.0 over JSON-RPC (section 9). */
export const jsonRpcWireV1: HttpWire = jsonWire({
  headers: ['a2a-version', '1.0'],
  extensionsHeader: 'a2a-extensions',
  encode: (id, asked) => ({ method: 'POST', suffix: null, body: v1.encodeCall(id, asked) }),
  decodeAnswer: v1.decodeAnswer,
  decodeEvent: v1.decodeStreamData,
  decodeRefusal,
});

/** A2A 0.3, and 0.2, over JSON-RPC: message/send and its siblings. */
export const jsonRpcWireV03: HttpWire = jsonWire({
  headers: [],
  extensionsHeader: 'x-a2a-extensions',
  encode: (id, asked) => ({ method: 'POST', suffix: null, body: v0_3.encodeCall(id, asked) }),
  decodeAnswer: v0_3.decodeAnswer,
  decodeEvent: v0_3.decodeStreamData,
  decodeRefusal,
});

/** A2A 0.1 over JSON-RPC: tasks/send and its siblings. A task at the agent has the id of our task, which its caller chooses. */
export const jsonRpcWireV01: HttpWire = jsonWire({
  headers: [],
  extensionsHeader: null,
  encode: (id, asked) => ({ method: 'POST', suffix: null, body: v0_1.encodeCall(id, asked) }),
  decodeAnswer: (operation, body, read) => v0_1.decodeAnswer(operation, body, withMessageIds(read)),
  decodeEvent: (data, read) => v0_1.decodeStreamData(data, withMessageIds(read)),
  decodeRefusal,
});

/** Messages get the same id each time the agent says them: a status that is read again is no new one. */
function withMessageIds(read: ReadOptions): v0_1.LegacyReadOptions {
  return { ...read, messageIdOf: digest128 };
}

/** The JSON-RPC error in the body of an answer that is no success by its HTTP status. */
function decodeRefusal(_status: number, body: unknown, { id }: ReadOptions): PeerError | null {
  const answer = decodeJsonRpcAnswer(body, id);
  return answer.kind === 'error' ? answer.error : null;
}
