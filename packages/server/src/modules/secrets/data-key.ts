import type { TenantId } from '../../kernel/ids.ts';

/** The owner of a data key: a tenant, or the platform. */
export type KeyOwner = TenantId | null;

/** A data key as it is stored. */
export interface WrappedDataKey {
  readonly owner: KeyOwner;
  /** 32 hex digits; stored with every secret that the key seals. */
  readonly keyId: string;
  /** The key-encryption key that wraps it. */
  readonly kekId: string;
  readonly wrapped: Uint8Array;
}
