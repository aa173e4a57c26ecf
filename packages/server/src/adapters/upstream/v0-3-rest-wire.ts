import { decodeRestAnswer, decodeRestStreamData, encodeRestCall, parseRestError } from '@colloquy/protocol/v0_3';
import type { HttpWire } from './http-wire.ts';
import { jsonWire } from './json-wire.ts';

/** A2A 0.3 over HTTP+JSON. */
export const restWireV03: HttpWire = jsonWire({
  headers: [],
  extensionsHeader: 'x-a2a-extensions',
  encode(_id, asked) {
    const { verb, path, body } = encodeRestCall(asked);
    return { method: verb, suffix: path, body };
  },
  decodeAnswer: decodeRestAnswer,
  decodeEvent: decodeRestStreamData,
  decodeRefusal: (_status, body) => parseRestError(body),
});
