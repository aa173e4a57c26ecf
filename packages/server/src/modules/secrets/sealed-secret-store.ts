import type { SecretPlace } from '../../kernel/secret-box.ts';
import type { KeyOwner } from './data-key.ts';

/** A sealed secret in its row. */
export interface StoredSecret {
  readonly place: SecretPlace;
  readonly sealed: Uint8Array;
  /** The current place of the row; opaque outside of the store. */
  readonly at: string;
}

/** Every sealed secret of the database, whatever table holds it. Every method rejects with `platform.unavailable`. */
export interface SealedSecretStore {
  /** Names of the columns that hold sealed secrets of tenants, or of the platform for null. */
  columnsOf(owner: KeyOwner): readonly string[];
  /** Secrets of an owner in one column that another key than `keyId` sealed, after the row `after`; at most `limits.rotationSecretsMax`. */
  listStale(
    owner: KeyOwner,
    column: string,
    wanted: { keyId: string; after: string | null },
  ): Promise<readonly StoredSecret[]>;
  /** Puts `sealed` in place of the secret. Without effect when the row has changed since it was listed. */
  replace(owner: KeyOwner, column: string, secret: StoredSecret, sealed: Uint8Array): Promise<boolean>;
}
