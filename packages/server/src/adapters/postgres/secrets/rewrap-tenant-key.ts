import type { WrappedDataKey } from '../../../modules/secrets/index.ts';
import type { Statement } from '../statement.ts';

/** The same key of a tenant in another wrapping. */
export function rewrapTenantKey(tenantUuid: string, { keyId, kekId, wrapped }: WrappedDataKey): Statement {
  return {
    name: 'rewrap-tenant-key',
    text: 'update colloquy.tenant_keys set kek_id = $3, wrapped = $4 where tenant_id = $1 and key_id = $2',
    values: [tenantUuid, keyId, kekId, wrapped],
  };
}
