import { createPrivateKey, X509Certificate } from 'node:crypto';

/** The certificate and the private key of a listener, which belong together. */
export interface KeyPair {
  /** PEM, the leaf certificate first, then the intermediate ones. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
  readonly leaf: X509Certificate;
}

/** Reads a key pair from PEM texts. Throws when a text is no PEM, or when the key does not belong to the certificate. */
export function keyPairOf(certificate: string, key: string): KeyPair {
  const leaf = new X509Certificate(certificate);
  if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error('The key is not the key of the certificate.');
  return { certificate, key, leaf };
}
