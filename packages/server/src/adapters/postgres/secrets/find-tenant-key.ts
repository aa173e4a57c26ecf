import type { Statement } from '../statement.ts';
import type { DataKeyRow } from './data-key-row.ts';

/** A key of a tenant: that of an id, or the current one for null. */
export function findTenantKey(tenantUuid: string, keyId: string | null): Statement<DataKeyRow> {
  return {
    name: 'find-tenant-key',
    text: `select key_id, kek_id, wrapped from colloquy.tenant_keys
      where tenant_id = $1 and (key_id = $2::uuid or ($2::uuid is null and retired_at is null))`,
    values: [tenantUuid, keyId],
  };
}
