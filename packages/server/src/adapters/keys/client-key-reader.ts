import { createPublicKey, X509Certificate } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { limits } from '../../kernel/limits.ts';
import type { ClientKeyReader } from '../../modules/access/index.ts';

interface KeyKind {
  readonly algorithms: readonly string[];
  readonly isOf: (key: KeyObject) => boolean;
}

const rsaBitsMin = 2048;
const rsaBitsMax = 8192;

const kinds: readonly KeyKind[] = [
  {
    algorithms: ['ES256'],
    isOf: (key) => key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1',
  },
  { algorithms: ['EdDSA'], isOf: (key) => key.asymmetricKeyType === 'ed25519' },
  { algorithms: ['PS256', 'RS256'], isOf: (key) => key.asymmetricKeyType === 'rsa' && isRsaBits(key) },
];

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const onePem = /^\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/;

/** Reads keys and certificates with Node's OpenSSL. */
export const clientKeyReader: ClientKeyReader = {
  readKeys(keys) {
    const read = keys.map(readKey);
    const kept = read.filter((key) => key !== null);
    const points = new Set(kept.map(({ x, n }) => x ?? n));
    return kept.length === keys.length && points.size === kept.length ? { keys: kept } : null;
  },
  readCertificate(pem) {
    if (pem.length > limits.certificateCharsMax || !onePem.test(pem)) return null;
    try {
      const certificate = new X509Certificate(pem);
      const { publicKey } = certificate;
      if (kindOf(publicKey) === undefined) return null;
      const thumbprint = Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
      return {
        jwk: { ...publicKey.export({ format: 'jwk' }), kid: thumbprint, x5c: [certificate.raw.toString('base64')] },
        pem: certificate.toString(),
        thumbprint,
        subject: certificate.subject.split('\n').toReversed().join(','),
        expiresAt: certificate.validToDate,
        isAuthority: certificate.ca,
      };
    } catch {
      return null;
    }
  },
};

function readKey(given: unknown): JsonWebKey | null {
  if (typeof given !== 'object' || given === null || privateMembers.some((name) => name in given)) return null;
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- createPublicKey checks the shape
    const key = createPublicKey({ key: given as JsonWebKey, format: 'jwk' });
    const kind = kindOf(key);
    const { alg, kid } = named(given);
    if (kind === undefined || kid === null || alg === null) return null;
    if (alg !== undefined && !kind.algorithms.includes(alg)) return null;
    const names = { ...(kid === undefined ? {} : { kid }), ...(alg === undefined ? {} : { alg }) };
    return { ...key.export({ format: 'jwk' }), ...names };
  } catch {
    return null;
  }
}

/** The `kid` of a key; null when it is no valid name. */
function named(given: object): { readonly alg: string | null | undefined; readonly kid: string | null | undefined } {
  const members = new Map<string, unknown>(Object.entries(given));
  const nameOf = (member: string): string | null | undefined => {
    const name = members.get(member);
    if (name === undefined) return undefined;
    return typeof name === 'string' && name !== '' && name.length <= limits.callerIdCharsMax ? name : null;
  };
  return { alg: nameOf('alg'), kid: nameOf('kid') };
}

function kindOf(key: KeyObject): KeyKind | undefined {
  return kinds.find((kind) => kind.isOf(key));
}

function isRsaBits(key: KeyObject): boolean {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return bits >= rsaBitsMin && bits <= rsaBitsMax;
}
