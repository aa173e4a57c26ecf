import { createPrivateKey, createPublicKey, hash, randomBytes, sign } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';

/** How requests of one target prove to hold the key of their token (DPoP, RFC 9449). */
export interface ProofOptions {
  /** P-256. */
  readonly privateJwk: JsonWebKey;
  /** What the server is called by its tokens, with the path, without a query. */
  readonly url: string;
  /** The server's nonce at the beginning. */
  readonly nonce: string;
}

/** Makes a new proof for each request, always of the same length. */
export interface ProofWriter {
  readonly chars: number;
  next(): string;
  /** The server gave another nonce. */
  renew(nonce: string): void;
}

const idBytes = 15;

export function createProofWriter({ privateJwk, url, nonce: firstNonce }: ProofOptions, token: string): ProofWriter {
  const key = createPrivateKey({ key: privateJwk, format: 'jwk' });
  const jwk = createPublicKey(key).export({ format: 'jwk' });
  const head = encoded({ typ: 'dpop+jwt', alg: 'ES256', jwk });
  const fixed = { htm: 'POST', htu: url, ath: hash('sha256', token, 'base64url') };
  let nonce = firstNonce;
  const next = (): string => {
    const jti = randomBytes(idBytes).toString('base64url');
    const text = `${head}.${encoded({ ...fixed, jti, iat: Math.floor(Date.now() / 1000), nonce })}`;
    return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  return {
    chars: next().length,
    next,
    renew: (given) => {
      if (given.length === nonce.length) nonce = given;
    },
  };
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
