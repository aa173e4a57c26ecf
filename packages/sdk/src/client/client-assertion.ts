import { createPublicKey, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';

/** The claims of an assertion. */
export interface AssertionClaims {
  readonly clientId: string;
  /** The authorization server's name (RFC 8414 `issuer`): the assertion is for it alone. */
  readonly issuer: string;
  /** Of the signing key, where several are registered. */
  readonly keyId?: string | undefined;
  readonly nowMs: number;
}

const lifeSeconds = 30;
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The token request's parameters that authenticate a client by its private key (RFC 7523 section 2.2). */
export async function assertionParameters(
  key: KeyObject,
  { clientId, issuer, keyId, nowMs }: AssertionClaims,
): Promise<Readonly<Record<string, string>>> {
  const iat = Math.floor(nowMs / 1_000);
  const claims = { iss: clientId, sub: clientId, aud: issuer, jti: randomUUID(), iat, exp: iat + lifeSeconds };
  const header = { alg: algorithmOf(key), typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) };
  const assertion = await new SignJWT(claims).setProtectedHeader(header).sign(key);
  return { client_id: clientId, client_assertion_type: assertionType, client_assertion: assertion };
}

function algorithmOf(key: KeyObject): string {
  const { asymmetricKeyType } = createPublicKey(key);
  if (asymmetricKeyType === 'ec') return 'ES256';
  return asymmetricKeyType === 'ed25519' ? 'EdDSA' : 'PS256';
}
