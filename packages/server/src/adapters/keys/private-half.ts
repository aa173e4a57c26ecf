import { createPublicKey, hash, sign as signWith } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { PrivateHalf, PublicHalf } from '../../modules/access/index.ts';
import { signEs256 } from './es256.ts';

/** A signer for a private key in this process. Throws `TypeError` for any key that is not one of P-256. */
export function localPrivateHalf(privateKey: KeyObject): PrivateHalf {
  const publicHalf = publicHalfOf(createPublicKey(privateKey).export({ format: 'jwk' }));
  return {
    publicHalf,
    // Off the event loop.
    sign: (data) =>
      new Promise((resolve, reject) => {
        const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
        signWith('sha256', data, key, (error, signature) => (error === null ? resolve(signature) : reject(error)));
      }),
    signAtOnce: (text) => signEs256(text, privateKey),
  };
}

/** The members of a JWK that make a public key of P-256. Throws `TypeError` for any other. */
export function publicHalfOf({ kty, crv, x, y }: Readonly<Record<string, unknown>>): PublicHalf {
  if (kty !== 'EC' || crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string')
    throw new TypeError('A signing key must be an EC key of the curve P-256.');
  return { kty, crv, x, y };
}

/** The thumbprint of a public key (RFC 7638 with SHA-256), which is its id. */
export function thumbprintOf({ kty, crv, x, y }: PublicHalf): string {
  return hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url');
}
