import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { Statement } from '../statement.ts';

// Card and instance stay: open tasks are finished with them.
const text = `
  with gone as (
    update colloquy.agents set deregistered_at = colloquy.now_utc()
    where tenant_id = $1 and name = $2 and deregistered_at is null
    returning tenant_id, agent_id
  ), audited as (
    insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
    select tenant_id, $3, $4, $5, $6, $7, $8, $9 from gone
  )
  select agent_id from gone`;

/** Frees the name and writes the audit entry; no row when the tenant has no such agent. */
export function deregisterAgent(tenantId: TenantId, name: string, entry: NewAuditEntry): Statement {
  return {
    name: 'deregister-agent',
    text,
    values: [uuidOf(tenantId), name, ...auditEntryValues(entry)],
  };
}
