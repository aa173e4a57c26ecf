import type { SigningKeyStore, StoredSigningKey } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { addFirstSigningKey } from './add-first-signing-key.ts';
import { listSigningKeys } from './list-signing-keys.ts';
import type { SigningKeyRow } from './list-signing-keys.ts';
import { lockSigningKeys } from './lock-signing-keys.ts';

/** Signing keys in PostgreSQL, over a pool of the application's role. No tenant owns them. */
export function createSigningKeyStore(pool: DatabasePool): SigningKeyStore {
  const platformWide = { tenantIds: [] };
  return {
    async list() {
      const [{ rows }] = await whenAvailable(inTransaction(pool, platformWide, [listSigningKeys()]));
      return rows.map(storedKeyOf);
    },
    async addFirst(key) {
      const statements = [lockSigningKeys(), addFirstSigningKey(key), listSigningKeys()] as const;
      const [, , { rows }] = await whenAvailable(inTransaction(pool, platformWide, statements));
      return rows.map(storedKeyOf);
    },
  };
}

function storedKeyOf(row: SigningKeyRow): StoredSigningKey {
  const { kid, algorithm, public_jwk: publicJwk, private_jwk_sealed: privateJwkSealed } = row;
  return { kid, algorithm, publicJwk, privateJwkSealed };
}
