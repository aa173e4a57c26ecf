import type { KeyObject } from 'node:crypto';
import { ExternalSigningKey } from 'oidc-provider';

/** The key that signs access tokens now, wherever its private half is. */
export interface TokenSigningKey {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  readonly publicKey: KeyObject;
  /** The ES256 signature (RFC 7518 section 3.4) of some bytes: 64 bytes. Rejects with `platform.unavailable`. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** The key as oidc-provider uses one that it can not see. */
export class ProviderSigningKey extends ExternalSigningKey {
  readonly #key: TokenSigningKey;

  constructor(key: TokenSigningKey) {
    super();
    this.#key = key;
    this.kid = key.kid;
    this.alg = 'ES256';
  }

  override keyObject(): KeyObject {
    return this.#key.publicKey;
  }

  override sign(data: Uint8Array): Promise<Uint8Array> {
    return this.#key.sign(data);
  }
}
