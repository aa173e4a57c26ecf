import type { WrappedDataKey } from '../../../modules/secrets/index.ts';
import { isCurrent } from './is-current-key.ts';
import type { Statement } from '../statement.ts';

/** The same key of a tenant in another wrapping, unless that is by a key which a later rotation has retired. */
export function rewrapTenantKey(tenantUuid: string, { keyId, kekId, wrapped }: WrappedDataKey): Statement {
  return {
    name: 'rewrap-tenant-key',
    text:
      'update colloquy.tenant_keys set kek_id = $3, wrapped = $4 where tenant_id = $1 and key_id = $2 and ' +
      isCurrent('$3'),
    values: [tenantUuid, keyId, kekId, wrapped],
  };
}
