import type { TenantId } from './ids.ts';

/** Where a secret is stored. The sealed form is bound to all of it, so that bytes copied to another place do not open there. */
export interface SecretPlace {
  /** The tenant that owns the secret; null for a secret of the platform. */
  readonly tenantId: TenantId | null;
  readonly table: string;
  readonly column: string;
  /** Names the row within its table and tenant. */
  readonly rowId: string;
  /** A value that the secret is also bound to, such as the origin that it may be sent to; empty for none. */
  readonly boundTo: string;
}

/** Encrypts secrets that have to be stored and cannot be hashed. */
export interface SecretBox {
  /** The sealed form of a secret, different each time. Rejects with `platform.unavailable`. */
  seal(secret: Uint8Array, place: SecretPlace): Promise<Uint8Array>;
  /**
   * The secret in clear. Rejects with `secret.unreadable` when it was sealed for another place, when its key is missing or when its bytes
   * were changed; with `platform.unavailable` when the keys cannot be read now.
   */
  open(sealed: Uint8Array, place: SecretPlace): Promise<Uint8Array>;
}
