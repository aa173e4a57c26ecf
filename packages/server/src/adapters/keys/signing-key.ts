import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign as signWith } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import type { SecretBox, SecretPlace } from '../../kernel/secret-box.ts';
import type { StoredSigningKey } from '../../modules/access/index.ts';

/** The public half as RFC 7517 publishes it. */
export interface PublicSigningJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
}

/** A signing key in use. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly publicJwk: PublicSigningJwk;
  /** The ES256 signature (RFC 7518 section 3.4) of some bytes, made off the event loop: 64 bytes. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** A new ES256 key in its stored form. */
export async function makeStoredSigningKey(box: SecretBox): Promise<StoredSigningKey> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kid, publicJwk } = signingKeyOf(privateKey);
  const privateJwk = Buffer.from(JSON.stringify(privateKey.export({ format: 'jwk' })));
  return {
    kid,
    algorithm: 'ES256',
    publicJwk: { ...publicJwk },
    privateJwkSealed: await box.seal(privateJwk, placeOf(kid)),
  };
}

/**
 * Opens a stored key. The public half is derived from the sealed private one: a public key that somebody put into the
 * database is never trusted. Rejects with `secret.unreadable` when it was sealed elsewhere or changed.
 */
export async function openSigningKey(stored: StoredSigningKey, box: SecretBox): Promise<SigningKey> {
  const text = Buffer.from(await box.open(stored.privateJwkSealed, placeOf(stored.kid))).toString();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- sealed by us, and createPrivateKey checks the shape
  const jwk = JSON.parse(text) as JsonWebKey;
  return signingKeyOf(createPrivateKey({ key: jwk, format: 'jwk' }));
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  const { x, y } = publicKey.export({ format: 'jwk' });
  if (x === undefined || y === undefined) throw new TypeError('A signing key must be an EC key.');
  const thumbprint = hash('sha256', JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }), 'base64url');
  const publicJwk = { kty: 'EC', crv: 'P-256', x, y, kid: thumbprint, alg: 'ES256', use: 'sig' } as const;
  const sign = (data: Uint8Array): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
      signWith('sha256', data, key, (error, signature) => (error === null ? resolve(signature) : reject(error)));
    });
  return { kid: thumbprint, privateKey, publicKey, publicJwk, sign };
}

const placeOf = (kid: string): SecretPlace => ({
  tenantId: null,
  table: 'signing_keys',
  column: 'private_jwk_sealed',
  rowId: kid,
  boundTo: '',
});
