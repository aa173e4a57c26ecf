import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { NewApiKey } from '../../../modules/api-keys/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';
import { apiKeyColumns } from './api-key-row.ts';
import type { ApiKeyRow } from './api-key-row.ts';

const text = `
  with live as (
    select count(*) as of_tenant, count(*) filter (where name = $3) as of_name
    from colloquy.api_keys where tenant_id = $1 and revoked_at is null and expires_at > colloquy.now_utc()
  ), first as (
    select principal_id from colloquy.api_keys where tenant_id = $1 and name = $3 order by key_id limit 1
  ), k as (
    insert into colloquy.api_keys (tenant_id, key_id, principal_id, name, secret_hash, scopes, agent_names, created_by, expires_at)
    select $1, $2, coalesce((select principal_id from first), $2), $3, $4, $5, $6, $7,
      colloquy.now_utc() + $8::float8 * interval '1 millisecond'
    from live where of_name < $9 and of_tenant < $10
    returning *
  ), noted as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    values ($1, $11, $12, $13, case when exists (select from k) then $14 else 'refused' end, $15, $16, $17)
  )
  select ${apiKeyColumns} from k`;

/**
 * Adds a key and its audit entry. No row when there are as many live ones as may be; then only the entry is written, as a refusal. Needs the
 * lock of `lockApiKeys` in a statement before it.
 */
export function createApiKey(tenantId: TenantId, key: NewApiKey, entry: NewAuditEntry): Statement<ApiKeyRow> {
  return {
    name: 'create-api-key',
    text,
    values: [
      uuidOf(tenantId),
      key.keyId,
      key.name,
      key.secretHash,
      key.scopes,
      key.agentNames,
      key.createdBy,
      key.lifeMs,
      limits.apiKeysPerNameMax,
      limits.apiKeysPerTenantMax,
      ...auditEntryValues(entry),
    ],
  };
}
