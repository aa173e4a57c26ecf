import { parseRestError } from '@colloquy/protocol/errors';
import { decodeRestAnswer, decodeRestStreamData, encodeRestCall } from '@colloquy/protocol/v1';
import type { HttpWire } from './http-wire.ts';
import { jsonWire } from './json-wire.ts';

/** A2A 1.0 over HTTP+JSON (section 11). */
export const restWireV1: HttpWire = jsonWire({
  headers: ['a2a-version', '1.0'],
  extensionsHeader: 'a2a-extensions',
  encode(_id, asked) {
    const { verb, path, body } = encodeRestCall(asked);
    return { method: verb, suffix: path, body };
  },
  decodeAnswer: decodeRestAnswer,
  decodeEvent: decodeRestStreamData,
  decodeRefusal: (status, body) => parseRestError(body, status),
});
