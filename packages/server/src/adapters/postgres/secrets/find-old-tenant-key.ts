import type { Statement } from '../statement.ts';

/** A row when a tenant's current key was made before an instant. */
export function findOldTenantKey(tenantUuid: string, instant: Date): Statement {
  return {
    name: 'find-old-tenant-key',
    text: 'select key_id from colloquy.tenant_keys where tenant_id = $1 and retired_at is null and created_at < $2',
    values: [tenantUuid, instant],
  };
}
