import { uuidOf } from '../../../kernel/ids.ts';
import type { ApiKeyUse } from '../../../modules/api-keys/index.ts';
import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

const text = `
  update colloquy.api_keys k set last_used_at = colloquy.now_utc()
  from (
    select o.tenant_id, o.key_id
    from unnest($1::uuid[], $2::text[]) u (tenant_id, key_id)
    join colloquy.api_keys o on o.tenant_id = u.tenant_id and o.key_id = u.key_id
    order by o.tenant_id, o.key_id
    for update of o skip locked
  ) used
  where k.tenant_id = used.tenant_id and k.key_id = used.key_id`;

/** Notes that keys were used now. One that another process notes at this moment is left to it. */
export function noteApiKeyUses(uses: readonly ApiKeyUse[]): Statement {
  return {
    name: 'note-api-key-uses',
    text,
    values: [
      plainArray(uses.map(({ tenantId }) => uuidOf(tenantId))),
      plainArray(uses.map(({ keyId }): string => keyId)),
    ],
  };
}
