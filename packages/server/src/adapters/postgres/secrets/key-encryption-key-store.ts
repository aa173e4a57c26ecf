import type {
  KeyEncryptionKeyStore,
  KeyEncryptionState,
  KnownKeyEncryptionKey,
} from '../../../modules/secrets/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { untilKnown } from '../until-known.ts';
import { insertPlatformKey } from './insert-platform-key.ts';

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

/** Makes a key-encryption key the current one; without effect when there is one. */
function insertKeyEncryptionKey({ kekId, checkWrapped }: KnownKeyEncryptionKey): Statement {
  return {
    name: 'insert-key-encryption-key',
    text: 'insert into colloquy.key_encryption_keys (kek_id, check_wrapped) values ($1, $2) on conflict do nothing',
    values: [kekId, checkWrapped],
  };
}

interface KeyEncryptionRow {
  readonly kek_id: string | null;
  readonly check_wrapped: Buffer | null;
  readonly root_id: string | null;
  readonly root_kek_id: string | null;
  readonly root_wrapped: Buffer | null;
  readonly has_tenants: boolean;
  readonly first_form_key: string | null;
}

/** Which key-encryption key is current, the root, and whether there was data before either. */
function readKeyEncryptionState(): Statement<KeyEncryptionRow> {
  return { name: 'read-key-encryption-state', text: readKeyEncryptionStateSql, values: [] };
}

const readKeyEncryptionStateSql = `
select k.kek_id, k.check_wrapped, p.key_id as root_id, p.kek_id as root_kek_id, p.wrapped as root_wrapped,
  exists (select from colloquy.list_tenants('', 1)) as has_tenants,
  (select encode(substring(s.private_jwk_sealed from 2 for 8), 'hex') from colloquy.signing_keys s
    where get_byte(s.private_jwk_sealed, 0) = 1 order by s.kid limit 1) as first_form_key
from (select) one
left join colloquy.key_encryption_keys k on k.retired_at is null
left join colloquy.platform_keys p on p.retired_at is null and p.purpose = 'root'`;
