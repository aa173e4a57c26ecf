import { hash } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { PlatformError } from '../../kernel/errors.ts';

/** SHA-256 of the public key of a certificate (SPKI), base64 (RFC 7469 section 2.4). */
export function keyPinOf({ publicKey }: X509Certificate): string {
  return hash('sha256', publicKey.export({ type: 'spki', format: 'der' }), 'base64');
}

/** Throws `upstream.key-refused` when keys are pinned and the other end has shown none of them. */
export function checkPins(socket: object, pins: readonly string[]): void {
  if (pins.length === 0) return;
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  if (certificate === undefined || !pins.includes(keyPinOf(certificate)))
    throw new PlatformError('upstream.key-refused');
}
