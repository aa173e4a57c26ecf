import type { KeyEncryptionKeyStore, KeyEncryptionState } from '../../../modules/secrets/index.ts';
import type { DatabasePool } from '../pool.ts';
import { inTransaction } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { insertKeyEncryptionKey } from './insert-key-encryption-key.ts';
import { insertPlatformKey } from './insert-platform-key.ts';
import { readKeyEncryptionState } from './read-key-encryption-state.ts';
import type { KeyEncryptionRow } from './read-key-encryption-state.ts';

/** Which key-encryption key this database belongs to, over a pool of the application's role. */
export function createKeyEncryptionKeyStore(pool: DatabasePool): KeyEncryptionKeyStore {
  const platformWide = { tenantIds: [] };
  return {
    async read() {
      const [{ rows }] = await untilKnown(() => inTransaction(pool, platformWide, [readKeyEncryptionState()]));
      return stateOf(rows[0]);
    },
    async establish(key, root) {
      const statements = [
        insertKeyEncryptionKey(key),
        insertPlatformKey({ ...root, kekId: key.kekId }, 'root'),
      ] as const;
      await untilKnown(() => inTransaction(pool, platformWide, statements));
    },
  };
}

function stateOf(row: KeyEncryptionRow | undefined): KeyEncryptionState {
  if (row === undefined) return { current: null, root: null, hasFirstForm: false, firstFormKeyId: null };
  const { kek_id: kekId, check_wrapped: checkWrapped, root_id: rootId, root_kek_id: rootKek, root_wrapped: root } = row;
  return {
    current: kekId === null || checkWrapped === null ? null : { kekId, checkWrapped },
    root:
      rootId === null || rootKek === null || root === null
        ? null
        : { keyId: rootId.replaceAll('-', ''), kekId: rootKek, wrapped: root },
    hasFirstForm: row.has_tenants || row.first_form_key !== null,
    firstFormKeyId: row.first_form_key,
  };
}
