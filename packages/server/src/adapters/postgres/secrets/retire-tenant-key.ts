import type { Statement } from '../statement.ts';

/** A key of a tenant seals nothing more; its successor comes in the same transaction. */
export function retireTenantKey(tenantUuid: string, keyId: string | null): Statement {
  return {
    name: 'retire-tenant-key',
    text: `update colloquy.tenant_keys set retired_at = colloquy.now_utc()
      where tenant_id = $1 and key_id = $2 and retired_at is null`,
    values: [tenantUuid, keyId],
  };
}
