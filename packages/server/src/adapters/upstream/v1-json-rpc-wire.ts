import { decodeAnswer, decodeStreamData, encodeCall } from '@colloquy/protocol/v1';
import type { HttpWire } from './http-wire.ts';
import { jsonWire } from './json-wire.ts';
import { jsonRpcRefusal } from './json-rpc-refusal.ts';

/** A2A 1.0 over JSON-RPC (section 9). */
export const jsonRpcWireV1: HttpWire = jsonWire({
  headers: ['a2a-version', '1.0'],
  extensionsHeader: 'a2a-extensions',
  encode: (id, asked) => ({ method: 'POST', suffix: null, body: encodeCall(id, asked) }),
  decodeAnswer,
  decodeEvent: decodeStreamData,
  decodeRefusal: jsonRpcRefusal,
});
