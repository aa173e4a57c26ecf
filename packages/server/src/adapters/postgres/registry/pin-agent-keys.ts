import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

const text = `
  with pinned as (
    update colloquy.agents set pinned_keys = $10
    where tenant_id = $1 and name = $2 and deregistered_at is null
    returning tenant_id, agent_id
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select tenant_id, $3, $4, $5, $6, $7, $8, $9 from pinned
  )
  select agent_id from pinned`;

/** Sets the keys that an agent's endpoint has to show, and writes the audit entry; no row when the tenant has no such agent. */
export function pinAgentKeys(
  tenantId: TenantId,
  name: string,
  keys: readonly string[],
  entry: NewAuditEntry,
): Statement {
  return {
    name: 'pin-agent-keys',
    text,
    values: [uuidOf(tenantId), name, ...auditEntryValues(entry), keys],
  };
}
