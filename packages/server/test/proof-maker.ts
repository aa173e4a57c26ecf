import { generateKeyPairSync, hash, randomUUID, sign } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';

/** What one proof says, beyond what a right one says. */
export interface ProofInput {
  readonly method?: string;
  readonly url: string;
  readonly token?: string;
  readonly nonce?: string;
  /** Members of the payload, over those of a right proof; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Members of the header, likewise. */
  readonly header?: Readonly<Record<string, unknown>>;
}

/** A key and the proofs of it (RFC 9449 section 4.2). */
export interface ProofMaker {
  readonly jkt: string;
  readonly publicJwk: JsonWebKey;
  prove(input: ProofInput): Promise<string>;
}

export async function createProofMaker(
  nowMs: () => number,
  algorithm: 'ES256' | 'EdDSA' = 'ES256',
): Promise<ProofMaker> {
  const { privateKey, publicKey } =
    algorithm === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  const { kty = '', ...rest } = publicKey.export({ format: 'jwk' });
  const publicJwk = { kty, ...rest };
  return {
    jkt: await calculateJwkThumbprint(publicJwk),
    publicJwk,
    prove: async ({ method = 'GET', url, token, nonce, claims = {}, header = {} }) => {
      const right = {
        jti: randomUUID(),
        htm: method,
        htu: url,
        iat: Math.floor(nowMs() / 1000),
        ...(token === undefined ? {} : { ath: hash('sha256', token, 'base64url') }),
        ...(nonce === undefined ? {} : { nonce }),
      };
      const head = { typ: 'dpop+jwt', alg: algorithm, jwk: publicJwk, ...header };
      // By hand: a library refuses to sign some of what a test sends.
      const text = [head, { ...right, ...claims }].map(encoded).join('.');
      const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
      const signature = sign(algorithm === 'ES256' ? 'sha256' : null, Buffer.from(text), key);
      return `${text}.${signature.toString('base64url')}`;
    },
  };
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
