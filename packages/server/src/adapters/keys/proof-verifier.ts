import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, compactVerify, decodeProtectedHeader } from 'jose';
import type { JWK } from 'jose';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import type { Proof, ProofVerifier, ProvedRequest } from '../../modules/access/index.ts';

/** A key of proofs, as one header names it. */
interface ProofKey {
  readonly key: KeyObject;
  readonly algorithm: 'ES256' | 'EdDSA';
  readonly jkt: string;
}

const compactShape = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+$/;
const headerMembers: readonly string[] = ['typ', 'alg', 'jwk', 'kid'];

/**
 * Accepts `dpop+jwt` proofs by ES256 and Ed25519 keys (RFC 9449 section 4.3, steps 2 to 9 and 12). A sender's proofs have the same
 * header each time, so its key is kept by the header's text: the whole of it, which the signature covers.
 */
export function createProofVerifier(): ProofVerifier {
  const keys = new Map<string, ProofKey>();
  const keyOf = async (headerText: string, proof: string): Promise<ProofKey> => {
    const known = keys.get(headerText);
    if (known !== undefined) return known;
    const read = await readKey(proof);
    keepNewest(keys, headerText, read, limits.proofKeysMax);
    return read;
  };
  return {
    async verify(proof, request) {
      const [, headerText] = proof.length > limits.proofBytesMax ? [] : (compactShape.exec(proof) ?? []);
      if (headerText === undefined) return null;
      try {
        const { key, algorithm, jkt } = await keyOf(headerText, proof);
        const { payload } = await compactVerify(proof, key, { algorithms: [algorithm] });
        return proofOf(payload, jkt, request);
      } catch {
        return null;
      }
    },
  };
}

/** Throws for a header that is not that of a proof. A key that was never verified costs its room only until others come. */
async function readKey(proof: string): Promise<ProofKey> {
  const header = decodeProtectedHeader(proof);
  const { typ, alg, jwk } = header;
  const isProof = typ === 'dpop+jwt' && Object.keys(header).every((name) => headerMembers.includes(name));
  if (!isProof || jwk === undefined) throw new TypeError('This is not the header of a proof.');
  const publicJwk = publicPart(jwk, alg);
  const key = createPublicKey({ key: publicJwk, format: 'jwk' });
  return { key, algorithm: alg === 'ES256' ? 'ES256' : 'EdDSA', jkt: await calculateJwkThumbprint(publicJwk) };
}

/** The members that make the key; throws for any other kind of key and for a private one. */
function publicPart(jwk: JWK, alg: unknown): JWK & Record<string, string> {
  const { kty, crv, x, y, d } = jwk;
  if (d !== undefined || typeof x !== 'string') throw new TypeError('A proof carries a public key.');
  if (alg === 'ES256' && kty === 'EC' && crv === 'P-256' && typeof y === 'string') return { kty, crv, x, y };
  if (alg === 'EdDSA' && kty === 'OKP' && crv === 'Ed25519') return { kty, crv, x };
  throw new TypeError('A proof is signed with a P-256 or an Ed25519 key.');
}

function proofOf(payload: Uint8Array, jkt: string, request: ProvedRequest): Proof | null {
  const claims: unknown = JSON.parse(Buffer.from(payload).toString());
  if (typeof claims !== 'object' || claims === null) return null;
  const { jti, htm, htu, iat, ath, nonce } = { ...claims } as Readonly<Record<string, unknown>>;
  const isOfRequest = htm === request.method && isUrl(htu, request.url) && ath === request.tokenDigest;
  if (!isOfRequest || typeof jti !== 'string' || jti.length === 0 || jti.length > limits.proofIdCharsMax) return null;
  if (typeof iat !== 'number' || !Number.isFinite(iat) || (nonce !== undefined && typeof nonce !== 'string'))
    return null;
  return { jkt, id: jti, nonce: nonce ?? null, issuedAtMs: iat * 1000 };
}

/** RFC 9449 section 4.3: compared after the normalization of RFC 3986 sections 6.2.2 and 6.2.3, with neither query nor fragment. */
function isUrl(htu: unknown, url: string): boolean {
  if (htu === url) return true;
  if (typeof htu !== 'string') return false;
  const named = URL.parse(htu);
  return named !== null && !/[?#]/.test(htu) && named.href === URL.parse(url)?.href;
}
