import { decodeAnswer, decodeStreamData, encodeCall } from '@colloquy/protocol/v0_3';
import type { HttpWire } from './http-wire.ts';
import { jsonWire } from './json-wire.ts';
import { jsonRpcRefusal } from './json-rpc-refusal.ts';

/** A2A 0.3, and 0.2, over JSON-RPC: message/send and its siblings. */
export const jsonRpcWireV03: HttpWire = jsonWire({
  headers: [],
  extensionsHeader: 'x-a2a-extensions',
  encode: (id, asked) => ({ method: 'POST', suffix: null, body: encodeCall(id, asked) }),
  decodeAnswer,
  decodeEvent: decodeStreamData,
  decodeRefusal: jsonRpcRefusal,
});
