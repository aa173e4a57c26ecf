import type { ClientKeySet } from './client-authentication.ts';

/** The parts of a certificate that client authentication uses. */
export interface ReadCertificate {
  /** Its public key as a JWK, with the certificate as `x5c` (RFC 7517 section 4.7). */
  readonly jwk: Readonly<Record<string, unknown>>;
  /** PEM text of this one certificate. */
  readonly pem: string;
  /** SHA-256 of its DER form, base64url. */
  readonly thumbprint: string;
  /** As RFC 4514 writes it. */
  readonly subject: string;
  readonly expiresAt: Date;
  /** It may issue certificates (RFC 5280 section 4.2.1.9). */
  readonly isAuthority: boolean;
}

/** Validates the keys and certificates that clients are registered with. */
export interface ClientKeyReader {
  /**
   * The keys with nothing but their public members; null when one is not a public P-256, Ed25519 or RSA key of 2048 to 8192 bits, names
   * an algorithm that is not of its kind, or is there twice.
   */
  readKeys(keys: readonly unknown[]): ClientKeySet | null;
  /** Null for a text that is not one PEM certificate with such a key. */
  readCertificate(pem: string): ReadCertificate | null;
}
