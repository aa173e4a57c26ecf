import type { Statement } from '../statement.ts';
import type { DataKeyRow } from './data-key-row.ts';

/** Keys of a tenant that another key-encryption key wraps. */
export function listForeignTenantKeys(tenantUuid: string, kekId: string): Statement<DataKeyRow> {
  return {
    name: 'list-foreign-tenant-keys',
    text: `select key_id, kek_id, wrapped from colloquy.tenant_keys
      where tenant_id = $1 and kek_id <> $2 order by key_id limit 1000`,
    values: [tenantUuid, kekId],
  };
}
