import { createPrivateKey, createPublicKey, hash, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** The public key that verifies checkpoints, in the form of RFC 8037. */
export interface CheckpointJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}

/** Signs checkpoints. The key is derived from the platform's key, the same in every process, and never stored. */
export interface CheckpointKey {
  readonly jwk: CheckpointJwk;
  /** Ed25519 (RFC 8032) over the UTF-8 bytes, in base64url. */
  sign(text: string): string;
}

/** The PKCS #8 prefix of the 32 bytes of an Ed25519 key (RFC 8410 section 7). */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key of a seed of 32 bytes. */
export function checkpointKeyOf(seed: Uint8Array): CheckpointKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' });
  const jwk = jwkOf(createPublicKey(privateKey));
  return { jwk, sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url') };
}

function jwkOf(publicKey: KeyObject): CheckpointJwk {
  const { x } = publicKey.export({ format: 'jwk' });
  if (x === undefined) throw new TypeError('An Ed25519 key has no public half.');
  const kid = hash('sha256', JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }), 'base64url');
  return { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' };
}
