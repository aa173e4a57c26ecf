import { readJson } from '@colloquy/protocol/json';
import type { JsonObject } from '@colloquy/protocol';
import { limits } from '../../kernel/limits.ts';

/** A token that could be one of an external issuer, read and not verified. */
export interface CompactToken {
  readonly algorithm: string;
  readonly kid: string;
  /** In lower case, without `application/`; null for none. */
  readonly type: string | null;
  readonly claims: JsonObject;
}

const kidCharsMax = 256;
const part = /^[A-Za-z0-9_-]+$/;
/**
 * Header members that bring or fetch a key, change the signed bytes, require an unsupported extension, or belong to encryption
 * (RFC 7515 section 4.1, RFC 7516 section 4.1, RFC 7797, RFC 7518 section 4). The thumbprints `x5t` and `x5t#S256` do no harm.
 */
const forbidden = 'jwk jku x5u x5c crit b64 enc zip epk apu apv iv tag p2s p2c cty'.split(' ');

/** Reads a compact JWS (RFC 7515 section 3.1) strictly: each JSON text and each base64url text has one form only. Null for all else. */
export function readCompactToken(token: string): CompactToken | null {
  if (token.length > limits.tokenBytesMax) return null;
  const parts = token.split('.');
  const [head = '', body = ''] = parts;
  if (parts.length !== 3 || !parts.every(isCanonical)) return null;
  const header = objectIn(head);
  const claims = objectIn(body);
  if (header === null || claims === null || forbidden.some((member) => Object.hasOwn(header, member))) return null;
  const { alg, kid, typ } = header;
  if (typeof alg !== 'string' || typeof kid !== 'string' || kid === '' || kid.length > kidCharsMax) return null;
  if (typ !== undefined && typeof typ !== 'string') return null;
  return { algorithm: alg, kid, type: typ === undefined ? null : mediaType(typ), claims };
}

/** The last digit may carry unused bits; a text that sets them is a second form of the same bytes. */
function isCanonical(text: string): boolean {
  return part.test(text) && Buffer.from(text, 'base64url').toString('base64url') === text;
}

function objectIn(text: string): JsonObject | null {
  const reading = readJson(Buffer.from(text, 'base64url'), { depthMax: limits.jsonDepthMax });
  if (reading.kind === 'refusal') return null;
  const { value } = reading;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a value of JSON that is an object and no list
  return value as JsonObject;
}

/** RFC 7515 section 4.1.9. */
function mediaType(typ: string): string {
  const lower = typ.toLowerCase();
  return lower.startsWith('application/') ? lower.slice('application/'.length) : lower;
}
