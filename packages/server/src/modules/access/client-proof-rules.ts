import { limits } from '../../kernel/limits.ts';
import type { CertificateName, ClientAuthentication, ClientKeySet } from './client-authentication.ts';
import type { ClientKeyReader } from './client-key-reader.ts';
import type { TokenBinding } from './token-binding.ts';

/** The requested authentication method of a client. */
export type WantedAuthentication =
  | { readonly method: 'client_secret_basic' | 'client_secret_post' }
  | { readonly method: 'private_key_jwt'; readonly jwks: { readonly keys: readonly unknown[] } }
  | { readonly method: 'tls_client_auth'; readonly subject: CertificateName }
  /** PEM texts. */
  | { readonly method: 'self_signed_tls_client_auth'; readonly certificates: readonly string[] };

interface Violation {
  readonly field: string;
  readonly description: string;
}

const nameShape = /^[^\p{Cc}]{1,1000}$/u;

/** The validated method, or its violation. */
export function readAuthentication(
  reader: ClientKeyReader,
  wanted: WantedAuthentication,
): ClientAuthentication | Violation {
  const { method } = wanted;
  switch (method) {
    case 'client_secret_basic':
    case 'client_secret_post':
      return { method };
    case 'private_key_jwt': {
      const jwks = isCount(wanted.jwks.keys.length) ? reader.readKeys(wanted.jwks.keys) : null;
      const description = `must hold 1 to ${limits.clientKeysMax} different public keys: P-256, Ed25519, or RSA from 2048 bits`;
      return jwks === null ? { field: 'authentication.jwks', description } : { method, jwks };
    }
    case 'tls_client_auth':
      return nameShape.test(wanted.subject.value)
        ? { method, subject: wanted.subject }
        : { field: 'authentication.subject.value', description: 'must have 1 to 1000 characters' };
    case 'self_signed_tls_client_auth': {
      const jwks = pinned(reader, wanted.certificates);
      const description = `must hold 1 to ${limits.clientKeysMax} different PEM certificates, each with a P-256, Ed25519 or RSA key`;
      return jwks === null ? { field: 'authentication.certificates', description } : { method, jwks };
    }
  }
}

/** The default token binding: a client that authenticates with a certificate gets tokens that are bound to it. */
export function usualBinding({ method }: ClientAuthentication): TokenBinding {
  return method === 'tls_client_auth' || method === 'self_signed_tls_client_auth' ? 'certificate' : 'none';
}

function pinned(reader: ClientKeyReader, certificates: readonly string[]): ClientKeySet | null {
  const read = certificates.map((pem) => reader.readCertificate(pem)).filter((one) => one !== null);
  const distinct = new Set(read.map(({ thumbprint }) => thumbprint));
  const isWhole = read.length === certificates.length && distinct.size === read.length && isCount(read.length);
  return isWhole ? { keys: read.map(({ jwk }) => jwk) } : null;
}

function isCount(count: number): boolean {
  return count >= 1 && count <= limits.clientKeysMax;
}
