import { uuidOf } from '../../../kernel/ids.ts';
import type { ApiKeyId, TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

const text = `
  with revoked as (
    update colloquy.api_keys set revoked_at = colloquy.now_utc()
    where tenant_id = $1 and key_id = $2 and revoked_at is null
    returning key_id
  ), noted as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select $1, $3, $4, $5, $6, $7, $8, $9 from revoked
  )
  select exists (select from colloquy.api_keys where tenant_id = $1 and key_id = $2) as known`;

/** Revokes a key, with its audit entry when that changed anything. `known` tells whether the tenant has such a key. */
export function revokeApiKey(
  tenantId: TenantId,
  keyId: ApiKeyId,
  entry: NewAuditEntry,
): Statement<{ readonly known: boolean }> {
  return {
    name: 'revoke-api-key',
    text,
    values: [uuidOf(tenantId), keyId, ...auditEntryValues(entry)],
  };
}
