import type { WrappedDataKey } from '../../../modules/secrets/index.ts';
import type { Statement } from '../statement.ts';

/** Adds a key of a tenant unless it has a current one, or the key-encryption key is not current. As `insertPlatformKey`. */
export function insertTenantKey(tenantUuid: string, { keyId, kekId, wrapped }: WrappedDataKey): Statement {
  return { name: 'insert-tenant-key', text, values: [tenantUuid, keyId, kekId, wrapped] };
}

const text = `
insert into colloquy.tenant_keys (tenant_id, key_id, kek_id, wrapped)
select $1, $2, k.kek_id, $4 from (
  select kek_id from colloquy.key_encryption_keys where kek_id = $3 and retired_at is null for share
) k
on conflict do nothing`;
