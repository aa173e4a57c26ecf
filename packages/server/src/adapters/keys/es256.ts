import { sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const halfBytes = 32;
const raw = Buffer.alloc(2 * halfBytes);

/**
 * The ES256 signature (RFC 7518 section 3.4) of ASCII text, in base64url.
 *
 * The key goes in bare and the signature comes out as DER, which is turned into r‖s here: asking Node for
 * `ieee-p1363` wraps the key in options and takes twice as long.
 */
export function signEs256(text: string, privateKey: KeyObject): string {
  const der = sign('sha256', Buffer.from(text, 'latin1'), privateKey);
  // SEQUENCE { INTEGER r, INTEGER s }: 30 length 02 length r 02 length s. Both fit the short form of a length.
  const rStart = 4;
  const rBytes = der[3] ?? 0;
  const sStart = rStart + rBytes + 2;
  raw.fill(0);
  copyInteger(der.subarray(rStart, rStart + rBytes), halfBytes);
  copyInteger(der.subarray(sStart), 2 * halfBytes);
  return raw.toString('base64url');
}

/** Right-aligned before `end`, without the zero byte that keeps a DER integer positive. */
function copyInteger(integer: Buffer, end: number): void {
  const digits = integer.length > halfBytes ? integer.subarray(integer.length - halfBytes) : integer;
  raw.set(digits, end - digits.length);
}
