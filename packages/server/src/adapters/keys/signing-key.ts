import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import type { SecretBox, SecretPlace } from '../../kernel/secret-box.ts';
import type { PrivateHalf, PublicHalf, StoredSigningKey } from '../../modules/access/index.ts';
import { localPrivateHalf, publicHalfOf, thumbprintOf } from './private-half.ts';

/** The public half as RFC 7517 publishes it. */
export interface PublicSigningJwk extends PublicHalf {
  readonly kid: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
}

/** A known signing key: its signatures are trusted. */
export interface SigningKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly publicJwk: PublicSigningJwk;
  /** Null: this process cannot sign with it, because its private half is in a source that this process does not read. */
  readonly privateHalf: PrivateHalf | null;
  /** Its private half is not in the database. */
  readonly isKept: boolean;
}

/** A signing key that this process can sign with. */
export type Signer = Pick<SigningKey, 'kid' | 'publicKey' | 'publicJwk'> & Pick<PrivateHalf, 'sign' | 'signAtOnce'>;

/** Private halves from a source, by the ids of their keys. */
export type KeptHalves = ReadonlyMap<string, PrivateHalf>;

const noneKept: KeptHalves = new Map();

/** A new ES256 key in its stored form, its private half sealed. */
export async function makeStoredSigningKey(box: SecretBox): Promise<StoredSigningKey> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = privateKey.export({ format: 'jwk' });
  return sealedKey(publicHalfOf(jwk), jwk, box);
}

/** The stored form of a key whose private half stays in its source: the public half is sealed, so that it cannot be replaced in the database. */
export function storedKeptKey({ publicHalf }: PrivateHalf, box: SecretBox): Promise<StoredSigningKey> {
  return sealedKey(publicHalf, publicHalf, box);
}

async function sealedKey(publicHalf: PublicHalf, jwk: object, box: SecretBox): Promise<StoredSigningKey> {
  const kid = thumbprintOf(publicHalf);
  const privateJwkSealed = await box.seal(Buffer.from(JSON.stringify(jwk)), placeOf(kid));
  return { kid, algorithm: 'ES256', publicJwk: { ...publicJwkOf(publicHalf) }, privateJwkSealed };
}

/**
 * Opens a stored key. The public half comes from the sealed text: a public key that an intruder wrote into the database is never trusted. Rejects
 * with `secret.unreadable` when it was sealed elsewhere or changed.
 */
export async function openSigningKey(
  stored: StoredSigningKey,
  box: SecretBox,
  kept: KeptHalves = noneKept,
): Promise<SigningKey> {
  const jwk = await openStoredJwk(stored, box);
  const isKept = jwk.d === undefined;
  const publicHalf = publicHalfOf({ ...jwk });
  const publicJwk = publicJwkOf(publicHalf);
  const publicKey = createPublicKey({ key: { ...publicHalf }, format: 'jwk' });
  const sealed = isKept ? null : localPrivateHalf(createPrivateKey({ key: jwk, format: 'jwk' }));
  return { kid: publicJwk.kid, publicKey, publicJwk, isKept, privateHalf: sealed ?? kept.get(publicJwk.kid) ?? null };
}

/** Opens the sealed part of a stored key. Rejects with `secret.unreadable`. */
export async function openStoredJwk(stored: StoredSigningKey, box: SecretBox): Promise<JsonWebKey> {
  const text = Buffer.from(await box.open(stored.privateJwkSealed, placeOf(stored.kid))).toString();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- sealed by us, and whatever reads it checks the shape
  return JSON.parse(text) as JsonWebKey;
}

/** The signer of the key; null when this process cannot sign with it. */
export function signerOf({ kid, publicKey, publicJwk, privateHalf }: SigningKey): Signer | null {
  if (privateHalf === null) return null;
  // Whatever holds the key may be an object that its methods need.
  const sign: PrivateHalf['sign'] = (data) => privateHalf.sign(data);
  const signAtOnce = privateHalf.signAtOnce?.bind(privateHalf);
  return { kid, publicKey, publicJwk, sign, ...(signAtOnce === undefined ? {} : { signAtOnce }) };
}

function publicJwkOf(publicHalf: PublicHalf): PublicSigningJwk {
  return { ...publicHalf, kid: thumbprintOf(publicHalf), alg: 'ES256', use: 'sig' };
}

const placeOf = (kid: string): SecretPlace => ({
  tenantId: null,
  table: 'signing_keys',
  column: 'private_jwk_sealed',
  rowId: kid,
  boundTo: '',
});
