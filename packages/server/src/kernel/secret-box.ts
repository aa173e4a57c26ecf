import type { TenantId } from './ids.ts';

/** Where a secret is kept. All of it is bound into the sealed form, so that bytes copied to another place do not open there. */
export interface SecretPlace {
  /** Whose secret it is; null for one of the platform's own. */
  readonly tenantId: TenantId | null;
  readonly table: string;
  readonly column: string;
  /** Names the row within its table and tenant. */
  readonly rowId: string;
  /** What else the secret must not be parted from, such as the origin that it may travel to; the empty text for nothing. */
  readonly boundTo: string;
}

/** Encrypts what must be kept and can not be hashed. */
export interface SecretBox {
  /** The sealed form of a secret, different each time. Rejects with `platform.unavailable`. */
  seal(secret: Uint8Array, place: SecretPlace): Promise<Uint8Array>;
  /**
   * The secret again. Rejects with `secret.unreadable` when it was sealed for another place or with a key that is not there, or when its
   * bytes were changed; with `platform.unavailable` when the keys can not be read now.
   */
  open(sealed: Uint8Array, place: SecretPlace): Promise<Uint8Array>;
}
