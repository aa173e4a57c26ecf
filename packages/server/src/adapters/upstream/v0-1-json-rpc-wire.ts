import type { ReadOptions } from '@colloquy/protocol/codec';
import { decodeAnswer, decodeStreamData, encodeCall } from '@colloquy/protocol/v0_1';
import type { LegacyReadOptions } from '@colloquy/protocol/v0_1';
import { digest128 } from '../../kernel/digest.ts';
import type { HttpWire } from './http-wire.ts';
import { jsonWire } from './json-wire.ts';
import { jsonRpcRefusal } from './json-rpc-refusal.ts';

/** A2A 0.1 over JSON-RPC: tasks/send and its siblings. A task at the agent has the id of our task, which its caller chooses. */
export const jsonRpcWireV01: HttpWire = jsonWire({
  headers: [],
  extensionsHeader: null,
  encode: (id, asked) => ({ method: 'POST', suffix: null, body: encodeCall(id, asked) }),
  decodeAnswer: (operation, body, read) => decodeAnswer(operation, body, withMessageIds(read)),
  decodeEvent: (data, read) => decodeStreamData(data, withMessageIds(read)),
  decodeRefusal: jsonRpcRefusal,
});

/** Messages get the same id each time the agent says them: a status that is read again is no new one. */
function withMessageIds(read: ReadOptions): LegacyReadOptions {
  return { ...read, messageIdOf: digest128 };
}
